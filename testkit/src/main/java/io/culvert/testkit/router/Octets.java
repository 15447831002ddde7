package io.culvert.testkit.router;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.Arrays;

/** Reading and writing of bytes, the plain way. Big-endian, offsets from the array's start. */
final class Octets {
  private Octets() {}

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }

  static long u32(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  static void put8(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  /**
   * The internet checksum of a range (RFC 1071): the complement of the one's complement sum of its
   * 16-bit words, the last one filled up with a zero byte.
   */
  static int checksum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at += 2) {
      int word = u8(bytes, at) << 8 | (at + 1 < to ? u8(bytes, at + 1) : 0);
      sum += word;
      if (sum > 0xffff) {
        sum -= 0xffff;
      }
    }
    return 0xffff - sum;
  }

  static IpAddress source(byte[] packet, IpFamily family) {
    return family == IpFamily.V4 ? address(packet, 12, 4) : address(packet, 8, 16);
  }

  static IpAddress destination(byte[] packet, IpFamily family) {
    return family == IpFamily.V4 ? address(packet, 16, 4) : address(packet, 24, 16);
  }

  static IpAddress address(byte[] bytes, int at, int length) {
    return IpAddress.of(Arrays.copyOfRange(bytes, at, at + length));
  }

  /** Bytes one behind the other. */
  static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Sets the checksum of an IPv4 header. */
  static void fillHeaderChecksum(byte[] packet) {
    put16(packet, 10, 0);
    put16(packet, 10, checksum(packet, 0, u8(packet, 0) % 16 * 4));
  }

  /** True if the checksum of an IPv4 header of this many bytes is right. */
  static boolean isHeaderChecksumRight(byte[] packet, int headerLength) {
    return checksum(packet, 0, headerLength) == 0;
  }
}
