package io.culvert.testkit.scenario;

import io.culvert.spi.EncapProvider;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.ArrayList;

/**
 * Reads scenario text: one command of {@code ip -batch} a line, with or without a leading {@code
 * ip}, with comments. The objects are {@code link}, {@code address}, {@code neighbour} and {@code
 * route}; {@code fou} and {@code l2tp} are known and their packets not modelled.
 *
 * <p>All mistakes of a text are reported, each with its line and column and what could have stood
 * there. The device types are those of the providers; another one that {@code ip} knows makes a
 * device that is out of scope.
 */
public final class ScenarioReader {
  private static final List<String> OBJECTS =
      List.of("address", "route", "neighbour", "neighbor", "link", "l2tp", "fou");

  private static final List<String> FAMILIES = List.of("inet", "inet6");

  private final TunnelFactory tunnels;

  /** A reader that knows the device types of these providers. */
  public ScenarioReader(Seq<EncapProvider> providers) {
    tunnels = new TunnelFactory(providers);
  }

  /**
   * Reads a text.
   *
   * @param file its name, for messages
   * @param text the commands
   * @return the router, or all mistakes, at least one
   */
  public Either<Seq<ScenarioError>, Scenario> read(String file, String text) {
    ScenarioBuilder router = new ScenarioBuilder();
    RouteCommand routes = new RouteCommand(router);
    java.util.List<ScenarioError> errors = new ArrayList<>();
    for (List<Token> command : Token.commands(text)) {
      try {
        run(new Words(withoutShell(command)), router, routes);
      } catch (ScenarioMistake mistake) {
        errors.add(mistake.in(file));
      }
    }
    if (errors.isEmpty()) {
      routes.resolve().forEach(mistake -> errors.add(mistake.in(file)));
    }
    return errors.isEmpty() ? Either.right(router.build()) : Either.left(List.ofAll(errors));
  }

  private void run(Words words, ScenarioBuilder router, RouteCommand routes) {
    words.accept("ip");
    options(words);
    switch (words.choose(OBJECTS)) {
      case "link" -> new LinkCommand(router, tunnels).run(words);
      case "address" -> new AddressCommand(router).run(words);
      case "neighbour", "neighbor" -> new NeighbourCommand(router).run(words);
      case "route" -> routes.run(words);
      case "fou" -> fou(words, router);
      default -> words.rest(); // l2tp makes devices elsewhere, which are then unknown here.
    }
    if (!words.isAtEnd()) {
      throw words.unexpected(List.of("end of line"));
    }
  }

  private static void options(Words words) {
    while (words.peek().text().startsWith("-")) {
      Token option = words.take();
      switch (option.text()) {
        case "-4" -> words.family(IpFamily.V4);
        case "-6" -> words.family(IpFamily.V6);
        case "-f", "-family", "--family" ->
            words.family(words.choose(FAMILIES).equals("inet") ? IpFamily.V4 : IpFamily.V6);
        default -> throw Words.mistake(option, List.of("-4", "-6", "-family").appendAll(OBJECTS));
      }
    }
  }

  /** {@code || true} is no part of the language, but of scripts that commands are copied from. */
  private static List<Token> withoutShell(List<Token> command) {
    List<Token> tail = command.takeRight(3);
    return tail.size() == 3 && tail.get(0).text().equals("||") && tail.get(1).text().equals("true")
        ? command.dropRight(3).append(tail.get(2))
        : command;
  }

  private static void fou(Words words, ScenarioBuilder router) {
    words.choose(List.of("add"));
    while (!words.isAtEnd()) {
      if (words.accept("port")) {
        router.udpTunnelPort(words.number(1, 65535));
      } else {
        words.take();
      }
    }
  }
}
