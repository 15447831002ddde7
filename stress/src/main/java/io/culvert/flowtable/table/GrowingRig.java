package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * An index that grows, filled so that all entries are in the larger size too, with bursts that
 * search it as the packet path does: by the view that they took when they began.
 */
final class GrowingRig {
  /** The flow whose two entries are looked for. */
  static final int PAIRS = 2;

  private static final int ENTRIES = 2 * PAIRS;

  private final NativeMemory source = NativeMemory.whole();
  private final IndexLayout layout = IndexLayout.of(0, PAIRS, 2 * PAIRS, source.granule());
  private final MemorySegment memory = source.allocate(layout.end());
  final GrowingIndex index = new GrowingIndex(source, memory, layout, GrowingRig::hash);
  final Bursts bursts = new Bursts(1);
  final int worker = bursts.register();

  GrowingRig() {
    for (int entry = 0; entry < ENTRIES; entry++) {
      index.insert(hash(entry), entry);
    }
    index.begin();
  }

  static long hash(int entry) {
    return (entry + 1) * 0x9e37_79b9_7f4a_7c15L;
  }

  /** Fills the larger size. */
  void move() {
    if (!index.move(PAIRS, PAIRS, _ -> true)) {
      throw new AssertionError("the larger index was not filled");
    }
  }

  /** A burst that looks for an entry; its number, or -1. */
  int find(int entry) {
    bursts.enter(worker);
    try {
      long view = index.view();
      int found = search(IndexView.first(hash(entry), view), entry);
      VarHandle.acquireFence();
      return found >= 0 ? found : search(IndexView.second(hash(entry), view), entry);
    } finally {
      bursts.leave(worker);
    }
  }

  private int search(long bucket, int entry) {
    long slots =
        FlowIndex.candidates(
            memory.get(FlowStore.LONG, bucket),
            memory.get(FlowStore.LONG, bucket + FlowIndex.UPPER_TAGS),
            FlowIndex.tags(hash(entry)));
    VarHandle.acquireFence();
    for (long left = slots; left != 0; left &= left - 1) {
      long place = bucket + FlowIndex.NUMBERS + 4L * FlowIndex.slot(left);
      if (memory.get(FlowStore.INT, place) - 1 == entry) {
        return entry;
      }
    }
    return -1;
  }
}
