package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowIndex;
import io.culvert.flowtable.table.FlowStore;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Second stage: from the hash to the entry, with the whole key compared. The cache misses of a
 * large table overlap, since the frames do not depend on each other.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class LookupStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment INDEX = C.flows4().index();
  private static final MemorySegment ENTRIES = C.flows4().entries();
  private static final int BUCKETS_4 = C.flows4().buckets();
  private static final int LAST_4 = 2 * C.flows4().capacity() - 1;
  private static final long INDEX_6 = C.flows6().indexBase();
  private static final long ENTRIES_6 = C.flows6().entriesBase();
  private static final int BUCKETS_6 = C.flows6().buckets();
  private static final int LAST_6 = 2 * C.flows6().capacity() - 1;

  private static final long[] ROWS = C.scratch().rows;

  LookupStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    // What the parser read of the index came before what is read of it now.
    VarHandle.acquireFence();
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        long entry = locate(row);
        ROWS[row + BurstScratch.ENTRY] = entry;
        ROWS[row + BurstScratch.RESULT] = entry < 0 ? Codes.MISS : 0;
      }
    }
  }

  /** Offset of the entry; -1 if there is none. */
  private static long locate(int row) {
    long hash = ROWS[row + BurstScratch.HASH];
    long slots =
        FlowIndex.candidates(
            ROWS[row + BurstScratch.TAGS], ROWS[row + BurstScratch.TAGS + 1], FlowIndex.tags(hash));
    long first =
        isV4(row) ? FlowIndex.first(hash, BUCKETS_4) : INDEX_6 + FlowIndex.first(hash, BUCKETS_6);
    long entry = among(row, slots, first);
    return entry >= 0 ? entry : locateDisplaced(row, hash, first);
  }

  /** Looks through the second bucket, if a key of the first one lives there. */
  private static long locateDisplaced(int row, long hash, long first) {
    // Read behind the slots: a key that has left one of them was counted before.
    VarHandle.acquireFence();
    if (INDEX.get(FlowStore.INT, first + FlowIndex.DISPLACED) == 0) {
      return -1;
    }
    VarHandle.acquireFence();
    long second =
        isV4(row) ? FlowIndex.second(hash, BUCKETS_4) : INDEX_6 + FlowIndex.second(hash, BUCKETS_6);
    long slots =
        FlowIndex.candidates(
            INDEX.get(FlowStore.LONG, second),
            INDEX.get(FlowStore.LONG, second + FlowIndex.UPPER_TAGS),
            FlowIndex.tags(hash));
    VarHandle.acquireFence();
    return among(row, slots, second);
  }

  /** The one of some slots of a bucket whose entry has the key; -1 if there is none. */
  private static long among(int row, long slots, long bucket) {
    for (long left = slots; left != 0; left &= left - 1) {
      long place = bucket + FlowIndex.NUMBERS + 4L * FlowIndex.slot(left);
      int entry = INDEX.get(FlowStore.INT, place) - 1;
      VarHandle.acquireFence();
      if (entry >= 0) {
        long at = isV4(row) ? at4(entry) : at6(entry);
        if (isV4(row) ? hasKey4(at, row) : hasKey6(at, row)) {
          return at;
        }
      }
    }
    return -1;
  }

  private static boolean isV4(int row) {
    return (ROWS[row + BurstScratch.INNER] & BurstScratch.IS_6) == 0;
  }

  // Masked, so that the JIT sees that the entry lies in the memory.

  private static long at4(int entry) {
    return (long) (entry & LAST_4) * FlowStore.STRIDE_4;
  }

  private static long at6(int entry) {
    return ENTRIES_6 + (long) (entry & LAST_6) * FlowStore.STRIDE_6;
  }

  private static boolean hasKey4(long at, int row) {
    return ENTRIES.get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET)
            == ROWS[row + BurstScratch.PORTS]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ENCAP_OFFSET)
            == ROWS[row + BurstScratch.ENCAP]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ADDRESSES_OFFSET)
            == ROWS[row + BurstScratch.ADDRESSES];
  }

  private static boolean hasKey6(long at, int row) {
    int addresses = row + BurstScratch.ADDRESSES;
    long words = at + FlowStore.ADDRESSES_OFFSET;
    return hasKey4(at, row)
        && ENTRIES.get(FlowStore.LONG, words + 8) == ROWS[addresses + 1]
        && ENTRIES.get(FlowStore.LONG, words + 16) == ROWS[addresses + 2]
        && ENTRIES.get(FlowStore.LONG, words + 24) == ROWS[addresses + 3];
  }
}
