package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Sixth stage: the inner header's ECN and TTL, then the template's bytes in front of it. Nothing
 * can be refused any more.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class RewriteStage extends Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment TEMPLATES = C.templates().memory();

  private static final BurstScratch SCRATCH = C.scratch();
  private static final long[] ROWS = C.scratch().rows;

  // Exclusive limits of where an IP header may begin, behind which there need be nothing; headers
  // of more than 32 bytes in front of one; an Ethernet header.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - Ipv4Header.LENGTH + 1);
  private static final long LAST_LONG = Math.max(0, FRAMES.byteSize() - 28 + 1);
  private static final int ONE_IPV4_LENGTH = EthernetHeader.LENGTH + Ipv4Header.LENGTH;
  private static final long LAST_ONE_IPV4 = Math.max(0, FRAMES.byteSize() - ONE_IPV4_LENGTH + 1);
  private static final long LAST_ETHERNET = Math.max(0, FRAMES.byteSize() - 14 + 1);
  private static final long LAST_TEMPLATE = TEMPLATES.byteSize() - TemplateStore.SLOT + 1;

  RewriteStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  void run(FrameBurst burst, int from, int to) {
    for (int i = from; i < to; i++) {
      int row = BurstScratch.row(i);
      if (ROWS[row + BurstScratch.RESULT] == 0) {
        rewrite(row);
      }
    }
  }

  private static void rewrite(int row) {
    int inner = (int) ROWS[row + BurstScratch.INNER];
    // One check for the whole header; the JIT drops those of the accesses in it.
    long ip = Objects.checkIndex(ROWS[row + BurstScratch.INNER_AT], LAST_HEADER);
    boolean isV4 = (inner & BurstScratch.IS_6) == 0;
    long ttl = isV4 ? rewrite4(ip, inner) : rewrite6(ip, inner);
    long template = Objects.checkIndex(ROWS[row + BurstScratch.TEMPLATE], LAST_TEMPLATE);
    long head = TEMPLATES.get(FlowStore.LONG, template);
    if (head >>> 48 == TemplateStore.ETHERNET) {
      pushEthernet(template + TemplateStore.ETHERNET_BYTES, ip - EthernetHeader.LENGTH);
      return;
    }
    long bequest = isV4 ? bequest4(ip) | ttl << BurstScratch.TTL_SHIFT : bequest6(ip);
    if (head >>> 48 == TemplateStore.ONE_IPV4) {
      pushOneIpv4(template, ip - ONE_IPV4_LENGTH, (inner & 0xffff) + Ipv4Header.LENGTH, bequest);
    } else {
      ROWS[row + BurstScratch.BEQUEST] = bequest;
      int pushed = (int) head & 0xffff;
      copy(template + (head >>> 32 & 0xff), ip - pushed, pushed);
    }
  }

  /** Fourteen bytes: two words that overlap. */
  private static void pushEthernet(long bytes, long at) {
    long start = Objects.checkIndex(at, LAST_ETHERNET);
    copy8(bytes, start);
    copy8(bytes + 6, start + 6);
  }

  /**
   * Ethernet and one IPv4 header, each word written once: the most common push. The same as a copy
   * and {@link FinishStage}, in a third of the instructions.
   */
  private static void pushOneIpv4(long template, long at, long total, long bequest) {
    long start = Objects.checkIndex(at, LAST_ONE_IPV4);
    long bytes = template + TemplateStore.ONE_IPV4_BYTES;
    long operation = TEMPLATES.get(FlowStore.LONG, template + 8);
    long mask = TEMPLATES.get(FlowStore.LONG, template + 16);
    long inherited = OuterIpv4.inherited(operation, mask, bequest);
    long first = OuterIpv4.first(Wire.u64(TEMPLATES, bytes + 14), inherited);
    long id = OuterIpv4.isAtomic(first) ? 0 : SCRATCH.nextId++ & 0xffff;
    int second =
        OuterIpv4.second(operation, Wire.u32(TEMPLATES, bytes + 22), inherited, total + id);
    copy8(bytes, start);
    copy8(bytes + 6, start + 6);
    Wire.put64(FRAMES, start + 14, first | total << 32 | id << 16);
    Wire.put32(FRAMES, start + 22, second);
    copy8(bytes + 26, start + 26);
  }

  /** The inner header: ECN and TTL. Returns the new TTL. */
  private static long rewrite4(long ip, int inner) {
    if ((inner & BurstScratch.ECN_CHANGED) != 0) {
      Ipv4Header.setTos(
          FRAMES, ip, (Ipv4Header.tos(FRAMES, ip) & 0xfc) | (inner >>> BurstScratch.ECN_SHIFT & 3));
    }
    return Ipv4Header.decrementTtl(FRAMES, ip);
  }

  /** What outer headers may inherit beside the TTL: TOS and DF of the first word. */
  private static long bequest4(long ip) {
    return Wire.u64(FRAMES, ip) & BurstScratch.TOS_AND_FRAGMENT;
  }

  /** The same for IPv6, with its flow label. */
  private static long bequest6(long ip) {
    return OuterIpv6.bequest(Wire.u64(FRAMES, ip));
  }

  /** The inner IPv6 header: ECN and hop limit. Returns the new hop limit. */
  private static long rewrite6(long ip, int inner) {
    if ((inner & BurstScratch.ECN_CHANGED) != 0) {
      int others = Ipv6Header.trafficClass(FRAMES, ip) & 0xfc;
      Ipv6Header.setTrafficClass(FRAMES, ip, others | (inner >>> BurstScratch.ECN_SHIFT & 3));
    }
    long hopLimit = Ipv6Header.hopLimit(FRAMES, ip) - 1L;
    Ipv6Header.decrementHopLimit(FRAMES, ip);
    return hopLimit;
  }

  /**
   * Copies header bytes, eight at a time; the last eight overlap, so that exactly {@code length}
   * bytes are written. A template has at least the 14 of Ethernet. Spelled out: the JIT would
   * unroll a loop for lengths that no header has.
   */
  private static void copy(long from, long start, int length) {
    long to = Objects.checkIndex(start, LAST_ETHERNET);
    copy8(from, to);
    if (length > 16) {
      copyMiddle(from, start, length);
    }
    copy8(from + (length - 8 & 0xff), to + length - 8);
  }

  private static void copyMiddle(long from, long start, int length) {
    if (length > 32) {
      long to = Objects.checkIndex(start, LAST_LONG);
      copy8(from + 8, to + 8);
      copy8(from + 16, to + 16);
      copy8(from + 24, to + 24);
      if (length > 40) {
        MemorySegment.copy(TEMPLATES, from + 32, FRAMES, to + 32, length - 32);
      }
    } else {
      copy8(from + 8, start + 8);
      if (length > 24) {
        copy8(from + 16, start + 16);
      }
    }
  }

  private static void copy8(long from, long to) {
    FRAMES.set(FlowStore.LONG, to, TEMPLATES.get(FlowStore.LONG, from));
  }
}
