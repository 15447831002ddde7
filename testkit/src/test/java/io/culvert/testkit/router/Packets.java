package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpAddress;
import java.util.HexFormat;

/** Packets for tests, written field by field. */
final class Packets {
  static final String ROUTER_0 = "020000000001";
  static final String ROUTER_1 = "020000000011";
  static final String CLIENT = "02000000000a";
  static final String REMOTE = "020000000012";

  private Packets() {}

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  static byte[] ethernet(String destination, String source, int type, byte[] content) {
    byte[] header = Octets.join(hex(destination), hex(source));
    return Octets.join(Octets.join(header, new byte[] {(byte) (type >> 8), (byte) type}), content);
  }

  /** An IPv4 packet: header, options (a multiple of 4 bytes), payload. */
  static byte[] ipv4(
      String from, String to, int protocol, int ttl, byte[] options, byte[] payload) {
    byte[] header = new byte[20 + options.length];
    header[0] = (byte) (0x40 | header.length / 4);
    Octets.put16(header, 2, header.length + payload.length);
    Octets.put16(header, 4, 0x1234);
    header[8] = (byte) ttl;
    header[9] = (byte) protocol;
    System.arraycopy(IpAddress.parse(from).get().bytes(), 0, header, 12, 4);
    System.arraycopy(IpAddress.parse(to).get().bytes(), 0, header, 16, 4);
    System.arraycopy(options, 0, header, 20, options.length);
    byte[] packet = Octets.join(header, payload);
    Octets.fillHeaderChecksum(packet);
    return packet;
  }

  static byte[] udp4(String from, String to, int ttl, int length) {
    return ipv4(from, to, 17, ttl, new byte[0], udp(length - 20));
  }

  /** A UDP header without checksum, and zeros. */
  static byte[] udp(int length) {
    byte[] udp = new byte[length];
    Octets.put16(udp, 0, 4000);
    Octets.put16(udp, 2, 5000);
    Octets.put16(udp, 4, length);
    return udp;
  }

  /** An IPv6 packet; the payload starts with the header that {@code next} says. */
  static byte[] ipv6(String from, String to, int next, int hopLimit, byte[] payload) {
    byte[] header = new byte[40];
    header[0] = 0x60;
    Octets.put16(header, 4, payload.length);
    header[6] = (byte) next;
    header[7] = (byte) hopLimit;
    System.arraycopy(IpAddress.parse(from).get().bytes(), 0, header, 8, 16);
    System.arraycopy(IpAddress.parse(to).get().bytes(), 0, header, 24, 16);
    return Octets.join(header, payload);
  }

  /** With other flags and fragment offset. */
  static byte[] withFragment(byte[] ipv4, int flagsAndOffset) {
    byte[] packet = ipv4.clone();
    Octets.put16(packet, 6, flagsAndOffset);
    Octets.fillHeaderChecksum(packet);
    return packet;
  }
}
