package io.culvert.bench.classic;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The tunnel device of the classic path: outer header on (RFC 2003), outer header off, ECN. */
final class IpipDevice {
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;
  private static final int CE = 3;
  private static final int IPIP = 4;

  private int nextId;

  IpipDevice() {}

  /** Writes the outer header in front of the packet in {@code [ip, end)}; returns its offset. */
  long push(long ip, long end, int local, int remote) {
    long outer = ip - Ipv4Header.LENGTH;
    int length = (int) (end - outer);
    // RFC 6040 §4.1: the inner ECN field goes outside as it is; the DSCP is the tunnel's, 0.
    int tos = Ipv4Header.tos(FRAMES, ip) & 3;
    int id = nextId++ & 0xffff;
    int ttl = Ipv4Header.ttl(FRAMES, ip);
    int first = Ipv4Header.VERSION_4_IHL_5 << 8 | tos;
    int fifth = ttl << 8 | IPIP;
    // The words are at hand: no need to read the header back.
    long sum = (long) first + length + id + Ipv4Header.DF + fifth;
    sum += InternetChecksum.pseudoHeader4(local, remote, 0, 0);
    int checksum = InternetChecksum.finish(sum);
    Wire.put32(FRAMES, outer, first << 16 | length);
    Wire.put32(FRAMES, outer + Ipv4Header.ID_OFFSET, id << 16 | Ipv4Header.DF);
    Wire.put32(FRAMES, outer + Ipv4Header.TTL_OFFSET, fifth << 16 | checksum);
    Wire.put32(FRAMES, outer + Ipv4Header.SOURCE_OFFSET, local);
    Wire.put32(FRAMES, outer + Ipv4Header.DESTINATION_OFFSET, remote);
    return outer;
  }

  /** Brings the outer ECN field inside (RFC 6040 §4.2); false if the packet must be dropped. */
  static boolean popEcn(long outer, long inner) {
    int outerEcn = Ipv4Header.tos(FRAMES, outer) & 3;
    if (outerEcn == 0) {
      return true;
    }
    int tos = Ipv4Header.tos(FRAMES, inner);
    int innerEcn = tos & 3;
    if (innerEcn == 0) {
      return outerEcn != CE;
    }
    boolean marks = outerEcn == CE || (outerEcn == 1 && innerEcn == 2);
    if (marks && innerEcn != outerEcn) {
      Ipv4Header.setTos(FRAMES, inner, (tos & 0xfc) | outerEcn);
    }
    return true;
  }
}
