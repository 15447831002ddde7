package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.law.TableAction;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates what the laws of the whole table are run on. */
public final class TableCases {
  private TableCases() {}

  /** An action as numbers, of which a router and its flows make what happens. */
  @FunctionalInterface
  private interface Recipe {
    TableAction in(RouterPlan router, Seq<FlowPlan> flows);
  }

  /**
   * Routers with traffic: mostly frames of a few flows, both ways, and between them offers,
   * removals, invalidations, changes of policy, and time.
   *
   * @param registry with a provider that can be stacked
   * @param frames about how many frames
   */
  public static Arbitrary<TableCase> cases(EncapRegistry registry, int frames) {
    Arbitrary<java.util.List<FlowPlan.Recipe>> flows = flows().list().ofMinSize(1).ofMaxSize(4);
    Arbitrary<Offload> modes =
        Arbitraries.frequency(
            Tuple.of(4, Offload.FIRST), Tuple.of(2, Offload.REPLY), Tuple.of(1, Offload.NONE));
    Arbitrary<Boolean> isWarm = Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false));
    Arbitrary<Duration> timeouts =
        Arbitraries.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(30));
    return Once.of(
        Combinators.combine(
                Routers.routers(registry),
                flows,
                modes,
                isWarm,
                timeouts,
                translations(),
                actions().list().ofMinSize(frames / 2).ofMaxSize(frames + frames / 2))
            .as((router, flowRecipes, mode, warm, timeout, translations, recipes) -> {
              List<FlowPlan> flowPlans = List.ofAll(flowRecipes).map(f -> f.in(router));
              Option<NatPlan> nat =
                  Option.when(
                      !translations.isEmpty(),
                      () -> NatPlan.of(router, flowPlans, List.ofAll(translations)));
              List<FlowPlan> plans = nat.map(NatPlan::flows).getOrElse(flowPlans);
              List<Recipe> first = warm ? warmUp(plans.size()) : List.empty();
              Seq<TableAction> actions =
                  first.appendAll(List.ofAll(recipes)).map(r -> r.in(router, plans));
              return new TableCase(
                  router, nat.map(NatPlan::ruleset), plans, mode, timeout, actions);
            }));
  }

  /** None for two routers of five. */
  private static Arbitrary<java.util.List<NatPlan.Recipe>> translations() {
    Arbitrary<NatPlan.Recipe> recipes =
        Combinators.combine(
                Arbitraries.of(NatPlan.Kind.values()),
                Arbitraries.of(true, false),
                Arbitraries.integers().between(0, 2))
            .as(NatPlan.Recipe::new);
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just(java.util.List.of())),
        Tuple.of(3, recipes.list().ofMinSize(1).ofMaxSize(4)));
  }

  /** A clean frame of each direction, twice: afterwards every mode has offered what it offers. */
  private static List<Recipe> warmUp(int flows) {
    List<Recipe> once =
        List.range(0, flows).flatMap(flow -> List.of(frame(flow, false), frame(flow, true)));
    return once.appendAll(once);
  }

  private static Recipe frame(int flow, boolean isReply) {
    return frame(FrameRecipe.clean(flow, isReply));
  }

  private static Recipe frame(FrameRecipe recipe) {
    return (router, flows) -> FrameForge.forge(router, flows, recipe);
  }

  private static Arbitrary<FlowPlan.Recipe> flows() {
    Arbitrary<Boolean> isV6 = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
    return Combinators.combine(
            Arbitraries.integers().between(0, 40),
            Arbitraries.integers().between(0, 40),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(0, 15))),
            isV6,
            Arbitraries.frequency(
                Tuple.of(3, 17), Tuple.of(3, 6), Tuple.of(2, FlowPlan.Recipe.PASSING)),
            Arbitraries.integers().between(0, 8))
        .as(FlowPlan.Recipe::new);
  }

  private static Arbitrary<Recipe> actions() {
    return Arbitraries.frequencyOf(
        Tuple.of(60, Once.of(Frames.recipes().map(TableCases::frame))),
        Tuple.of(2, Once.of(offers())),
        Tuple.of(1, Arbitraries.integers().between(0, 7).map(TableCases::remove)),
        Tuple.of(1, Arbitraries.integers().between(1, 12).map(TableCases::invalidate)),
        Tuple.of(1, Arbitraries.just((_, _) -> new TableAction.PolicyChanged())),
        Tuple.of(1, advances()));
  }

  private static Recipe remove(int flow) {
    return (_, flows) -> {
      FlowPlan plan = flows.get(flow % flows.size());
      FlowTuple tuple = plan.tuple();
      return flow % 2 == 0
          ? new TableAction.Remove(tuple, plan.from().device())
          : new TableAction.Remove(plan.replyTuple(), plan.to().device());
    };
  }

  private static Recipe invalidate(int device) {
    return (_, _) -> new TableAction.Invalidate(device);
  }

  private static Arbitrary<Recipe> advances() {
    return Arbitraries.of(1L, 2L, 900L, 29_000L, 31_000L)
        .map(ms -> (_, _) -> new TableAction.Advance(Duration.ofMillis(ms)));
  }

  /** Offers of either direction, now and then by a device that the flow does not come in by. */
  private static Arbitrary<Recipe> offers() {
    Arbitrary<Integer> device =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(1, 12)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 7), Arbitraries.of(false, true), device)
        .as((flow, isReply, ingress) ->
            (_, flows) -> {
              FlowPlan plan = flows.get(flow % flows.size());
              FlowPlan way = isReply ? plan.reversed() : plan;
              return new TableAction.Offer(
                  new FlowOffer(
                      way.tuple(),
                      way.replyTuple(),
                      ingress == 0 ? way.from().device() : ingress,
                      Duration.ZERO));
            });
  }
}
