package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.StackLayer;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
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

  /** Of so many devices some cannot lie on those before them, and are left out. */
  private static final int MOST_CANDIDATES = 14;

  private Stacks() {}

  /** True if the flow table can have such a device. */
  public static boolean canStack(EncapProvider provider, Sample sample) {
    return StackLayer.of(provider, sample.settings()).isDefined();
  }

  /** The samples of all accepted providers that can be layers of a stack. */
  public static Seq<Sample> samples(EncapRegistry registry) {
    return providers(registry).flatMap(p -> p.samples().filter(s -> canStack(p, s)));
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
    Seq<EncapProvider> able =
        providers(registry).filter(p -> p.samples().exists(s -> canStack(p, s)));
    if (able.isEmpty()) {
      throw new IllegalArgumentException("stacks: no provider of the registry can be stacked");
    }
    return Arbitraries.of(able.asJava()).flatMap(Stacks::layersOf);
  }

  private static Arbitrary<StackLayer> layersOf(EncapProvider provider) {
    Seq<Sample> samples = provider.samples().filter(sample -> canStack(provider, sample));
    return Combinators.combine(SettingsArbitraries.near(provider, samples), outerFields())
        .as((sample, fields) -> {
          Settings base = sample.settings().without("dev");
          Settings varied = fields.in(base, word -> has(provider, base, word));
          return StackLayer.of(provider, varied)
              .orElse(() -> StackLayer.of(provider, base))
              .getOrElse(() -> samples
                  .flatMap(s -> StackLayer.of(provider, s.settings().without("dev")))
                  .head());
        });
  }

  /** True if the type of these settings has an attribute of this name. */
  private static boolean has(EncapProvider provider, Settings settings, String word) {
    return provider
        .linkTypes()
        .exists(t -> t.name().equals(settings.linkType()) && t.attribute(word).isDefined());
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
      return has.test("nopmtudisc")
          ? varied.without("ttl").with("pmtudisc", pmtudisc)
          : varied;
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

  /** One to eight devices over each other, in any order that makes sense. */
  public static Arbitrary<TunnelStack> stacks(EncapRegistry registry) {
    Arbitrary<Integer> most = Arbitraries.integers().between(1, MOST_LAYERS);
    return Combinators.combine(
            layers(registry).list().ofMinSize(1).ofMaxSize(MOST_CANDIDATES), most)
        .as((candidates, depth) -> TunnelStack.of(over(List.ofAll(candidates)).take(depth)));
  }

  /** The candidates that can lie on each other, in their order, the first one always. */
  static Seq<StackLayer> over(Seq<StackLayer> candidates) {
    return candidates.foldLeft(
        List.<StackLayer>empty(),
        (stack, layer) ->
            stack.isEmpty() || layer.canLieOn(stack.last()) ? stack.append(layer) : stack);
  }

  /** True if a device carries packets of a family. */
  static boolean carries(Option<StackLayer> layer, IpFamily family) {
    return layer.forAll(l -> l.carried().contains(family));
  }
}
