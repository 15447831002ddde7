package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.EntryCounters;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TcpState;
import io.culvert.flowtable.table.TemplateStore;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

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
  private static final long ENTRIES_6 = C.flows6().entriesBase();
  private static final long LAST_ENTRY = ENTRIES.byteSize() - FlowStore.STRIDE_4 + 1;
  private static final MemorySegment TEMPLATES = C.templates().memory();
  private static final int LAST_TEMPLATE = C.templates().mask();
  private static final PacketState STATE = C.state();
  private static final long[] COUNTERS = C.counters();
  private static final int FIRST_COUNTER = WorkerCounters.FIRST;
  private static final boolean SHARED = C.shared();
  private static final byte WORKER = (byte) C.worker();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;
  private static final MemorySegment SEQUENCES = C.sequences();

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
    long[] frames = burst.rows;
    int passed = 0;
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      int result = (int) ROWS[row + BurstScratch.RESULT];
      if (result == 0) {
        result = check(frames, i * FrameBurst.ROW, row);
        ROWS[row + BurstScratch.RESULT] = result;
      }
      if (result == 0) {
        passed++;
      } else {
        frames[i * FrameBurst.ROW + FrameBurst.OUTCOME] = result;
        COUNTERS[FIRST_COUNTER + result]++;
        if (result == Codes.TCP_STATE) {
          tell(row);
        }
      }
    }
    COUNTERS[FIRST_COUNTER] += passed;
  }

  /**
   * Tells a flow of a packet at the edge of its connection. Here, where packets are judged one
   * after the other: those in front of it are not concerned, in the same burst or not.
   */
  private void tell(int row) {
    long inner = ROWS[row + BurstScratch.INNER];
    long entry = ROWS[row + BurstScratch.ENTRY];
    if ((inner & BurstScratch.EDGE) != 0 && entry >= 0) {
      boolean isV4 = (inner & BurstScratch.IS_6) == 0;
      long other =
          isV4
              ? entry ^ FlowStore.STRIDE_4
              : ENTRIES_6 + ((entry - ENTRIES_6) ^ FlowStore.STRIDE_6);
      boolean opens = (inner & BurstScratch.OPENS) != 0;
      if (TcpState.edge(ENTRIES, entry, other, opens, clockMs)) {
        STATE.tcpChanged();
      }
    }
  }

  private int check(long[] frames, int frame, int row) {
    // Checked once, and the template's number masked, so that the JIT sees that both lie in their
    // memories.
    long entry = Objects.checkIndex(ROWS[row + BurstScratch.ENTRY], LAST_ENTRY);
    if (ENTRIES.get(FlowStore.INT, entry + FlowStore.GENERATION_OFFSET) != generation) {
      return Codes.STALE;
    }
    long inner = ROWS[row + BurstScratch.INNER];
    int length = (int) inner & 0xffff;
    if (length > (ENTRIES.get(FlowStore.SHORT, entry + FlowStore.MTU_OFFSET) & 0xffff)) {
      return Codes.MTU;
    }
    int number = ENTRIES.get(FlowStore.INT, entry + FlowStore.TEMPLATE_OFFSET) & LAST_TEMPLATE;
    long template = TemplateStore.at(number);
    long head = TEMPLATES.get(FlowStore.LONG, template);
    long start = ROWS[row + BurstScratch.INNER_AT] - (head & 0xffff);
    if (start < frames[frame + FrameBurst.SLOT_START]) {
      return Codes.HEADROOM;
    }
    // The last check, since it changes what is expected next.
    if (!isInSequence(ROWS[row + BurstScratch.SEQUENCE])) {
      return Codes.ENCAP_SEQUENCE;
    }
    ROWS[row + BurstScratch.TEMPLATE] = template;
    place(frames, frame, start, ((int) head & 0xffff) + length, head);
    count(entry, length);
    if (ENTRIES.get(FlowStore.INT, entry + FlowStore.NAT_OFFSET) != 0) {
      ROWS[row + BurstScratch.INNER] = inner | BurstScratch.TRANSLATED;
      SCRATCH.toTranslate++;
    }
    return 0;
  }

  private static boolean isInSequence(long sequence) {
    return sequence == 0
        || SequenceStore.accept(SEQUENCES, (int) (sequence >>> 32) & 0xffff, (int) sequence);
  }

  /** Where the new frame begins, how long it is, and the port that it leaves by. */
  private static void place(long[] frames, int frame, long start, int length, long head) {
    SCRATCH.toFinish += (int) (head >>> 48) & TemplateStore.OPERATIONS;
    frames[frame + FrameBurst.OFFSET] = start;
    long port = frames[frame + FrameBurst.SPAN] & 0xffff_ffff_0000_0000L;
    frames[frame + FrameBurst.SPAN] = port | length;
    frames[frame + FrameBurst.OUTCOME] = (head << 16) & 0xffff_0000_0000L;
  }

  private void count(long entry, int length) {
    if (SHARED) {
      EntryCounters.add(ENTRIES, entry, length);
      ENTRIES.set(FlowStore.BYTE, entry + FlowStore.WORKER_OFFSET, WORKER);
    } else {
      long packets = entry + FlowStore.PACKETS_OFFSET;
      long bytes = entry + FlowStore.BYTES_OFFSET;
      ENTRIES.set(FlowStore.LONG, packets, ENTRIES.get(FlowStore.LONG, packets) + 1);
      ENTRIES.set(FlowStore.LONG, bytes, ENTRIES.get(FlowStore.LONG, bytes) + length);
    }
    ENTRIES.set(FlowStore.INT, entry + FlowStore.LAST_SEEN_OFFSET, clockMs);
  }
}
