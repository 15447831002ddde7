package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Fourth stage, and the first that writes: the inner header's ECN and TTL, then the template's
 * bytes in front of it. Nothing can be refused any more.
 *
 * <p>Compiled once more for each worker, see {@link PipelineCompiler}.
 */
final class RewriteStage implements Stage {
  private static final HotConstants C = constants();
  private static final MemorySegment FRAMES = C.frames();
  private static final MemorySegment TEMPLATES = C.templates().memory();

  private static final int[] RESULT = C.scratch().result;
  private static final long[] INNER_AT = C.scratch().innerAt;
  private static final int[] INNER = C.scratch().inner;
  private static final long[] TEMPLATE_AT = C.scratch().templateAt;
  private static final long[] BEQUEST = C.scratch().bequest;

  // Exclusive limits of where a header of 20 bytes with its transport, or of 14 bytes, may begin.
  private static final long LAST_HEADER = Math.max(0, FRAMES.byteSize() - 28 + 1);
  private static final long LAST_ETHERNET = Math.max(0, FRAMES.byteSize() - 14 + 1);

  RewriteStage() {}

  private static HotConstants constants() {
    return HotConstants.ofCallerClass(MethodHandles.lookup());
  }

  @Override
  public void run(FrameBurst burst) {
    int size = burst.size();
    for (int i = 0; i < size; i++) {
      if (RESULT[i] == 0) {
        rewrite(i);
      }
    }
  }

  private static void rewrite(int i) {
    int inner = INNER[i];
    // One check for the whole header; the JIT drops those of the accesses in it.
    long ip = Objects.checkIndex(INNER_AT[i], LAST_HEADER);
    BEQUEST[i] = (inner & BurstScratch.IS_6) == 0 ? rewrite4(ip, inner) : rewrite6(ip, inner);
    long template = TEMPLATE_AT[i];
    long head = TEMPLATES.get(FlowStore.LONG, template);
    int pushed = (int) head & 0xffff;
    copy(template + (head >>> 32 & 0xff), ip - pushed, pushed);
  }

  /**
   * The inner header: ECN and TTL. Returns what outer headers may inherit: its first word with the
   * new TTL in place of the length's lower byte.
   */
  private static long rewrite4(long ip, int inner) {
    if ((inner & BurstScratch.ECN_CHANGED) != 0) {
      Ipv4Header.setTos(
          FRAMES, ip, (Ipv4Header.tos(FRAMES, ip) & 0xfc) | (inner >>> BurstScratch.ECN_SHIFT & 3));
    }
    long ttl = Ipv4Header.decrementTtl(FRAMES, ip);
    return (Wire.u64(FRAMES, ip) & BurstScratch.TOS_AND_FRAGMENT) | ttl << BurstScratch.TTL_SHIFT;
  }

  /** The same for IPv6, in the shape of an IPv4 header's first word; without DF. */
  private static long rewrite6(long ip, int inner) {
    int trafficClass = Ipv6Header.trafficClass(FRAMES, ip);
    if ((inner & BurstScratch.ECN_CHANGED) != 0) {
      trafficClass = (trafficClass & 0xfc) | (inner >>> BurstScratch.ECN_SHIFT & 3);
      Ipv6Header.setTrafficClass(FRAMES, ip, trafficClass);
    }
    long hopLimit = Ipv6Header.hopLimit(FRAMES, ip) - 1L;
    Ipv6Header.decrementHopLimit(FRAMES, ip);
    return (long) trafficClass << 48 | hopLimit << BurstScratch.TTL_SHIFT;
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
      long to = Objects.checkIndex(start, LAST_HEADER);
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
