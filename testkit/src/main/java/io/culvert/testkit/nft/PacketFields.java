package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.Arrays;

/**
 * The fields of an IP packet that rules look at, read by ourselves. Reads beyond the packet's end
 * are never made: what is not there is not there.
 */
final class PacketFields {
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;

  private final byte[] packet;
  private final IpFamily family;
  private int protocol;
  private int transport;
  private boolean isFragment;
  private boolean isFirst = true;

  /** A packet of this family, whole or the beginning of one. */
  PacketFields(byte[] packet, IpFamily family) {
    this.packet = packet;
    this.family = family;
    if (family == IpFamily.V4) {
      transport = (u8(0) & 0xf) * 4;
      protocol = u8(9);
      isFragment = (u16(6) & 0x3fff) != 0;
      isFirst = (u16(6) & 0x1fff) == 0;
    } else {
      transport = 40;
      protocol = u8(6);
      skipExtensionHeaders();
    }
  }

  /** A whole packet. */
  static PacketFields of(byte[] packet) {
    return new PacketFields(packet, packet[0] >> 4 == 4 ? IpFamily.V4 : IpFamily.V6);
  }

  private void skipExtensionHeaders() {
    while (transport + 8 <= packet.length) {
      int length;
      switch (protocol) {
        case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> length = (u8(transport + 1) + 1) * 8;
        case AUTHENTICATION -> length = (u8(transport + 1) + 2) * 4;
        case FRAGMENT -> {
          length = 8;
          isFragment = true;
          isFirst = (u16(transport + 2) & 0xfff8) == 0;
        }
        default -> {
          return;
        }
      }
      protocol = u8(transport);
      transport += length;
      if (!isFirst) {
        return;
      }
    }
  }

  private int u8(int at) {
    return at < packet.length ? packet[at] & 0xff : 0;
  }

  private int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  IpFamily family() {
    return family;
  }

  int length() {
    return packet.length;
  }

  /** Protocol field of the IP header itself. */
  int headerProtocol() {
    return u8(family == IpFamily.V4 ? 9 : 6);
  }

  /** Protocol behind extension headers. */
  int protocol() {
    return protocol;
  }

  boolean isFragment() {
    return isFragment;
  }

  /** True if this many bytes of the transport header are there. */
  boolean hasTransport(int bytes) {
    return isFirst && transport + bytes <= packet.length;
  }

  /** A byte of the transport header; only if it is there. */
  int transport8(int offset) {
    return u8(transport + offset);
  }

  /** Two bytes of the transport header; only if they are there. */
  int transport16(int offset) {
    return u16(transport + offset);
  }

  /** What stands in the transport header from an offset on. */
  byte[] behindTransport(int offset) {
    return Arrays.copyOfRange(packet, Math.min(transport + offset, packet.length), packet.length);
  }

  /**
   * True if the sum over transport header and payload is right.
   *
   * @param withAddresses true if the sum covers addresses, length and protocol too (RFC 9293 §3.1,
   *     RFC 768, RFC 8200 §8.1)
   */
  boolean isChecksumRight(boolean withAddresses) {
    int length = packet.length - transport;
    long sum = 0;
    for (int at = 0; at < length; at += 2) {
      sum += at + 1 < length ? u16(transport + at) : u8(transport + at) << 8;
    }
    if (withAddresses) {
      int from = family == IpFamily.V4 ? 12 : 8;
      int to = family == IpFamily.V4 ? 20 : 40;
      for (int at = from; at < to; at += 2) {
        sum += u16(at);
      }
      sum += length + protocol;
    }
    return sum % 0xffff == 0;
  }

  IpAddress source() {
    return address(family == IpFamily.V4 ? 12 : 8);
  }

  IpAddress destination() {
    return address(family == IpFamily.V4 ? 16 : 24);
  }

  private IpAddress address(int at) {
    return IpAddress.of(Arrays.copyOfRange(packet, at, at + (family == IpFamily.V4 ? 4 : 16)));
  }
}
