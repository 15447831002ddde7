package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Settings;
import io.culvert.testkit.gen.RouterPlan.Kind;
import io.vavr.collection.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates routers with tunnels of a registry's providers. */
public final class Routers {
  private static final int MOST_TUNNELS = 9;

  private Routers() {}

  /**
   * Routers of every {@link Kind}: two or three ports, tunnels with every setting, MTUs that differ
   * by a little or by much, longest-prefix, blackhole and default routes.
   *
   * @param registry with a provider that can be stacked
   */
  public static Arbitrary<RouterPlan> routers(EncapRegistry registry) {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(1, Kind.PLAIN),
            Tuple.of(4, Kind.TUNNEL),
            Tuple.of(2, Kind.SIDE_BY_SIDE),
            Tuple.of(2, Kind.SAME_REMOTE),
            Tuple.of(1, Kind.SAME_ENDS),
            Tuple.of(3, Kind.NESTED),
            Tuple.of(2, Kind.DEEP));
    Arbitrary<java.util.List<Integer>> mtus =
        Arbitraries.frequency(
                Tuple.of(8, 1500),
                Tuple.of(1, 1499),
                Tuple.of(1, 1280),
                Tuple.of(1, 9000),
                Tuple.of(1, 800))
            .list()
            .ofMinSize(2)
            .ofMaxSize(3);
    Arbitrary<Integer> counts = Arbitraries.integers().between(0, 5);
    return Once.of(
        Combinators.combine(
                kinds, mtus, counts, tunnels(registry).list().ofSize(MOST_TUNNELS), extras())
            .as((kind, ports, count, tunnels, extras) ->
                new RouterCompiler(registry)
                    .compile(
                        kind,
                        List.ofAll(ports),
                        List.ofAll(tunnels).take(tunnels(kind, count, ports.size())),
                        extras)));
  }

  private static int tunnels(Kind kind, int count, int ports) {
    return switch (kind) {
      case PLAIN -> 0;
      case TUNNEL -> 1;
      case SIDE_BY_SIDE -> 2 + count % 3;
      case SAME_REMOTE -> 2 + count % 2;
      case SAME_ENDS -> ports == 2 ? 2 : 2 + count % 2;
      case NESTED -> 2 + count % 2;
      case DEEP -> 4 + count;
    };
  }

  /** Tunnels of any provider that can be stacked, with any settings. */
  private static Arbitrary<TunnelPlan> tunnels(EncapRegistry registry) {
    Arbitrary<Integer> mtuChange =
        Arbitraries.frequency(
            Tuple.of(6, 0), Tuple.of(1, 20), Tuple.of(1, 1), Tuple.of(1, -1), Tuple.of(1, -200));
    Arbitrary<Boolean> rarely = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
    Arbitrary<Integer> routeMtu =
        Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(1, 1), Tuple.of(1, 100), Tuple.of(1, -30));
    Arbitrary<TunnelPlan.Lie> lies =
        Combinators.combine(mtuChange, rarely, rarely, routeMtu).as(TunnelPlan.Lie::new);
    return Combinators.combine(Stacks.layers(registry), lies)
        .as((layer, lie) ->
            new TunnelPlan(
                layer, layer.outer().isDefined() && has(registry, layer.settings(), "dev"), lie));
  }

  /** True if the type of these settings has an attribute of this name. */
  private static boolean has(EncapRegistry registry, Settings settings, String word) {
    return registry
        .providerOf(settings.linkType())
        .exists(p ->
            p.provider()
                .linkTypes()
                .exists(
                    t -> t.name().equals(settings.linkType()) && t.attribute(word).isDefined()));
  }

  private static Arbitrary<RouterCompiler.Extras> extras() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 3),
            Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(1, 100), Tuple.of(1, 1)),
            Arbitraries.frequencyOf(
                Tuple.of(15, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 7))))
        .as(RouterCompiler.Extras::new);
  }
}
