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
    // What the parser read of the index came before what is read of entries now.
    VarHandle.acquireFence();
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
    long candidate = CANDIDATE[i];
    long hash = HASH[i];
    int entry = FlowIndex.entry(candidate);
    return FlowIndex.matches(candidate, hash) && entry >= 0 && hasKey4(entry, i)
        ? entry
        : search(i, hash, 0, BUCKETS_4);
  }

  /** Number of the entry; -1 if there is none. */
  private static int locate6(int i) {
    long candidate = CANDIDATE[i];
    long hash = HASH[i];
    int entry = FlowIndex.entry(candidate);
    return FlowIndex.matches(candidate, hash) && entry >= 0 && hasKey6(entry, i)
        ? entry
        : search(i, hash, INDEX_6, BUCKETS_6);
  }

  /** Looks through the first bucket, and through the second one if the first one's mark says so. */
  private static int search(int i, long hash, long base, int buckets) {
    long first = base + FlowIndex.first(hash, buckets);
    int entry = searchBucket(i, hash, first);
    if (entry >= 0) {
      return entry;
    }
    // Read after the slots: a key that has left one of them for its second bucket set it before.
    VarHandle.acquireFence();
    return (INDEX.get(FlowStore.LONG, first) & FlowIndex.MARK) == 0
        ? -1
        : searchBucket(i, hash, base + FlowIndex.second(hash, buckets));
  }

  private static int searchBucket(int i, long hash, long bucket) {
    for (int way = 0; way < FlowIndex.SLOTS; way++) {
      long candidate = INDEX.get(FlowStore.LONG, bucket + FlowIndex.home(hash + way));
      if (FlowIndex.matches(candidate, hash)) {
        VarHandle.acquireFence();
        int entry = FlowIndex.entry(candidate);
        boolean isIt =
            entry >= 0
                && ((INNER[i] & BurstScratch.IS_6) == 0 ? hasKey4(entry, i) : hasKey6(entry, i));
        if (isIt) {
          return entry;
        }
      }
    }
    return -1;
  }

  private static boolean hasKey4(int entry, int i) {
    // Masked, so that the JIT sees that the entry lies in the memory.
    long at = (long) (entry & LAST_4) * FlowStore.STRIDE_4;
    return ENTRIES.get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET) == PORTS[i]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ENCAP_OFFSET) == ENCAP[i]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ADDRESSES_OFFSET) == ADDRESSES[4 * i];
  }

  private static boolean hasKey6(int entry, int i) {
    long at = ENTRIES_6 + (long) (entry & LAST_6) * FlowStore.STRIDE_6;
    long words = at + FlowStore.ADDRESSES_OFFSET;
    return ENTRIES.get(FlowStore.LONG, at + FlowStore.PORTS_OFFSET) == PORTS[i]
        && ENTRIES.get(FlowStore.LONG, at + FlowStore.ENCAP_OFFSET) == ENCAP[i]
        && ENTRIES.get(FlowStore.LONG, words) == ADDRESSES[4 * i]
        && ENTRIES.get(FlowStore.LONG, words + 8) == ADDRESSES[4 * i + 1]
        && ENTRIES.get(FlowStore.LONG, words + 16) == ADDRESSES[4 * i + 2]
        && ENTRIES.get(FlowStore.LONG, words + 24) == ADDRESSES[4 * i + 3];
  }
}
