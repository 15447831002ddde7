package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Last stage: finishes the outer headers of frames that were pushed into tunnels. A stage of its
 * own, since the JIT stops inlining at some 25 memory accesses in one method.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class FinishStage implements Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment TEMPLATES = C.templates().memory();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final int[] RESULT = C.scratch().result;
  private static final long[] TEMPLATE_AT = C.scratch().templateAt;
  private static final long[] BEQUEST = C.scratch().bequest;

  // Exclusive limit of where a header of 20 bytes with its transport may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - 28 + 1);

  // ECN bits in the first word of a header.
  private static final long CE = 3L << 48;
  private static final long CE_TO_ECT_0 = 1L << 48;

  private int nextId;

  FinishStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  public void run(FrameBurst burst) {
    int size = SCRATCH.toFinish == 0 ? 0 : burst.size();
    for (int i = 0; i < size; i++) {
      if (RESULT[i] == 0) {
        long template = TEMPLATE_AT[i];
        long head = TEMPLATES.get(FlowStore.LONG, template);
        if (head >>> 48 != 0) {
          long start = burst.offsets[i];
          long bytes = template + (head >>> 32 & 0xff);
          finish(template, bytes, BEQUEST[i], start, start + burst.lengths[i]);
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
  private void finish(long template, long bytes, long inner, long start, long end) {
    long at = template + 8;
    while (true) {
      long operation = TEMPLATES.get(FlowStore.LONG, at);
      int offset = TemplateOperation.offset(operation);
      if (TemplateOperation.kind(operation) == TemplateOperation.IPV4) {
        long inherited = inner & TEMPLATES.get(FlowStore.LONG, at + 8);
        inner = finishIpv4(operation, bytes + offset, start + offset, end, inherited);
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
  private long finishIpv4(long operation, long fixed, long start, long end, long inherited) {
    long header = Objects.checkIndex(start, LAST_HEADER);
    if ((TemplateOperation.flags(operation) & TemplateOperation.ECN_RFC3168) != 0
        && (inherited & CE) == CE) {
      inherited ^= CE_TO_ECT_0;
    }
    int ttl = (int) (inherited >>> BurstScratch.TTL_SHIFT) & 0xff;
    long total = end - header;
    long first = Wire.u64(TEMPLATES, fixed) | (inherited & BurstScratch.TOS_AND_FRAGMENT);
    // RFC 6864 §4.1: the id of an atomic datagram means nothing.
    long id = (first & Ipv4Header.DF) != 0 ? 0 : nextId++ & 0xffff;
    long sum =
        TemplateOperation.baseSum(operation)
            + (inherited >>> 48)
            + (inherited & 0xffff)
            + ((long) ttl << 8)
            + total
            + id;
    int second = Wire.u32(TEMPLATES, fixed + Ipv4Header.TTL_OFFSET) | ttl << 24;
    Wire.put64(FRAMES, header, first | total << 32 | id << 16);
    Wire.put32(FRAMES, header + Ipv4Header.TTL_OFFSET, second | InternetChecksum.finish(sum));
    return first | (long) (second >>> 24) << BurstScratch.TTL_SHIFT;
  }
}
