package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An index of few buckets beside a map from key to entry. A key's hash is made of the key, so that
 * keys crowd in the same buckets, some with the same tag.
 */
final class FlowIndexModel {
  static final int BUCKETS = 4;
  static final int KEYS = 64;
  private static final int SLOTS = FlowIndex.SLOTS;

  private final MemorySegment memory = Arena.ofAuto().allocate(64L * (BUCKETS + 2), 64);
  private final Map<Integer, Integer> entryByKey = new HashMap<>();
  private final Map<Integer, Integer> keyByEntry = new HashMap<>();
  private final FlowIndex index = new FlowIndex(memory, 64, BUCKETS, entry -> hash(keyOf(entry)));
  private int nextEntry;

  /** First bucket by the lowest bits of the key, eight tags. */
  static long hash(int key) {
    long bucket = (key & 3L) << 30;
    long tag = ((key >>> 1 & 7) * 0x1234_5677L) & 0xffff_ffffL;
    return tag << 32 | bucket | (key >>> 3 & 7);
  }

  /** By the description: the hash's upper 16 bits, odd. */
  private static int tag(int key) {
    return (int) (hash(key) >>> 48) | 1;
  }

  private int keyOf(int entry) {
    return Objects.requireNonNull(keyByEntry.get(entry));
  }

  void insert(int key) {
    if (entryByKey.containsKey(key)) {
      return;
    }
    int entry = nextEntry++;
    keyByEntry.put(entry, key);
    byte[] before = bytes();
    boolean hasRoom = hasRoom(key);
    assertThat(index.insert(hash(key), entry)).as("insert %d", key).isEqualTo(hasRoom);
    if (hasRoom) {
      entryByKey.put(key, entry);
    } else {
      keyByEntry.remove(entry);
      assertThat(bytes()).as("a refused insert changes nothing").isEqualTo(before);
    }
  }

  void remove(int key) {
    Integer entry = entryByKey.remove(key);
    if (entry != null) {
      index.remove(hash(key), entry);
      byte[] after = bytes();
      index.remove(hash(key), entry); // once more: nothing happens
      assertThat(bytes()).isEqualTo(after);
      keyByEntry.remove(entry);
    }
  }

  void replace(int key) {
    int entry = nextEntry++;
    Integer old = entryByKey.get(key);
    boolean replaced = index.replace(hash(key), old == null ? entry : old, entry);
    assertThat(replaced).isEqualTo(old != null);
    if (old != null) {
      keyByEntry.remove(old);
      keyByEntry.put(entry, key);
      entryByKey.put(key, entry);
    }
  }

  private byte[] bytes() {
    return memory.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  private int number(int bucket, int slot) {
    return memory.get(FlowStore.INT, 64L * (bucket + 1) + 16 + 4L * slot) - 1;
  }

  private int tagIn(int bucket, int slot) {
    return memory.get(FlowStore.SHORT, 64L * (bucket + 1) + 2L * slot) & 0xffff;
  }

  private int displaced(int bucket) {
    return memory.get(FlowStore.INT, 64L * (bucket + 1) + 48);
  }

  private static int first(int key) {
    return (int) FlowIndex.first(hash(key), BUCKETS) / 64;
  }

  private static int second(int key) {
    return (int) FlowIndex.second(hash(key), BUCKETS) / 64;
  }

  private boolean isFull(int bucket) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (number(bucket, slot) < 0) {
        return false;
      }
    }
    return true;
  }

  /** By the description: a free slot, or somebody in their first bucket who can go. */
  private boolean hasRoom(int key) {
    if (!isFull(first(key)) || !isFull(second(key))) {
      return true;
    }
    for (int bucket : new int[] {first(key), second(key)}) {
      for (int slot = 0; slot < SLOTS; slot++) {
        int other = keyOf(number(bucket, slot));
        if (first(other) == bucket && !isFull(second(other))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Every key is found exactly if it is there, by a search that believes the counts. */
  void check() {
    int seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int displaced = 0;
      for (int key : entryByKey.keySet()) {
        displaced += first(key) == bucket && search(second(key), key) >= 0 ? 1 : 0;
      }
      assertThat(displaced(bucket)).as("displaced of bucket %d", bucket).isEqualTo(displaced);
      for (int slot = 0; slot < SLOTS; slot++) {
        seen += number(bucket, slot) >= 0 ? 1 : 0;
        assertThat(tagIn(bucket, slot) == 0).isEqualTo(number(bucket, slot) < 0);
      }
    }
    assertThat(seen).isEqualTo(entryByKey.size());
    for (int key = 0; key < KEYS; key++) {
      int found = search(first(key), key);
      if (found < 0 && displaced(first(key)) != 0) {
        found = search(second(key), key);
      }
      assertThat(found).as("key %d", key).isEqualTo(entryByKey.getOrDefault(key, -1));
    }
    for (int word = 0; word < 8; word++) {
      long beside =
          memory.get(FlowStore.LONG, 8L * word)
              | memory.get(FlowStore.LONG, 64L * (BUCKETS + 1) + 8L * word);
      assertThat(beside).as("memory beside").isZero();
    }
  }

  private int search(int bucket, int key) {
    for (int slot = 0; slot < SLOTS; slot++) {
      int entry = number(bucket, slot);
      if (entry >= 0
          && tagIn(bucket, slot) == tag(key)
          && Integer.valueOf(key).equals(keyByEntry.get(entry))) {
        return entry;
      }
    }
    return -1;
  }

  int size() {
    return entryByKey.size();
  }
}
