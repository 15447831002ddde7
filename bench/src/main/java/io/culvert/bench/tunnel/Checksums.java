package io.culvert.bench.tunnel;

import io.culvert.wire.IpAddress;

/** Internet checksums the plain way (RFC 1071). */
final class Checksums {
  private Checksums() {}

  /** The sum of 16-bit words, not folded; a last odd byte is the upper half of a word. */
  static long sum(byte[] bytes, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += (bytes[i] & 0xffL) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    return sum;
  }

  /** What a UDP checksum covers besides the datagram (RFC 768, RFC 8200 §8.1). */
  static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
    byte[] from = source.bytes();
    byte[] to = destination.bytes();
    return sum(from, 0, from.length) + sum(to, 0, to.length) + protocol + length;
  }

  /** The field that makes a sum right, 0..0xffff. */
  static int field(long sum) {
    return (int) (0xffff - (sum == 0 ? 0 : (sum - 1) % 0xffff + 1));
  }

  /** True if a sum over everything, the field included, is right. */
  static boolean isRight(long sum) {
    return sum != 0 && sum % 0xffff == 0;
  }
}
