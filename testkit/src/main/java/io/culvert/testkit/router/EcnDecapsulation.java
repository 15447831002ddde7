package io.culvert.testkit.router;

import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.wire.EtherType;
import io.vavr.control.Option;
import java.util.Arrays;

/** RFC 6040 §4.2: what the outer ECN field does to the inner one. */
final class EcnDecapsulation {
  private static final int NOT_ECT = 0;
  private static final int ECT_1 = 1;
  private static final int ECT_0 = 2;
  private static final int CE = 3;

  private EcnDecapsulation() {}

  /** The inner packet, or frame, with its new mark; none if it is to be dropped. */
  static Option<byte[]> apply(int outerTos, PlainPacket inner) {
    byte[] packet = inner.bytes().clone();
    int type = inner.type().namespace() == InnerType.ETHERTYPE ? inner.type().number() : 0;
    int at = 0;
    if (inner.type().equals(InnerType.ETHERNET) && packet.length >= LinkFrame.HEADER) {
      // Only a frame without tag: Linux looks for the IP header right behind the Ethernet header.
      type = Octets.u16(packet, 12);
      at = LinkFrame.HEADER;
    }
    boolean isV4 = type == EtherType.IPV4;
    if ((!isV4 && type != EtherType.IPV6) || packet.length < at + 2) {
      return Option.some(packet);
    }
    int innerMark = isV4 ? packet[at + 1] & 3 : packet[at + 1] >> 4 & 3;
    int mark = mark(outerTos & 3, innerMark);
    if (mark < 0) {
      return Option.none();
    }
    if (mark != innerMark) {
      if (isV4) {
        setIpv4(packet, at, mark);
      } else {
        packet[at + 1] = (byte) ((packet[at + 1] & 0xcf) | mark << 4);
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
  private static void setIpv4(byte[] bytes, int at, int mark) {
    byte[] packet = Arrays.copyOfRange(bytes, at, bytes.length);
    int headerLength = Octets.u8(packet, 0) % 16 * 4;
    boolean wasRight =
        packet.length >= headerLength && Octets.isHeaderChecksumRight(packet, headerLength);
    packet[1] = (byte) ((packet[1] & 0xfc) | mark);
    if (wasRight && headerLength >= 20) {
      Octets.fillHeaderChecksum(packet);
    }
    System.arraycopy(packet, 0, bytes, at, packet.length);
  }
}
