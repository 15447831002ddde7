package io.culvert.bench.classic;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import java.lang.foreign.MemorySegment;

/** What a router checks of an IPv4 header before it looks for a route (RFC 1812 §5.2.2). */
final class Ipv4Input {
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;

  private Ipv4Input() {}

  /**
   * Checks the header of the packet in {@code [ip, end)}.
   *
   * @return the packet's end by its own total length, or -1 to leave it
   */
  static long check(long ip, long end) {
    if (end - ip < Ipv4Header.LENGTH
        || Ipv4Header.versionIhl(FRAMES, ip) != Ipv4Header.VERSION_4_IHL_5) {
      return -1;
    }
    int length = Ipv4Header.totalLength(FRAMES, ip);
    if (length < Ipv4Header.LENGTH || length > end - ip) {
      return -1;
    }
    if (!InternetChecksum.headerIsGood(FRAMES, ip)) {
      return -1;
    }
    // Fragments would need reassembly before the rules could see their ports.
    return (Ipv4Header.fragment(FRAMES, ip) & Ipv4Header.MF_AND_OFFSET) == 0 ? ip + length : -1;
  }

  /** True for an address that a packet to be forwarded may have (RFC 1812 §5.3.7). */
  static boolean isUnicast(int address) {
    int net = address >>> 24;
    return net < 224 && net != 0 && net != 127;
  }
}
