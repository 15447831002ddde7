package io.culvert.flowtable.table;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import net.jqwik.api.statistics.Statistics;

/** The store does what a map does, whatever the order of inserts and removals. */
class FlowStoreProperties {

  @Property(tries = 400)
  void shouldBehaveAsAMapForIpv4(@ForAll("chains4") ActionChain<FlowStoreModel> chain) {
    chain.withInvariant(FlowStoreModel::check).run();
  }

  @Property(tries = 400)
  void shouldBehaveAsAMapForIpv6(@ForAll("chains6") ActionChain<FlowStoreModel> chain) {
    chain.withInvariant(FlowStoreModel::check).run();
  }

  /** All keys have the same buckets and tag: the table is full before its entries are. */
  @Property(tries = 400)
  void shouldBehaveAsAMapWhenHashesCollide(@ForAll("colliding") ActionChain<FlowStoreModel> chain) {
    chain.withInvariant(FlowStoreModel::check).run();
  }

  /** From room for one or two flows to room for all: nothing gets lost on the way. */
  @Property(tries = 400)
  void shouldBehaveAsAMapWhileItGrows(@ForAll("growing") ActionChain<FlowStoreModel> chain) {
    FlowStoreModel model = chain.withInvariant(FlowStoreModel::check).run();
    Statistics.collect(model.grown());
    Statistics.coverage(coverage -> {
      coverage.check(0).percentage(share -> share < 40);
      coverage.check(3).percentage(share -> share > 5);
    });
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> chains4() {
    return chains(0, Room.fixed(4));
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> chains6() {
    return chains(1, Room.fixed(4));
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> growing() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1), Arbitraries.integers().between(1, 2))
        .as((family, first) -> chains(family, new Room(first, 16)))
        .flatMap(chains -> chains);
  }

  private static Arbitrary<ActionChain<FlowStoreModel>> chains(int family, Room room) {
    return Arbitraries.longs()
        .flatMap(seed -> chains(Hashing.random(new Random(seed)), family, room));
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> colliding() {
    return Arbitraries.integers()
        .between(0, 1)
        .flatMap(family -> chains(Collisions.HASHING, family, Room.fixed(16)));
  }

  private static Arbitrary<ActionChain<FlowStoreModel>> chains(
      Hashing hashing, int family, Room room) {
    return ActionChain.startWith(() ->
            new FlowStoreModel(
                FlowStore.pair(hashing, room, room, NativeMemory.whole())[family],
                family == 0 ? 1 : 4))
        .withAction(3, insert())
        .withAction(1, remove())
        .withAction(1, refresh())
        .withMaxTransformations(60);
  }

  private static Arbitrary<Integer> keys() {
    return Arbitraries.integers().between(0, FlowStoreModel.KEYS - 1);
  }

  private static Action.Independent<FlowStoreModel> insert() {
    return () ->
        Combinators.combine(keys(), keys())
            .as((original, reply) ->
                Transformer.mutate(
                    "insert " + original + " and " + reply,
                    model -> model.insert(original, reply)));
  }

  private static Action.Independent<FlowStoreModel> remove() {
    return () -> keys().map(key -> Transformer.mutate("remove " + key, model -> model.remove(key)));
  }

  private static Action.Independent<FlowStoreModel> refresh() {
    return () ->
        keys().map(key -> Transformer.mutate("refresh " + key, model -> model.refresh(key)));
  }
}
