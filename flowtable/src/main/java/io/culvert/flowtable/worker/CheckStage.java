package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.EntryCounters;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TemplateStore;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Fourth stage: the checks that need the flow's entry, in a fixed order, and what follows from
 * passing them: counters and the place of the new frame. Reads frames not at all; the last stage
 * that can refuse.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class CheckStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment ENTRIES = C.flows4().entries();
  private static final int LAST_4 = 2 * C.flows4().capacity() - 1;
  private static final int LAST_6 = 2 * C.flows6().capacity() - 1;
  private static final long ENTRIES_6 = C.flows6().entriesBase();
  private static final MemorySegment TEMPLATES = C.templates().memory();
  private static final int LAST_TEMPLATE = C.templates().mask();
  private static final PacketState STATE = C.state();
  private static final long[] COUNTERS = C.counters();
  private static final int FIRST_COUNTER = WorkerCounters.FIRST;
  private static final boolean SHARED = C.shared();
  private static final short WORKER = (short) C.worker();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final int[] RESULT = C.scratch().result;
  private static final long[] INNER_AT = C.scratch().innerAt;
  private static final int[] INNER = C.scratch().inner;
  private static final int[] ENTRY = C.scratch().entry;
  private static final long[] SEQUENCE = C.scratch().sequence;
  private static final MemorySegment SEQUENCES = C.sequences();
  private static final long[] TEMPLATE_AT = C.scratch().templateAt;

  private int generation;
  private int clockMs;

  CheckStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    generation = STATE.generation();
    clockMs = STATE.clockMs();
    SCRATCH.toFinish = 0;
    SCRATCH.toTranslate = 0;
    long[] rows = burst.rows;
    int passed = 0;
    for (int i = from; i < to; i++) {
      int result = RESULT[i];
      if (result == 0) {
        result = check(rows, i);
        RESULT[i] = result;
      }
      if (result == 0) {
        passed++;
      } else {
        rows[i * FrameBurst.ROW + FrameBurst.OUTCOME] = result;
        COUNTERS[FIRST_COUNTER + result]++;
      }
    }
    COUNTERS[FIRST_COUNTER] += passed;
  }

  private int check(long[] rows, int i) {
    // Masked, so that the JIT sees that the entry and the template lie in their memories.
    long entry =
        (INNER[i] & BurstScratch.IS_6) == 0
            ? (long) (ENTRY[i] & LAST_4) * FlowStore.STRIDE_4
            : ENTRIES_6 + (long) (ENTRY[i] & LAST_6) * FlowStore.STRIDE_6;
    if (ENTRIES.get(FlowStore.INT, entry + FlowStore.GENERATION_OFFSET) != generation) {
      return Codes.STALE;
    }
    int length = INNER[i] & 0xffff;
    if (length > (ENTRIES.get(FlowStore.SHORT, entry + FlowStore.MTU_OFFSET) & 0xffff)) {
      return Codes.MTU;
    }
    int number = ENTRIES.get(FlowStore.INT, entry + FlowStore.TEMPLATE_OFFSET) & LAST_TEMPLATE;
    long template = TemplateStore.at(number);
    long head = TEMPLATES.get(FlowStore.LONG, template);
    int pushed = (int) head & 0xffff;
    long start = INNER_AT[i] - pushed;
    int row = i * FrameBurst.ROW;
    if (start < rows[row + FrameBurst.SLOT_START]) {
      return Codes.HEADROOM;
    }
    // The last check, since it changes what is expected next.
    long sequence = SEQUENCE[i];
    if (sequence != 0
        && !SequenceStore.accept(SEQUENCES, (int) (sequence >>> 32) & 0xffff, (int) sequence)) {
      return Codes.ENCAP_SEQUENCE;
    }
    TEMPLATE_AT[i] = template;
    SCRATCH.toFinish += (int) (head >>> 48) & TemplateStore.OPERATIONS;
    rows[row + FrameBurst.OFFSET] = start;
    rows[row + FrameBurst.SPAN] += pushed + length - (int) rows[row + FrameBurst.SPAN];
    rows[row + FrameBurst.OUTCOME] = (head << 16) & 0xffff_0000_0000L;
    count(entry, length);
    if (ENTRIES.get(FlowStore.INT, entry + FlowStore.NAT_OFFSET) != 0) {
      INNER[i] |= BurstScratch.TRANSLATED;
      SCRATCH.toTranslate++;
    }
    return 0;
  }

  private void count(long entry, int length) {
    if (SHARED) {
      EntryCounters.add(ENTRIES, entry, length);
      ENTRIES.set(FlowStore.SHORT, entry + FlowStore.WORKER_OFFSET, WORKER);
    } else {
      long packets = entry + FlowStore.PACKETS_OFFSET;
      long bytes = entry + FlowStore.BYTES_OFFSET;
      ENTRIES.set(FlowStore.LONG, packets, ENTRIES.get(FlowStore.LONG, packets) + 1);
      ENTRIES.set(FlowStore.LONG, bytes, ENTRIES.get(FlowStore.LONG, bytes) + length);
    }
    ENTRIES.set(FlowStore.INT, entry + FlowStore.LAST_SEEN_OFFSET, clockMs);
  }
}
