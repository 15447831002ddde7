package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.Attribute;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.Relay;
import io.culvert.testkit.law.StackLayer;
import io.culvert.testkit.law.StackLimits;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates stacks of the virtual devices that a registry's providers make. */
public final class Stacks {
  /** Most layers of a stack. */
  public static final int MOST_LAYERS = 8;

  private static final int MOST_RELAYED = 4;

  /** Of so many devices some cannot lie on those before them, and are left out. */
  private static final int MOST_CANDIDATES = 14;

  private Stacks() {}

  /** The samples of all accepted providers that can be layers of a stack. */
  public static Seq<Sample> samples(EncapRegistry registry) {
    return providers(registry).flatMap(provider -> samples(provider, registry));
  }

  private static Seq<Sample> samples(EncapProvider provider, EncapRegistry registry) {
    return provider
        .samples()
        .filter(sample ->
            StackLayer.of(provider, sample.settings())
                .exists(
                    layer -> StackLimits.of(TunnelStack.of(List.of(layer)), registry).isEmpty()));
  }

  private static Seq<EncapProvider> providers(EncapRegistry registry) {
    return List.ofAll(registry.providers()).map(Guarded::provider);
  }

  /**
   * Devices without their place, of any provider that can be stacked; those of the outer header
   * that a link type knows are varied at any rate.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Arbitrary<StackLayer> layers(EncapRegistry registry) {
    Seq<EncapProvider> able = providers(registry).filter(p -> samples(p, registry).nonEmpty());
    if (able.isEmpty()) {
      throw new IllegalArgumentException("stacks: no provider of the registry can be stacked");
    }
    return Arbitraries.of(able.map(p -> layersOf(p, samples(p, registry))).asJava())
        .flatMap(layers -> layers);
  }

  private static Arbitrary<StackLayer> layersOf(EncapProvider provider, Seq<Sample> samples) {
    Map<String, Seq<Attribute.Number>> telling =
        samples
            .groupBy(sample -> sample.settings().linkType())
            .mapValues(of -> telling(provider, of.head()));
    return Once.of(
        Combinators.combine(
                SettingsArbitraries.near(provider, samples),
                Once.of(outerFields()),
                Arbitraries.longs().between(0, Integer.MAX_VALUE))
            .as((sample, fields, identity) -> {
              Settings base =
                  identified(
                      sample.settings().without("dev"),
                      telling.get(sample.settings().linkType()).get(),
                      identity);
              Settings varied = fields.in(base, word -> has(provider, base, word));
              return StackLayer.of(provider, varied)
                  .orElse(() -> StackLayer.of(provider, base))
                  .getOrElse(() ->
                      samples
                          .flatMap(s -> StackLayer.of(provider, s.settings().without("dev")))
                          .head());
            }));
  }

  /** The numbers that tell a device's packets from those of others like it. */
  private static Seq<Attribute.Number> telling(EncapProvider provider, Sample sample) {
    return provider
        .linkTypes()
        .filter(type -> type.name().equals(sample.settings().linkType()))
        .flatMap(LinkType::attributes)
        .filter(Attribute.Number.class::isInstance)
        .map(Attribute.Number.class::cast)
        .filter(number -> sample.settings().number(number.field()).isDefined())
        .filter(number -> {
          Settings other = sample.settings().with(number.field(), number.most());
          return !words(provider, other, sample.inner())
              .equals(words(provider, sample.settings(), sample.inner()));
        });
  }

  private static Option<Seq<Long>> words(
      EncapProvider provider, Settings settings, InnerType inner) {
    return provider
        .tuple(settings, inner, Direction.TRANSMIT)
        .fold(_ -> Option.none(), tuple -> Option.some(tuple.words()));
  }

  /** With other numbers of that kind, where there are some: few devices are to be twins. */
  private static Settings identified(
      Settings settings, Seq<Attribute.Number> telling, long identity) {
    return telling.foldLeft(
        settings,
        (changed, number) -> {
          long span = number.most() - number.least() + 1;
          boolean isSet = changed.number(number.field()).isDefined();
          return isSet ? changed.with(number.field(), number.least() + identity % span) : changed;
        });
  }

  /** True if the type of these settings has this word; an alias is none. */
  private static boolean has(EncapProvider provider, Settings settings, String word) {
    return provider
        .linkTypes()
        .exists(t ->
            t.name().equals(settings.linkType())
                && t.attributes().exists(a -> a.word().equals(word)));
  }

  /** Fields of the outer header, as numbers; negative ones mean {@code inherit}. */
  private record OuterFields(int ttl, int tos, boolean pmtudisc, String ecn, int label) {
    Settings in(Settings base, java.util.function.Predicate<String> has) {
      Settings varied = base;
      for (String word : List.of("tos", "tclass")) {
        if (has.test(word) && tos != 0) {
          varied = tos < 0 ? varied.with(word, "inherit") : varied.with(word, tos);
        }
      }
      if (has.test("ecn") && !ecn.isEmpty()) {
        varied = varied.with("ecn", ecn);
      }
      if (has.test("flowlabel") && label != 0) {
        varied = label < 0 ? varied.with("flowlabel", "inherit") : varied.with("flowlabel", label);
      }
      if (has.test("hoplimit") && ttl != 0) {
        varied = varied.with("hoplimit", ttl);
      }
      if (has.test("ttl") && ttl != 0) {
        // A fixed TTL forbids nopmtudisc.
        return varied.with("ttl", ttl).without("pmtudisc").without("ignore-df");
      }
      return has.test("nopmtudisc") ? varied.without("ttl").with("pmtudisc", pmtudisc) : varied;
    }
  }

  private static Arbitrary<OuterFields> outerFields() {
    Arbitrary<Integer> ttls =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(0)),
            Tuple.of(1, Arbitraries.of(64, 255, 1)),
            Tuple.of(1, Arbitraries.integers().between(1, 255)));
    Arbitrary<Integer> tos =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0)),
            Tuple.of(3, Arbitraries.of(-1, 1)),
            Tuple.of(2, Arbitraries.integers().between(1, 255)));
    Arbitrary<Integer> labels =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)),
            Tuple.of(1, Arbitraries.just(-1)),
            Tuple.of(1, Arbitraries.integers().between(1, 0xfffff)));
    return Combinators.combine(
            ttls,
            tos,
            Arbitraries.of(true, false),
            Arbitraries.of("", "rfc3168", "rfc6040", "compatibility"),
            labels)
        .as(OuterFields::new);
  }

  /** One to eight devices over each other, in any order that makes sense and a table can have. */
  public static Arbitrary<TunnelStack> stacks(EncapRegistry registry) {
    return Once.of(anyStacks(registry).map(stack -> within(stack, registry)));
  }

  /** One to eight devices over each other, also such that are more than a table can have. */
  public static Arbitrary<TunnelStack> anyStacks(EncapRegistry registry) {
    Arbitrary<Integer> most = Arbitraries.integers().between(1, MOST_LAYERS);
    return Once.of(
        Combinators.combine(layers(registry).list().ofMinSize(1).ofMaxSize(MOST_CANDIDATES), most)
            .as((candidates, depth) -> TunnelStack.of(over(List.ofAll(candidates)).take(depth))));
  }

  /** Two stacks with a router in the middle, of four layers at most each. */
  public static Arbitrary<Relay> relays(EncapRegistry registry) {
    Arbitrary<TunnelStack> few =
        Once.of(
            stacks(registry).map(stack -> stack.part(0, Math.min(stack.depth(), MOST_RELAYED))));
    return Once.of(Combinators.combine(few, few).as(Relay::of));
  }

  /** As many layers as a table can have. */
  private static TunnelStack within(TunnelStack stack, EncapRegistry registry) {
    return stack.depth() == 0 || StackLimits.of(stack, registry).isEmpty()
        ? stack
        : within(stack.part(0, stack.depth() - 1), registry);
  }

  /** The candidates that can lie on each other, in their order, the first one always. */
  static Seq<StackLayer> over(Seq<StackLayer> candidates) {
    return candidates.foldLeft(
        List.<StackLayer>empty(),
        (stack, layer) ->
            stack.isEmpty() || (layer.canLieOn(stack.last()) && isNew(layer, stack))
                ? stack.append(layer)
                : stack);
  }

  /** False if the kernel would not make a device because of another one. */
  private static boolean isNew(StackLayer layer, Seq<StackLayer> others) {
    return layer.socket().isEmpty()
        || !others.exists(other -> other.socket().equals(layer.socket()));
  }

  /** True if a device carries packets of a family. */
  static boolean carries(Option<StackLayer> layer, IpFamily family) {
    return layer.forAll(l -> l.carried().contains(family));
  }
}
