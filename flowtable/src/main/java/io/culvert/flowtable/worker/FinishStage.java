package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.SequenceStore;
import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.UdpHeader;
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

  private static final MemorySegment SEQUENCES = C.sequences();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;

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
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        long template = ROWS[row + BurstScratch.TEMPLATE];
        long head = TEMPLATES.get(FlowStore.LONG, template);
        if (head >>> 48 == TemplateStore.OPERATIONS) {
          int frame = i * FrameBurst.ROW;
          long start = burst.rows[frame + FrameBurst.OFFSET];
          int length = (int) burst.rows[frame + FrameBurst.SPAN];
          long bytes = template + (head >>> 32 & 0xff);
          finish(row, template, bytes, start, start + length);
        }
      }
    }
  }

  /**
   * Runs the operations, innermost layer first: each sees the header that the one before finished.
   *
   * @param row the frame's row
   * @param template offset of the template
   * @param bytes offset of its header bytes
   * @param start offset of the frame
   * @param end offset behind the packet
   */
  private static void finish(int row, long template, long bytes, long start, long end) {
    long at = template + 8;
    long innermost = ROWS[row + BurstScratch.BEQUEST];
    long inner = innermost; // what the header inside bequeaths
    long received = ROWS[row + BurstScratch.INNER];
    long hash = ROWS[row + BurstScratch.HASH];
    while (true) {
      long operation = TEMPLATES.get(FlowStore.LONG, at);
      long second = TEMPLATES.get(FlowStore.LONG, at + 8);
      int offset = TemplateOperation.offset(operation);
      long field = start + offset;
      switch (TemplateOperation.kind(operation)) {
        case TemplateOperation.IPV4 ->
            inner = finishIpv4(operation, second, bytes + offset, field, end, inner);
        case TemplateOperation.IPV6 ->
            inner = finishIpv6(operation, second, bytes + offset, field, end, inner);
        case TemplateOperation.UDP -> finishUdp(operation, second, field, end, hash);
        case TemplateOperation.LENGTH ->
            put16(field, (int) (end - start) - TemplateOperation.from(operation));
        case TemplateOperation.CHECKSUM ->
            finishChecksum(field, start + TemplateOperation.from(operation), end);
        case TemplateOperation.SEQUENCE -> finishSequence(field, (int) second);
        case TemplateOperation.PRIORITY ->
            addBits(field, classOf(second, innermost, received) << 5);
        case TemplateOperation.DROP_ELIGIBLE -> addBits(field, dropEligible(second, received));
        default -> put16(field, (int) (hash >>> 48));
      }
      if ((TemplateOperation.flags(operation) & TemplateOperation.MORE) == 0) {
        return;
      }
      at += TemplateOperation.BYTES;
    }
  }

  private static void put16(long field, int value) {
    Wire.put16(FRAMES, field, value);
  }

  private static void finishSequence(long field, int tunnel) {
    Wire.put32(FRAMES, field, SequenceStore.next(SEQUENCES, tunnel));
  }

  private static void finishChecksum(long field, long from, long end) {
    Wire.put16(FRAMES, field, InternetChecksum.finish(InternetChecksum.sum(FRAMES, from, end)));
  }

  /** The bits of a packet that came in as drop eligible. */
  private static int dropEligible(long bits, long inner) {
    return (inner & BurstScratch.DROP_ELIGIBLE) != 0 ? (int) bits : 0;
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

  /** The same for an outer IPv6 header. */
  private static long finishIpv6(
      long operation, long mask, long fixed, long start, long end, long inner) {
    long header = Objects.checkIndex(start, LAST_HEADER);
    long inherited = OuterIpv4.inherited(operation, mask, inner);
    long template = Wire.u64(TEMPLATES, fixed);
    long payload = end - header - Ipv6Header.LENGTH;
    long first =
        template
            | (inherited >>> 48 & 0xff) << 52
            | OuterIpv6.flowLabel(inherited) << 32
            | payload << 16
            | (inherited >>> BurstScratch.TTL_SHIFT & 0xff);
    Wire.put64(FRAMES, header, first);
    return OuterIpv6.bequest(first);
  }

  private static void finishUdp(long operation, long ports, long udp, long end, long hash) {
    int flags = TemplateOperation.flags(operation);
    int length = (int) (end - udp);
    int port = 0;
    if ((flags & TemplateOperation.PORT_RANGE) != 0) {
      port = TemplateOperation.sourcePort(ports, hash);
      Wire.put16(FRAMES, udp, port);
    }
    Wire.put16(FRAMES, udp + UdpHeader.LENGTH_OFFSET, length);
    if ((flags & TemplateOperation.WITH_CHECKSUM) != 0) {
      // The length counts twice, in the pseudo header as well. 0 would mean "none" (RFC 768).
      long sum =
          (long) TemplateOperation.baseSum(operation)
              + port
              + 2L * length
              + InternetChecksum.sum(FRAMES, udp + UdpHeader.LENGTH, end);
      int checksum = InternetChecksum.finish(sum);
      Wire.put16(FRAMES, udp + UdpHeader.CHECKSUM_OFFSET, checksum == 0 ? 0xffff : checksum);
    }
  }

  /**
   * Priority bits: an IPv4 packet's priority is what Linux makes of its TOS byte ({@code
   * rt_tos2priority}, bits 3 and 4), an IPv6 packet's is the one that it came with.
   */
  private static int classOf(long classes, long innermost, long received) {
    int byTos = 0x4620 >>> (((int) (innermost >>> 51) & 3) * 4) & 15; // 0, 2, 6, 4
    int priority =
        (innermost & TemplateOperation.IS_6) == 0
            ? byTos
            : (int) (received >>> BurstScratch.PRIORITY_SHIFT) & 15;
    return (int) (classes >>> (4 * priority)) & 7;
  }

  /** Sets bits of a byte; those that an operation writes are zero in the template. */
  private static void addBits(long field, int bits) {
    Wire.put8(FRAMES, field, Wire.u8(FRAMES, field) | bits);
  }
}
