package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

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
  private static final int MASK_4 = C.flows4().mask();
  private static final int LAST_4 = 2 * C.flows4().capacity() - 1;
  private static final long INDEX_6 = C.flows6().indexBase();
  private static final long ENTRIES_6 = C.flows6().entriesBase();
  private static final int MASK_6 = C.flows6().mask();
  private static final int LAST_6 = 2 * C.flows6().capacity() - 1;

  private static final int[] RESULT = C.scratch().result;
  private static final long[] ADDRESSES = C.scratch().addresses;
  private static final long[] PORTS = C.scratch().ports;
  private static final long[] ENCAP = C.scratch().encap;
  private static final long[] HASH = C.scratch().hash;
  private static final long[] CANDIDATE = C.scratch().candidate;
  private static final int[] INNER = C.scratch().inner;
  private static final int[] ENTRY = C.scratch().entry;

  LookupStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    for (int i = from; i < to; i++) {
      if (RESULT[i] == 0) {
        int entry = (INNER[i] & BurstScratch.IS_6) == 0 ? locate4(i) : locate6(i);
        ENTRY[i] = entry;
        RESULT[i] = entry < 0 ? Codes.MISS : 0;
      }
    }
  }

  /** Number of the entry; -1 if there is none. */
  private static int locate4(int i) {
    long hash = HASH[i];
    long candidate = CANDIDATE[i];
    int slot = (int) hash;
    for (int probe = 0; candidate != 0 && probe < FlowStore.MAX_PROBES; probe++) {
      if (candidate >>> 32 == hash >>> 32) {
        int entry = (int) candidate - 1;
        // Masked, so that the JIT sees that the entry lies in the memory.
        long at = (long) (entry & LAST_4) * FlowStore.STRIDE_4;
        if (ENTRIES.get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET) == PORTS[i]
            && ENTRIES.get(FlowStore.LONG, at + FlowStore.ENCAP_OFFSET) == ENCAP[i]
            && ENTRIES.get(FlowStore.LONG, at + FlowStore.ADDRESSES_OFFSET) == ADDRESSES[4 * i]) {
          return entry;
        }
      }
      candidate = INDEX.get(FlowStore.LONG, 8L * (++slot & MASK_4));
    }
    return -1;
  }

  /** Number of the entry; -1 if there is none. */
  private static int locate6(int i) {
    long hash = HASH[i];
    long candidate = CANDIDATE[i];
    int slot = (int) hash;
    for (int probe = 0; candidate != 0 && probe < FlowStore.MAX_PROBES; probe++) {
      if (candidate >>> 32 == hash >>> 32) {
        int entry = (int) candidate - 1;
        if (hasKey6(ENTRIES_6 + (long) (entry & LAST_6) * FlowStore.STRIDE_6, i)) {
          return entry;
        }
      }
      candidate = INDEX.get(FlowStore.LONG, INDEX_6 + 8L * (++slot & MASK_6));
    }
    return -1;
  }

  private static boolean hasKey6(long at, int i) {
    long words = at + FlowStore.ADDRESSES_OFFSET;
    return ENTRIES.get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET) == PORTS[i]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ENCAP_OFFSET) == ENCAP[i]
        && ENTRIES.get(FlowStore.LONG, words) == ADDRESSES[4 * i]
        && ENTRIES.get(FlowStore.LONG, words + 8) == ADDRESSES[4 * i + 1]
        && ENTRIES.get(FlowStore.LONG, words + 16) == ADDRESSES[4 * i + 2]
        && ENTRIES.get(FlowStore.LONG, words + 24) == ADDRESSES[4 * i + 3];
  }
}
