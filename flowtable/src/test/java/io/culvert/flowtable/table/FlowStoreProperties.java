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

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> chains4() {
    return Arbitraries.longs().flatMap(seed -> chains(Hashing.random(new Random(seed)), 0, 4));
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> chains6() {
    return Arbitraries.longs().flatMap(seed -> chains(Hashing.random(new Random(seed)), 1, 4));
  }

  @Provide
  Arbitrary<ActionChain<FlowStoreModel>> colliding() {
    return Arbitraries.integers()
        .between(0, 1)
        .flatMap(family -> chains(Collisions.HASHING, family, 16));
  }

  private static Arbitrary<ActionChain<FlowStoreModel>> chains(
      Hashing hashing, int family, int flows) {
    return ActionChain.startWith(() ->
            new FlowStoreModel(FlowStore.pair(hashing, flows, flows)[family], family == 0 ? 1 : 4))
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
