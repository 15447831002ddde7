package io.culvert.bench.classic;

/**
 * From a {@code long} key to a {@code long} value by open addressing, at most half full: the
 * neighbour table and the tunnels by their two ends. Built once, then only read.
 */
final class LongTable {
  /** What a lookup gives for a key that is not there. */
  static final long ABSENT = -1;

  private final long[] entries;
  private final int mask;

  /** Room for {@code most} keys. */
  LongTable(int most) {
    int slots = Integer.highestOneBit(Math.max(most, 4) * 2 - 1) * 2;
    entries = new long[2 * slots];
    mask = slots - 1;
    for (int at = 1; at < entries.length; at += 2) {
      entries[at] = ABSENT;
    }
  }

  void put(long key, long value) {
    int slot = slot(key);
    while (entries[2 * slot + 1] != ABSENT && entries[2 * slot] != key) {
      slot = (slot + 1) & mask;
    }
    entries[2 * slot] = key;
    entries[2 * slot + 1] = value;
  }

  long get(long key) {
    long[] table = entries;
    int slot = slot(key);
    while (table[2 * slot] != key && table[2 * slot + 1] != ABSENT) {
      slot = (slot + 1) & mask;
    }
    return table[2 * slot + 1];
  }

  private int slot(long key) {
    return (int) ((key * 0x9e3779b97f4a7c15L) >>> 40) & mask;
  }
}
