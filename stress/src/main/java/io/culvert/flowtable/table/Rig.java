package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A small index with its entries, and the look-up as the packet path does it: the same reads and
 * fences in the same order as {@code LookupStage}, which needs a whole pipeline around it.
 */
final class Rig {
  static final int BUCKETS = 4;

  /** An entry: key, template, MTU. */
  private static final int STRIDE = 3;

  static final long KEY_A = key(0, 2, 1);
  static final long KEY_B = key(0, 3, 3);

  private final long[] entries = new long[STRIDE * 32];
  private final MemorySegment memory =
      MemorySegment.ofArray(new long[FlowIndex.BUCKET / 8 * BUCKETS]);
  final FlowIndex index = new FlowIndex(memory, 0, BUCKETS, entry -> entries[STRIDE * entry]);

  /** A key, which is its own hash: its buckets, and lowest bits that tell it from others. */
  static long key(int first, int second, int lowest) {
    long low = (long) first << 30 | lowest;
    for (long tag = 1; ; tag++) {
      long key = tag << 32 | low;
      if (FlowIndex.second(key, BUCKETS) / FlowIndex.BUCKET == second) {
        return key;
      }
    }
  }

  void fill(int entry, long key, int template) {
    entries[STRIDE * entry] = key;
    entries[STRIDE * entry + 1] = template;
    entries[STRIDE * entry + 2] = template;
  }

  long keyOf(int entry) {
    return entries[STRIDE * entry];
  }

  int template(int entry) {
    return (int) entries[STRIDE * entry + 1];
  }

  int mtu(int entry) {
    return (int) entries[STRIDE * entry + 2];
  }

  /** Number of the entry with this key; -1 if there is none. */
  int find(long key) {
    long first = FlowIndex.first(key, BUCKETS);
    int entry = searchBucket(key, first);
    if (entry >= 0) {
      return entry;
    }
    VarHandle.acquireFence();
    if (memory.get(FlowStore.INT, first + FlowIndex.DISPLACED) == 0) {
      return -1;
    }
    VarHandle.acquireFence();
    return searchBucket(key, FlowIndex.second(key, BUCKETS));
  }

  private int searchBucket(long key, long bucket) {
    long slots =
        FlowIndex.candidates(
            memory.get(FlowStore.LONG, bucket),
            memory.get(FlowStore.LONG, bucket + FlowIndex.UPPER_TAGS),
            FlowIndex.tags(key));
    VarHandle.acquireFence();
    for (long left = slots; left != 0; left &= left - 1) {
      long place = bucket + FlowIndex.NUMBERS + 4L * FlowIndex.slot(left);
      int entry = memory.get(FlowStore.INT, place) - 1;
      VarHandle.acquireFence();
      if (entry >= 0 && keyOf(entry) == key) {
        return entry;
      }
    }
    return -1;
  }
}
