package io.culvert.testkit.nft;

import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.Arrays;

/**
 * Writes other addresses and ports into packets, with the checksums over them.
 *
 * <p>A checksum keeps its error: all that it covers is summed up modulo 65,535 before, and again
 * afterwards, and the checksum makes up for the difference. So a right one stays right and a wrong
 * one stays wrong by as much, as Linux's incremental updates do it.
 */
final class AddressRewrite {
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;
  private static final int MODULUS = 0xffff;
  private static final int ICMP_HEADER = 8;

  private AddressRewrite() {}

  /**
   * A packet with another source or destination.
   *
   * @param packet a packet, or the beginning of one
   * @param isSource true for the source
   * @param address the new address
   * @param port the new port, or echo identifier, if the packet has one there
   */
  static byte[] rewritten(byte[] packet, boolean isSource, IpAddress address, int port) {
    IpFamily family = family(packet);
    PacketFields fields = new PacketFields(packet, family);
    int at = packet.length - fields.behindTransport(0).length;
    boolean isUdp = fields.protocol() == UDP;
    boolean hasPorts = isUdp || fields.protocol() == TCP;
    int portAt =
        hasPorts
            ? at + (isSource ? 0 : 2)
            : isEcho(fields, isSource) ? at + ICMP_HEADER - 4 : packet.length;
    int checksumAt = hasPorts ? at + (isUdp ? 6 : 16) : isIcmp(fields) ? at + 2 : packet.length;
    boolean hasChecksum =
        fields.hasTransport(checksumAt + 2 - at) && !(isUdp && Octets.u16(packet, checksumAt) == 0);
    boolean withAddresses = fields.protocol() != ICMP;
    byte[] changed = rewrittenHeader(packet, isSource, address);
    if (portAt < packet.length && fields.hasTransport(portAt + 2 - at)) {
      Octets.put16(changed, portAt, port);
    }
    if (hasChecksum) {
      int before = sum(packet, at, withAddresses);
      Octets.put16(changed, checksumAt, 0);
      int made = Math.floorMod(before - sum(changed, at, withAddresses), MODULUS);
      // RFC 768: 0 would mean that there is none.
      Octets.put16(changed, checksumAt, made == 0 && isUdp ? MODULUS : made);
    }
    return changed;
  }

  /** A packet with another address in its IP header. */
  static byte[] rewrittenHeader(byte[] packet, boolean isSource, IpAddress address) {
    boolean isV4 = family(packet) == IpFamily.V4;
    byte[] changed = packet.clone();
    byte[] bytes = address.bytes();
    int at = isV4 ? (isSource ? 12 : 16) : isSource ? 8 : 24;
    System.arraycopy(bytes, 0, changed, at, bytes.length);
    if (isV4) {
      int end = Math.min(Octets.u8(packet, 0) % 16 * 4, packet.length);
      int before = Octets.checksum(packet, 0, end);
      Octets.put16(changed, 10, 0);
      // The header's error is the complement of what it sums up to; it stays.
      int made = Math.floorMod(Octets.checksum(changed, 0, end) - before, MODULUS);
      Octets.put16(changed, 10, made);
    }
    return changed;
  }

  /** An ICMP error with another source or destination in the packet that it quotes. */
  static byte[] rewrittenQuote(byte[] packet, boolean isSource, IpAddress address, int port) {
    PacketFields fields = new PacketFields(packet, family(packet));
    byte[] quote = fields.behindTransport(ICMP_HEADER);
    int at = packet.length - quote.length;
    byte[] changed = packet.clone();
    System.arraycopy(rewritten(quote, isSource, address, port), 0, changed, at, quote.length);
    int icmp = at - ICMP_HEADER;
    Octets.put16(changed, icmp + 2, 0);
    int sum = sum(changed, icmp, family(packet) == IpFamily.V6);
    Octets.put16(changed, icmp + 2, Math.floorMod(-sum, MODULUS));
    return changed;
  }

  private static IpFamily family(byte[] packet) {
    return Octets.u8(packet, 0) >> 4 == 4 ? IpFamily.V4 : IpFamily.V6;
  }

  private static boolean isIcmp(PacketFields fields) {
    return fields.protocol() == (fields.family() == IpFamily.V4 ? ICMP : ICMPV6);
  }

  /** True if an identifier stands for this end's port: a request's for the source. */
  private static boolean isEcho(PacketFields fields, boolean isSource) {
    if (!isIcmp(fields) || !fields.hasTransport(ICMP_HEADER)) {
      return false;
    }
    boolean v4 = fields.family() == IpFamily.V4;
    int type = fields.transport8(0);
    return isSource ? type == (v4 ? 8 : 128) : type == (v4 ? 0 : 129);
  }

  /** The sum of 16-bit words modulo 65,535, with the pseudo header's addresses if it has one. */
  private static int sum(byte[] packet, int from, boolean withAddresses) {
    byte[] even = Arrays.copyOf(packet, packet.length + (packet.length - from) % 2);
    long sum = 0;
    for (int at = from; at < even.length; at += 2) {
      sum += Octets.u16(even, at);
    }
    if (withAddresses) {
      boolean isV4 = family(packet) == IpFamily.V4;
      for (int at = isV4 ? 12 : 8; at < (isV4 ? 20 : 40); at += 2) {
        sum += Octets.u16(even, at);
      }
      sum += packet.length - from + new PacketFields(packet, family(packet)).protocol();
    }
    return (int) (sum % MODULUS);
  }
}
