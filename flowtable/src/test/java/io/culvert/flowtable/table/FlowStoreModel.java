package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A store beside a plain map from key to entry number. Keys come from a small universe, numbered,
 * so that the whole map can be compared after every step.
 */
final class FlowStoreModel {
  static final int KEYS = 24;

  private final FlowStore store;
  private final int addressWords;
  private final Map<Integer, Integer> entryByKey = new HashMap<>();
  private final Set<Integer> pairs = new HashSet<>();
  private int grown;

  FlowStoreModel(FlowStore store, int addressWords) {
    this.store = store;
    this.addressWords = addressWords;
  }

  private long[] addresses(int key) {
    // The same first address word for keys that differ in ports or encap only.
    return LongStream.range(0, addressWords).map(word -> (key / 4 + 1L) << (8 * word)).toArray();
  }

  private static long ports(int key) {
    return key % 2;
  }

  private static long encap(int key) {
    return key / 2 % 2;
  }

  /** Inserts both directions of a flow as the control path does. */
  void insert(int original, int reply) {
    if (original == reply || entryByKey.containsKey(original) || entryByKey.containsKey(reply)) {
      return;
    }
    int pair = allocate();
    if (pairs.size() == store.capacity()) {
      assertThat(pair).isEqualTo(-1);
      return;
    }
    assertThat(pair).isBetween(0, store.capacity() - 1);
    assertThat(pairs).doesNotContain(pair);
    pairs.add(pair);
    write(pair, original, reply);
    if (store.publish(2 * pair) && store.publish(2 * pair + 1)) {
      entryByKey.put(original, 2 * pair);
      entryByKey.put(reply, 2 * pair + 1);
    } else {
      // Only where all hashes are the same; then nothing of the flow stays.
      assertThat(entryByKey.size()).isGreaterThanOrEqualTo(FlowIndex.WAYS - 1);
      free(pair);
    }
  }

  /** Makes room first, as the control path does. Nobody reads, so nobody is waited for. */
  private int allocate() {
    store.grow(pairs::contains, () -> grown++);
    return store.allocatePair();
  }

  private void write(int pair, int original, int reply) {
    int[] keys = {original, reply};
    for (int direction = 0; direction < 2; direction++) {
      int key = keys[direction];
      store.writeKey(2 * pair + direction, addresses(key), ports(key), encap(key));
    }
  }

  private void free(int pair) {
    store.unpublish(2 * pair);
    store.unpublish(2 * pair + 1);
    store.unpublish(2 * pair + 1); // once more: nothing happens
    store.freePair(pair);
    pairs.remove(pair);
  }

  /** Puts the flow that holds a key into another pair, in place. */
  void refresh(int key) {
    Integer entry = entryByKey.get(key);
    if (entry == null || pairs.size() == store.capacity()) {
      return;
    }
    int pair = allocate();
    int old = entry >>> 1;
    int[] keys = new int[2];
    entryByKey.forEach((k, e) -> keys[e & 1] = e >>> 1 == old ? k : keys[e & 1]);
    write(pair, keys[0], keys[1]);
    for (int direction = 0; direction < 2; direction++) {
      assertThat(store.replace(2 * old + direction, 2 * pair + direction)).isTrue();
      assertThat(store.replace(2 * old + direction, 2 * pair + direction)).isFalse();
      entryByKey.put(keys[direction], 2 * pair + direction);
    }
    store.freePair(old);
    pairs.remove(old);
    pairs.add(pair);
  }

  /** Removes the flow that holds a key, if one does. */
  void remove(int key) {
    Integer entry = entryByKey.get(key);
    if (entry == null) {
      return;
    }
    int pair = entry >>> 1;
    free(pair);
    entryByKey.values().removeIf(gone -> gone >>> 1 == pair);
  }

  /** Every key of the universe is found exactly if the map has it. */
  void check() {
    assertThat(store.size()).isEqualTo(pairs.size());
    for (int key = 0; key < KEYS; key++) {
      assertThat(store.find(addresses(key), ports(key), encap(key)))
          .as("key %d", key)
          .isEqualTo(entryByKey.getOrDefault(key, -1));
    }
    List<Integer> indexed = new ArrayList<>();
    for (int slot = 0; slot < FlowIndex.SLOTS * IndexView.buckets(store.view()); slot++) {
      long bucket = IndexView.base(store.view()) + 64L * (slot / 8);
      int number = store.index().get(FlowStore.INT, bucket + 16 + 4L * (slot % 8));
      if (number != 0) {
        indexed.add(number - 1);
      }
    }
    assertThat(indexed).containsExactlyInAnyOrderElementsOf(entryByKey.values());
  }

  /** How often room was doubled. */
  int grown() {
    return grown;
  }
}
