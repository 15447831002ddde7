package io.culvert.testkit.codec;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import java.util.Arrays;

/**
 * Reading and writing of bytes, the plain way, for codecs and for the reference router. Big-endian,
 * offsets from the array's start; what does not fit is an exception of the array.
 */
public final class Octets {
  private Octets() {}

  /** A byte, 0..255. */
  public static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  /** Two bytes, 0..65535. */
  public static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }

  /** Four bytes, 0..2^32-1. */
  public static long u32(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  /** Writes the lowest 8 bits of a value. */
  public static void put8(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
  }

  /** Writes the lowest 16 bits of a value. */
  public static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  /** Writes the lowest 32 bits of a value. */
  public static void put32(byte[] bytes, int at, long value) {
    put16(bytes, at, (int) (value >> 16));
    put16(bytes, at + 2, (int) value);
  }

  /**
   * The internet checksum of a range (RFC 1071): the complement of the one's complement sum of its
   * 16-bit words, the last one filled up with a zero byte.
   */
  public static int checksum(byte[] bytes, int from, int to) {
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

  /** Source address of an IP packet. */
  public static IpAddress source(byte[] packet, IpFamily family) {
    return family == IpFamily.V4 ? address(packet, 12, 4) : address(packet, 8, 16);
  }

  /** Destination address of an IP packet. */
  public static IpAddress destination(byte[] packet, IpFamily family) {
    return family == IpFamily.V4 ? address(packet, 16, 4) : address(packet, 24, 16);
  }

  /** The IP address that stands in 4 or 16 bytes. */
  public static IpAddress address(byte[] bytes, int at, int length) {
    return IpAddress.of(Arrays.copyOfRange(bytes, at, at + length));
  }

  /** A MAC address. */
  public static MacAddress mac(byte[] bytes, int at) {
    return new MacAddress(u32(bytes, at) << 16 | u16(bytes, at + 4));
  }

  /** Writes a MAC address. */
  public static void putMac(byte[] bytes, int at, MacAddress address) {
    put32(bytes, at, address.bits() >> 16);
    put16(bytes, at + 4, (int) address.bits());
  }

  /** Bytes one behind the other. */
  public static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Sets the checksum of an IPv4 header. */
  public static void fillHeaderChecksum(byte[] packet) {
    put16(packet, 10, 0);
    put16(packet, 10, checksum(packet, 0, u8(packet, 0) % 16 * 4));
  }

  /** True if the checksum of an IPv4 header of this many bytes is right. */
  public static boolean isHeaderChecksumRight(byte[] packet, int headerLength) {
    return checksum(packet, 0, headerLength) == 0;
  }
}
