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
    int pair = store.allocatePair();
    if (pairs.size() == store.capacity()) {
      assertThat(pair).isEqualTo(-1);
      return;
    }
    assertThat(pair).isBetween(0, store.capacity() - 1);
    assertThat(pairs).doesNotContain(pair);
    int[] keys = {original, reply};
    for (int direction = 0; direction < 2; direction++) {
      int entry = 2 * pair + direction;
      int key = keys[direction];
      store.writeKey(entry, addresses(key), ports(key), encap(key));
      assertThat(store.publish(entry)).isTrue();
      entryByKey.put(key, entry);
    }
    pairs.add(pair);
  }

  /** Removes the flow that holds a key, if one does. */
  void remove(int key) {
    Integer entry = entryByKey.get(key);
    if (entry == null) {
      return;
    }
    int pair = entry >>> 1;
    store.unpublish(2 * pair);
    store.unpublish(2 * pair + 1);
    store.unpublish(2 * pair + 1); // once more: nothing happens
    store.freePair(pair);
    pairs.remove(pair);
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
    for (int slot = 0; slot <= store.mask(); slot++) {
      long value = store.index().get(FlowStore.LONG, store.indexBase() + 8L * slot);
      if (value != 0) {
        indexed.add((int) value - 1);
      }
    }
    assertThat(indexed).containsExactlyInAnyOrderElementsOf(entryByKey.values());
  }
}
