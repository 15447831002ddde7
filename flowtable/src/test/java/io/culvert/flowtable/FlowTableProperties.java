package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** Everything that can be done to a table, in any order, against a plain map. */
class FlowTableProperties {
  private static long fast;
  private static long slow;

  @Property(tries = 40)
  void shouldBeThePlainMap(@ForAll("chains") ActionChain<FlowTableMap> chain) {
    FlowTableMap map = chain.withInvariant(FlowTableMap::check).run();
    fast += map.fast();
    slow += map.slow();
  }

  @AfterProperty
  void shouldHaveBeenFastOftenAndSlowToo() {
    assertThat(fast).isGreaterThan(1000);
    assertThat(slow).isGreaterThan(500);
  }

  @Provide
  Arbitrary<ActionChain<FlowTableMap>> chains() {
    return ActionChain.startWith(FlowTableMap::new)
        .withAction(16, offers())
        .withAction(24, packets())
        .withAction(6, flowAction("remove", FlowTableMap::remove))
        .withAction(6, flowAction("FIN", (map, flow, isBack) -> map.edge(flow, isBack, false)))
        .withAction(4, flowAction("SYN", (map, flow, isBack) -> map.edge(flow, isBack, true)))
        .withAction(1, call("policyChanged", FlowTableMap::policyChanged))
        .withAction(1, call("no new flows", map -> map.admission(true)))
        .withAction(2, call("new flows", map -> map.admission(false)))
        .withAction(3, deviceAction("invalidate", FlowTableMap::invalidate))
        .withAction(1, deviceAction("teardown", FlowTableMap::teardown))
        .withAction(2, pathMtus())
        .withAction(6, ticks())
        .withAction(1, call("restart", FlowTableMap::restart))
        .withMaxTransformations(80);
  }

  private static Arbitrary<Integer> flows() {
    return Arbitraries.integers().between(0, FlowTableMap.FLOWS - 1);
  }

  private static Arbitrary<Boolean> either() {
    return Arbitraries.of(true, false);
  }

  private static Action.Independent<FlowTableMap> offers() {
    return () ->
        Combinators.combine(flows(), Arbitraries.integers().between(1, 20), either())
            .as((flow, times, isTurned) ->
                Transformer.mutate(
                    "offer " + times + " from " + flow + (isTurned ? ", turned" : ""),
                    map -> map.offer(flow, times, isTurned)));
  }

  /** Some of each burst hit. */
  private static Action.Independent<FlowTableMap> packets() {
    return () ->
        Combinators.combine(flows().list().ofSize(6), either())
            .as((sent, isBack) ->
                Transformer.mutate(
                    "send " + sent + (isBack ? " back" : ""),
                    map -> sent.forEach(flow -> map.send(flow, isBack))));
  }

  private interface FlowCall {
    void on(FlowTableMap map, int flow, boolean isTurned);
  }

  private static Action.Independent<FlowTableMap> flowAction(String name, FlowCall call) {
    return () ->
        Combinators.combine(flows(), either())
            .as((flow, isTurned) ->
                Transformer.mutate(
                    name + " " + flow + (isTurned ? ", other side" : ""),
                    map -> call.on(map, flow, isTurned)));
  }

  private static Action.Independent<FlowTableMap> deviceAction(
      String name, BiConsumer<FlowTableMap, Integer> call) {
    return () ->
        Arbitraries.of(LAN, WAN, TOY, BARE, 77)
            .map(
                device -> Transformer.mutate(name + " " + device, map -> call.accept(map, device)));
  }

  private static Action.Independent<FlowTableMap> pathMtus() {
    return () ->
        Arbitraries.integers()
            .between(1400, 1500)
            .map(mtu -> Transformer.mutate("path MTU " + mtu, map -> map.pathMtu(mtu)));
  }

  /** Quarters of the timeout: some flows are idle for exactly as long. */
  private static Action.Independent<FlowTableMap> ticks() {
    return () ->
        Arbitraries.of(0, 1, 250, 500, 750, 999, 1000, 1250)
            .map(ms -> Transformer.mutate("tick " + ms + " ms", map -> map.tick(ms)));
  }

  private static Action.Independent<FlowTableMap> call(
      String name, java.util.function.Consumer<FlowTableMap> call) {
    return () -> Arbitraries.just(Transformer.mutate(name, call));
  }
}
