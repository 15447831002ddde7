package io.culvert.testkit.law;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;

/** Makes frames from their fields on plain byte arrays; shares no code with the packet path. */
public final class PlainFrames {
  /** Bytes of an Ethernet header. */
  public static final int ETHERNET = 14;

  /** Bytes of an IPv4 header without options. */
  public static final int IPV4 = 20;

  /** Bytes of an IPv6 header. */
  public static final int IPV6 = 40;

  /** IP protocol of IPv4 in IP. */
  public static final int IPIP_PROTOCOL = 4;

  /** IP protocol of TCP. */
  public static final int TCP = 6;

  /** IP protocol of UDP. */
  public static final int UDP = 17;

  private PlainFrames() {}

  /**
   * The fields of an IP header that a sender chooses freely.
   *
   * @param tos TOS or traffic class
   * @param ttl TTL or hop limit
   * @param flags the 16 bits of flags and fragment offset; IPv4 only
   * @param id the identification; IPv4 only
   */
  public record Ip(int tos, int ttl, int flags, int id) {
    /** TOS 0, DF set. */
    public static Ip ttl(int ttl) {
      return new Ip(0, ttl, 0x4000, 0);
    }
  }

  /** An Ethernet frame with what it carries. */
  public static byte[] ethernet(MacAddress to, MacAddress from, int type, byte[] payload) {
    byte[] frame = new byte[ETHERNET + payload.length];
    for (int i = 0; i < 6; i++) {
      frame[i] = (byte) (to.bits() >> (40 - 8 * i));
      frame[6 + i] = (byte) (from.bits() >> (40 - 8 * i));
    }
    put16(frame, 12, type);
    System.arraycopy(payload, 0, frame, ETHERNET, payload.length);
    return frame;
  }

  /** An IP packet of the family of its addresses. */
  public static byte[] ip(
      Ip fields, IpAddress source, IpAddress destination, int protocol, byte[] payload) {
    return source.bytes().length == 4
        ? ipv4(fields, source.bytes(), destination.bytes(), protocol, payload)
        : ipv6(fields, source.bytes(), destination.bytes(), protocol, payload);
  }

  private static byte[] ipv4(
      Ip fields, byte[] source, byte[] destination, int protocol, byte[] payload) {
    byte[] packet = new byte[IPV4 + payload.length];
    packet[0] = 0x45;
    packet[1] = (byte) fields.tos();
    put16(packet, 2, packet.length);
    put16(packet, 4, fields.id());
    put16(packet, 6, fields.flags());
    packet[8] = (byte) fields.ttl();
    packet[9] = (byte) protocol;
    System.arraycopy(source, 0, packet, 12, 4);
    System.arraycopy(destination, 0, packet, 16, 4);
    System.arraycopy(payload, 0, packet, IPV4, payload.length);
    fixHeaderChecksum(packet, 0);
    return packet;
  }

  private static byte[] ipv6(
      Ip fields, byte[] source, byte[] destination, int protocol, byte[] payload) {
    byte[] packet = new byte[IPV6 + payload.length];
    put16(packet, 0, 0x6000 | fields.tos() << 4);
    put16(packet, 2, fields.id());
    put16(packet, 4, payload.length);
    packet[6] = (byte) protocol;
    packet[7] = (byte) fields.ttl();
    System.arraycopy(source, 0, packet, 8, 16);
    System.arraycopy(destination, 0, packet, 24, 16);
    System.arraycopy(payload, 0, packet, IPV6, payload.length);
    return packet;
  }

  /** A UDP datagram; the checksum is written as given. */
  public static byte[] udp(int sourcePort, int destinationPort, int checksum, byte[] payload) {
    byte[] datagram = new byte[8 + payload.length];
    put16(datagram, 0, sourcePort);
    put16(datagram, 2, destinationPort);
    put16(datagram, 4, datagram.length);
    put16(datagram, 6, checksum);
    System.arraycopy(payload, 0, datagram, 8, payload.length);
    return datagram;
  }

  /**
   * A TCP segment without options.
   *
   * @param bits reserved bits and flags: the lower 12 bits of the word behind the data offset
   */
  public static byte[] tcp(
      int sourcePort, int destinationPort, int bits, int checksum, byte[] payload) {
    byte[] segment = new byte[20 + payload.length];
    put16(segment, 0, sourcePort);
    put16(segment, 2, destinationPort);
    put16(segment, 4, 0x1234);
    put16(segment, 12, 0x5000 | bits);
    put16(segment, 14, 0x7fff);
    put16(segment, 16, checksum);
    System.arraycopy(payload, 0, segment, 20, payload.length);
    return segment;
  }

  /** Bytes that are easy to recognise, and different at each place. */
  public static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 8));
    }
    return bytes;
  }

  /** Makes the checksum of an IPv4 header right, whatever length its first byte tells. */
  public static void fixHeaderChecksum(byte[] bytes, int at) {
    int end = Math.min(bytes.length, at + (bytes[at] & 0xf) * 4);
    if (end < at + 12) {
      return;
    }
    put16(bytes, at + 10, 0);
    int sum = 0;
    for (int i = at; i < end; i++) {
      sum += (bytes[i] & 0xff) << ((i - at) % 2 == 0 ? 8 : 0);
    }
    put16(bytes, at + 10, 0xffff - (sum % 0xffff == 0 && sum != 0 ? 0xffff : sum % 0xffff));
  }

  /** Makes the checksum of a TCP or UDP packet right that has neither options nor extensions. */
  public static void fixTransportChecksum(byte[] packet) {
    boolean isV4 = packet[0] >> 4 == 4;
    int protocol = packet[isV4 ? 9 : 6];
    int transport = isV4 ? IPV4 : IPV6;
    int at = transport + (protocol == UDP ? 6 : 16);
    put16(packet, at, 0);
    long sum = protocol + (long) packet.length - transport;
    for (int i = isV4 ? 12 : 8; i < packet.length; i++) {
      sum += (long) (packet[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    int right = 0xffff - (int) (sum % 0xffff);
    // A sum of 0 is said by 0xffff for UDP (RFC 768), which is as right as 0 for TCP.
    put16(packet, at, right);
  }

  /** Writes a 16-bit field. */
  public static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  /** Reads a 16-bit field. */
  public static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
