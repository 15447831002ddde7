package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Last stage: finishes the outer headers of frames that were pushed into more than one IPv4 header
 * without shim, which the stage before does at once. A stage of its own, since the JIT stops
 * inlining at some 25 memory accesses in one method.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class FinishStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment TEMPLATES = C.templates().memory();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final int[] RESULT = C.scratch().result;
  private static final long[] TEMPLATE_AT = C.scratch().templateAt;
  private static final long[] BEQUEST = C.scratch().bequest;

  // Exclusive limit of where a header of 20 bytes with its transport may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - 28 + 1);

  FinishStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    int end = SCRATCH.toFinish == 0 ? from : to;
    for (int i = from; i < end; i++) {
      if (RESULT[i] == 0) {
        long template = TEMPLATE_AT[i];
        long head = TEMPLATES.get(FlowStore.LONG, template);
        if (head >>> 48 == TemplateStore.OPERATIONS) {
          int row = i * FrameBurst.ROW;
          long start = burst.rows[row + FrameBurst.OFFSET];
          int length = (int) burst.rows[row + FrameBurst.SPAN];
          long bytes = template + (head >>> 32 & 0xff);
          finish(template, bytes, BEQUEST[i], start, start + length);
        }
      }
    }
  }

  /**
   * Runs the operations, innermost layer first: each sees the header that the one before finished.
   *
   * @param template offset of the template
   * @param bytes offset of its header bytes
   * @param inner what the inner header bequeaths
   * @param start offset of the frame
   * @param end offset behind the packet
   */
  private static void finish(long template, long bytes, long inner, long start, long end) {
    long at = template + 8;
    while (true) {
      long operation = TEMPLATES.get(FlowStore.LONG, at);
      int offset = TemplateOperation.offset(operation);
      if (TemplateOperation.kind(operation) == TemplateOperation.IPV4) {
        long mask = TEMPLATES.get(FlowStore.LONG, at + 8);
        inner = finishIpv4(operation, mask, bytes + offset, start + offset, end, inner);
      } else {
        int length = (int) (end - start) - TemplateOperation.from(operation);
        Wire.put16(FRAMES, start + offset, length);
      }
      if ((TemplateOperation.flags(operation) & TemplateOperation.MORE) == 0) {
        return;
      }
      at += TemplateOperation.BYTES;
    }
  }

  /**
   * Completes an outer header; returns what it bequeaths in turn. The fixed part is read from the
   * template, not from the copy just made: a load across two fresh stores would wait for both.
   */
  private static long finishIpv4(
      long operation, long mask, long fixed, long start, long end, long inner) {
    long header = Objects.checkIndex(start, LAST_HEADER);
    long inherited = OuterIpv4.inherited(operation, mask, inner);
    long total = end - header;
    long first = OuterIpv4.first(Wire.u64(TEMPLATES, fixed), inherited);
    long id = OuterIpv4.isAtomic(first) ? 0 : SCRATCH.nextId++ & 0xffff;
    int template = Wire.u32(TEMPLATES, fixed + Ipv4Header.TTL_OFFSET);
    int second = OuterIpv4.second(operation, template, inherited, total + id);
    Wire.put64(FRAMES, header, first | total << 32 | id << 16);
    Wire.put32(FRAMES, header + Ipv4Header.TTL_OFFSET, second);
    return first | (long) (second >>> 24) << BurstScratch.TTL_SHIFT;
  }
}
