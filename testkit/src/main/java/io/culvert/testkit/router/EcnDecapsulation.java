package io.culvert.testkit.router;

import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.vavr.control.Option;

/** RFC 6040 §4.2: what the outer ECN field does to the inner one. */
final class EcnDecapsulation {
  private static final int NOT_ECT = 0;
  private static final int ECT_1 = 1;
  private static final int ECT_0 = 2;
  private static final int CE = 3;

  private EcnDecapsulation() {}

  /** The inner packet with its new mark; none if it is to be dropped. */
  static Option<byte[]> apply(int outerTos, PlainPacket inner) {
    boolean isV4 = inner.type().equals(InnerType.IPV4);
    boolean isV6 = inner.type().equals(InnerType.IPV6);
    byte[] packet = inner.bytes().clone();
    if ((!isV4 && !isV6) || packet.length < 2) {
      return Option.some(packet);
    }
    int innerMark = isV4 ? packet[1] & 3 : packet[1] >> 4 & 3;
    int mark = mark(outerTos & 3, innerMark);
    if (mark < 0) {
      return Option.none();
    }
    if (mark != innerMark) {
      if (isV4) {
        setIpv4(packet, mark);
      } else {
        packet[1] = (byte) ((packet[1] & 0xcf) | mark << 4);
      }
    }
    return Option.some(packet);
  }

  /** The resulting mark, or -1 to drop. */
  static int mark(int outer, int inner) {
    if (inner == NOT_ECT) {
      return outer == CE ? -1 : NOT_ECT;
    }
    if (outer == CE) {
      return CE;
    }
    return outer == ECT_1 && inner == ECT_0 ? ECT_1 : inner;
  }

  /** Linux updates the checksum by the difference, so that a wrong one stays wrong. */
  private static void setIpv4(byte[] packet, int mark) {
    int headerLength = Octets.u8(packet, 0) % 16 * 4;
    boolean wasRight =
        packet.length >= headerLength && Octets.isHeaderChecksumRight(packet, headerLength);
    packet[1] = (byte) ((packet[1] & 0xfc) | mark);
    if (wasRight && headerLength >= 20) {
      Octets.fillHeaderChecksum(packet);
    }
  }
}
