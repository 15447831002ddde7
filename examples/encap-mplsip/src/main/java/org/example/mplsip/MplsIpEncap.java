package org.example.mplsip;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * One label stack entry (RFC 3032 §2.1) in front of an IP packet.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------+-----+-+---------------+
 * |                 Label                 | TC  |S|      TTL      |
 * +---------------------------------------+-----+-+---------------+
 * </pre>
 */
final class MplsIpEncap implements Encap {
  static final int LENGTH = 4;
  static final int LEAST_LABEL = 16;
  static final MplsIpEncap INSTANCE = new MplsIpEncap();

  private static final int BOTTOM = 0x100;

  private MplsIpEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at <= LENGTH) {
      return Match.TRUNCATED;
    }
    int entry = Wire.u32(frame, at);
    int label = entry >>> 12;
    if ((entry & BOTTOM) == 0 || label < LEAST_LABEL) {
      return Match.UNSUPPORTED; // more labels, or a special one (RFC 3032 §2.1)
    }
    if ((entry & 0xff) <= 1) {
      return Match.UNSUPPORTED; // expired on this hop
    }
    key.add(label);
    return switch (Wire.u8(frame, at + LENGTH) >>> 4) {
      case 4 -> Match.hit(LENGTH, InnerType.ETHERTYPE, EtherType.IPV4);
      case 6 -> Match.hit(LENGTH, InnerType.ETHERTYPE, EtherType.IPV6);
      default -> Match.MALFORMED;
    };
  }
}
