package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** The index against a map, crowded and full. */
class FlowIndexProperties {

  @Property(tries = 300)
  void shouldBehaveAsAMapWhenBucketsAreFullAndKeysMove(
      @ForAll("chains") ActionChain<FlowIndexModel> chain) {
    chain.withInvariant(FlowIndexModel::check).run();
  }

  @Provide
  Arbitrary<ActionChain<FlowIndexModel>> chains() {
    return ActionChain.startWith(FlowIndexModel::new)
        .withAction(6, insert())
        .withAction(2, action("remove", FlowIndexModel::remove))
        .withAction(1, action("replace", FlowIndexModel::replace))
        .withMaxTransformations(120);
  }

  private static Action.Independent<FlowIndexModel> insert() {
    // Several at once: most chains get to full buckets.
    return () ->
        keys()
            .list()
            .ofSize(4)
            .map(
                keys -> Transformer.mutate("insert " + keys, model -> keys.forEach(model::insert)));
  }

  private static Action.Independent<FlowIndexModel> action(
      String name, java.util.function.BiConsumer<FlowIndexModel, Integer> run) {
    return () ->
        keys().map(key -> Transformer.mutate(name + " " + key, model -> run.accept(model, key)));
  }

  private static Arbitrary<Integer> keys() {
    return Arbitraries.integers().between(0, FlowIndexModel.KEYS - 1);
  }

  /**
   * As many entries as the capacity says find room, and do so when keys have come and gone for a
   * long time. Fails by chance less than once in a million runs.
   */
  @Property(tries = 20)
  void shouldHaveRoomForTheWholeCapacityWhateverCameAndWent(
      @ForAll @IntRange(min = 1, max = 14) int log, @ForAll Random random) {
    int entries = 1 << log;
    SplittableRandom hashes = new SplittableRandom(random.nextLong());
    int buckets = FlowIndex.bucketsFor(entries);
    MemorySegment memory = Arena.ofAuto().allocate((long) buckets * FlowIndex.BUCKET, 64);
    long[] hash = new long[entries];
    FlowIndex index = new FlowIndex(memory, 0, buckets, entry -> hash[entry]);
    for (int entry = 0; entry < entries; entry++) {
      hash[entry] = hashes.nextLong();
      assertThat(index.insert(hash[entry], entry)).isTrue();
    }
    for (int turn = 0; turn < 4 * entries; turn++) {
      int entry = hashes.nextInt(entries);
      index.remove(hash[entry], entry);
      hash[entry] = hashes.nextLong();
      assertThat(index.insert(hash[entry], entry)).isTrue();
    }
    for (int entry = 0; entry < entries; entry++) {
      assertThat(search(index, hash[entry], entry)).isTrue();
    }
  }

  /** Others may have the same tag, but not many. */
  private static boolean search(FlowIndex index, long hash, int entry) {
    int way = index.next(hash, 0);
    while (way < FlowIndex.WAYS && index.entryAt(hash, way) != entry) {
      way = index.next(hash, way + 1);
    }
    return way < FlowIndex.WAYS;
  }

  /** A key's two buckets and its slots are where the packet path's arithmetic says. */
  @Property
  void shouldGiveEachHashTwoBucketsInRange(
      @ForAll long hash, @ForAll @IntRange(min = 2, max = 1 << 27) int buckets) {
    long first = FlowIndex.first(hash, buckets);
    long second = FlowIndex.second(hash, buckets);
    assertThat(first).isBetween(0L, 64L * (buckets - 1)).isNotEqualTo(second);
    assertThat(second).isBetween(0L, 64L * (buckets - 1));
    assertThat((first | second) % 64).isZero();
  }

  /** The search of all tags at once finds those that a loop finds, and the first one first. */
  @Property
  void shouldFindTheSlotsThatHaveATag(
      @ForAll("tags") short[] slots, @ForAll("tags") short[] wanted) {
    long hash = (long) wanted[0] << 48;
    short tag = (short) (wanted[0] | 1);
    long lower = 0;
    long upper = 0;
    Set<Integer> having = new TreeSet<>();
    for (int slot = 0; slot < 8; slot++) {
      long bits = slots[slot] & 0xffffL;
      lower |= slot < 4 ? bits << (16 * slot) : 0;
      upper |= slot < 4 ? 0 : bits << (16 * (slot - 4));
      if (slots[slot] == tag) {
        having.add(slot);
      }
    }
    Set<Integer> found = new TreeSet<>();
    long left = FlowIndex.candidates(lower, upper, FlowIndex.tags(hash));
    int first = left == 0 ? -1 : FlowIndex.slot(left);
    for (; left != 0; left &= left - 1) {
      found.add(FlowIndex.slot(left));
    }
    assertThat(found).containsAll(having);
    assertThat(having.isEmpty()).isEqualTo(first < 0);
    assertThat(having.isEmpty() || having.contains(first)).isTrue();
  }

  /** Few different ones, with neighbours by one bit: what a borrow would take for a hit. */
  @Provide
  Arbitrary<short[]> tags() {
    return Arbitraries.of(
            (short) 0, (short) 1, (short) 3, (short) 0x8001, (short) 0x8000, (short) -1)
        .array(short[].class)
        .ofSize(8);
  }
}
