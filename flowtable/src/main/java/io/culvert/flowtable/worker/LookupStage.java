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
    // What the parser read of the index came before what is read of entries now.
    VarHandle.acquireFence();
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        long entry = isV4(row) ? locate4(row) : locate6(row);
        ROWS[row + BurstScratch.ENTRY] = entry;
        ROWS[row + BurstScratch.RESULT] = entry < 0 ? Codes.MISS : 0;
      }
    }
  }

  private static boolean isV4(int row) {
    return (ROWS[row + BurstScratch.INNER] & BurstScratch.IS_6) == 0;
  }

  /** Offset of the entry; -1 if there is none. */
  private static long locate4(int row) {
    long candidate = ROWS[row + BurstScratch.CANDIDATE];
    long hash = ROWS[row + BurstScratch.HASH];
    int entry = FlowIndex.entry(candidate);
    return FlowIndex.matches(candidate, hash) && entry >= 0 && hasKey4(at4(entry), row)
        ? at4(entry)
        : search(row, hash, 0, BUCKETS_4);
  }

  /** Offset of the entry; -1 if there is none. */
  private static long locate6(int row) {
    long candidate = ROWS[row + BurstScratch.CANDIDATE];
    long hash = ROWS[row + BurstScratch.HASH];
    int entry = FlowIndex.entry(candidate);
    return FlowIndex.matches(candidate, hash) && entry >= 0 && hasKey6(at6(entry), row)
        ? at6(entry)
        : search(row, hash, INDEX_6, BUCKETS_6);
  }

  /** Looks through the first bucket, and through the second one if the first one's mark says so. */
  private static long search(int row, long hash, long base, int buckets) {
    long first = base + FlowIndex.first(hash, buckets);
    long entry = searchBucket(row, hash, first);
    if (entry >= 0) {
      return entry;
    }
    // Read after the slots: a key that has left one of them for its second bucket set it before.
    VarHandle.acquireFence();
    return (INDEX.get(FlowStore.LONG, first) & FlowIndex.MARK) == 0
        ? -1
        : searchBucket(row, hash, base + FlowIndex.second(hash, buckets));
  }

  private static long searchBucket(int row, long hash, long bucket) {
    for (int way = 0; way < FlowIndex.SLOTS; way++) {
      long candidate = INDEX.get(FlowStore.LONG, bucket + FlowIndex.home(hash + way));
      int entry = FlowIndex.entry(candidate);
      if (FlowIndex.matches(candidate, hash) && entry >= 0) {
        VarHandle.acquireFence();
        long at = isV4(row) ? at4(entry) : at6(entry);
        if (isV4(row) ? hasKey4(at, row) : hasKey6(at, row)) {
          return at;
        }
      }
    }
    return -1;
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
