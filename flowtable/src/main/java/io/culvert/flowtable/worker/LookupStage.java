package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowIndex;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.IndexView;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Second stage: from the hash to the entry, with the whole key compared.
 *
 * <p>In passes over the frames, two of which do nothing but read a word of memory that is seldom in
 * a cache if the table is large: the processor has as many of these misses under way at once as
 * there are loops that fit among the instructions which it looks ahead, and in a loop that does all
 * of the work that would be one or two.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class LookupStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment INDEX = C.flows4().index();
  private static final MemorySegment ENTRIES = C.flows4().entries();
  private static final boolean GROWS = C.flows4().grows() || C.flows6().grows();
  private static final long VIEW_4 = C.flows4().view();
  private static final long VIEW_6 = C.flows6().view();
  private static final int LAST_4 = 2 * C.flows4().capacity() - 1;
  private static final long ENTRIES_6 = C.flows6().entriesBase();
  private static final int LAST_6 = 2 * C.flows6().capacity() - 1;

  /** False for a table that fits into a second-level cache, where there is nothing to overlap. */
  private static final boolean IS_LARGE = INDEX.byteSize() + ENTRIES.byteSize() > 512 << 10;

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;

  LookupStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    boolean overlaps = IS_LARGE && to - from > 1;
    if (overlaps) {
      touchBuckets(from, to);
      nameEntries(from, to);
      touchEntries(from, to);
    }
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        long likely = overlaps ? ROWS[row + BurstScratch.ENTRY] : likely(row);
        long entry = isFound(row, likely) ? likely : search(row);
        ROWS[row + BurstScratch.ENTRY] = entry;
        ROWS[row + BurstScratch.RESULT] = entry < 0 ? Codes.MISS : 0;
      }
    }
    if (SCRATCH.edges != 0) {
      findEdges(from, to);
    }
  }

  /** The flows of SYN, FIN and RST packets, which the parser refused: they will be told. */
  private static void findEdges(int from, int to) {
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == Codes.TCP_STATE
          && (ROWS[row + BurstScratch.INNER] & BurstScratch.EDGE) != 0) {
        ROWS[row + BurstScratch.ENTRY] = search(row);
      }
    }
  }

  // Rows of refused frames have an offset of an earlier burst, which is as good. What is read is
  // kept, so that the JIT keeps the read.

  private static void touchBuckets(int from, int to) {
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      ROWS[row + BurstScratch.TAGS] = INDEX.get(FlowStore.LONG, ROWS[row + BurstScratch.BUCKET]);
    }
  }

  private static void nameEntries(int from, int to) {
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        ROWS[row + BurstScratch.ENTRY] = likely(row);
      }
    }
  }

  private static void touchEntries(int from, int to) {
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      long entry = Math.max(0, ROWS[row + BurstScratch.ENTRY]);
      ROWS[row + BurstScratch.TEMPLATE] = ENTRIES.get(FlowStore.LONG, entry);
    }
  }

  /** Offset of the first bucket's first entry that has the hash's tag; -1 if there is none. */
  private static long likely(int row) {
    long bucket = ROWS[row + BurstScratch.BUCKET];
    long slots =
        FlowIndex.candidates(
            INDEX.get(FlowStore.LONG, bucket),
            INDEX.get(FlowStore.LONG, bucket + FlowIndex.UPPER_TAGS),
            FlowIndex.tags(ROWS[row + BurstScratch.HASH]));
    if (slots == 0) {
      return -1;
    }
    VarHandle.acquireFence();
    long number = bucket + FlowIndex.NUMBERS + 4L * FlowIndex.slot(slots);
    int entry = INDEX.get(FlowStore.INT, number) - 1;
    VarHandle.acquireFence();
    return entry < 0 ? -1 : isV4(row) ? at4(entry) : at6(entry);
  }

  private static boolean isFound(int row, long entry) {
    return entry >= 0 && (isV4(row) ? hasKey4(entry, row) : hasKey6(entry, row));
  }

  /** Looks through both buckets, through the second one if a key of the first one lives there. */
  private static long search(int row) {
    long hash = ROWS[row + BurstScratch.HASH];
    long first = ROWS[row + BurstScratch.BUCKET];
    long entry = searchBucket(row, hash, first);
    // Read behind the slots: a key that has left one of them was counted before.
    VarHandle.acquireFence();
    if (entry >= 0 || INDEX.get(FlowStore.INT, first + FlowIndex.DISPLACED) == 0) {
      return entry;
    }
    VarHandle.acquireFence();
    return searchBucket(row, hash, second(row, hash));
  }

  private static long second(int row, long hash) {
    return isV4(row)
        ? IndexView.second(hash, GROWS ? SCRATCH.view4 : VIEW_4)
        : IndexView.second(hash, GROWS ? SCRATCH.view6 : VIEW_6);
  }

  private static long searchBucket(int row, long hash, long bucket) {
    long slots =
        FlowIndex.candidates(
            INDEX.get(FlowStore.LONG, bucket),
            INDEX.get(FlowStore.LONG, bucket + FlowIndex.UPPER_TAGS),
            FlowIndex.tags(hash));
    VarHandle.acquireFence();
    for (long left = slots; left != 0; left &= left - 1) {
      long number = bucket + FlowIndex.NUMBERS + 4L * FlowIndex.slot(left);
      int entry = INDEX.get(FlowStore.INT, number) - 1;
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
