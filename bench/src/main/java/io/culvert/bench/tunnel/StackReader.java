package io.culvert.bench.tunnel;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * Reads a stack: what stands behind {@code type} in {@code ip link add}, a layer, outermost first,
 * with slashes between them.
 */
public final class StackReader {
  private static final String SLASH = "/";

  private final EncapRegistry registry;

  /** A reader that knows the link types of these providers. */
  public StackReader(EncapRegistry registry) {
    this.registry = registry;
  }

  private record Part(String words, int column) {
    /** Where its first word begins, from 1. */
    int firstWord() {
      return column + 1 + words.length() - words.stripLeading().length();
    }
  }

  /**
   * Reads a stack.
   *
   * @param text such as {@code vlan id 100 / ipip local 192.0.2.1 remote 192.0.2.2}
   * @param to destination of the frames made, if it is given
   * @param from source of the frames made, if it is given
   * @return what puts it on, or all mistakes, with columns of the text
   */
  public Either<Seq<String>, Wrapper> read(
      String text, Option<MacAddress> to, Option<MacAddress> from) {
    Seq<Part> parts = parts(text);
    StringBuilder commands = new StringBuilder("link set w0 address 02:00:00:00:00:01 up\n");
    int number = 0;
    List<Integer> shifts = List.of(0);
    for (Part part : parts) {
      // Which device is below changes no header, so that a mistake in one layer stays one mistake.
      String start = "link add link w0 name w" + ++number + " type ";
      shifts = shifts.append(part.column() - start.length());
      commands.append(start).append(part.words()).append('\n');
    }
    List<Integer> columns = shifts;
    return new ScenarioReader(registry.providers().map(Guarded::provider))
        .read("", commands.toString())
        .mapLeft(errors -> errors.map(error -> message(error, columns)))
        .flatMap(scenario -> layers(scenario, parts))
        .map(layers -> new Wrapper(layers, to, from));
  }

  /** The parts between slashes that stand alone; a prefix's slash does not. */
  private static Seq<Part> parts(String text) {
    List<Part> parts = List.empty();
    int start = 0;
    int at = 0;
    for (String word : text.split("(?<=\\s)|(?=\\s)", -1)) {
      if (word.equals(SLASH)) {
        parts = parts.append(new Part(text.substring(start, at), start));
        start = at + 1;
      }
      at += word.length();
    }
    return parts.append(new Part(text.substring(start), start));
  }

  private static String message(ScenarioError error, Seq<Integer> columns) {
    int column = error.column() + columns.get(error.line() - 1);
    String placed =
        new ScenarioError("", error.line(), column, error.found(), error.expected()).message();
    return "column " + column + placed.substring(placed.indexOf(": "));
  }

  private Either<Seq<String>, Seq<WrapLayer>> layers(Scenario scenario, Seq<Part> parts) {
    List<WrapLayer> layers = List.empty();
    List<String> mistakes = List.empty();
    for (int i = 0; i < parts.size(); i++) {
      ScenarioDevice device = scenario.device("w" + (i + 1)).get();
      if (device.kind() == ScenarioDevice.Kind.VIRTUAL) {
        layers = layers.append(layer(device.settings()));
      } else {
        mistakes = mistakes.append("column " + parts.get(i).firstWord() + ": " + device.why());
      }
    }
    if (mistakes.isEmpty()) {
      mistakes =
          layers
              .zip(layers.drop(1))
              .map(pair -> pair._1.refusalOf(pair._2))
              .filter(why -> !why.isEmpty());
    }
    return mistakes.isEmpty() ? Either.right(layers) : Either.left(mistakes);
  }

  private WrapLayer layer(Settings settings) {
    Guarded provider = registry.providerOf(settings.linkType()).get();
    LinkType type =
        provider.linkTypes().get().find(t -> t.name().equals(settings.linkType())).get();
    return new WrapLayer(provider, type, settings);
  }
}
