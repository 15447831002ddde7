package io.culvert.wire;

/** RFC 1071 §4.1 word by word over an array: slow, and nothing of the code under test. */
final class NaiveChecksum {
  private NaiveChecksum() {}

  /** The ones' complement sum of the bytes, folded after each word. */
  static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at += 2) {
      int low = at + 1 < to ? bytes[at + 1] & 0xff : 0;
      sum += ((bytes[at] & 0xff) << 8) | low;
      if (sum > 0xffff) {
        sum = (sum & 0xffff) + 1;
      }
    }
    return sum;
  }

  static int checksum(byte... bytes) {
    return ~sum(bytes, 0, bytes.length) & 0xffff;
  }

  /** Fills in the checksum of an IPv4 header without options. */
  static byte[] seal(byte... header) {
    header[10] = 0;
    header[11] = 0;
    int checksum = ~sum(header, 0, 20) & 0xffff;
    header[10] = (byte) (checksum >>> 8);
    header[11] = (byte) checksum;
    return header;
  }

  /** As a receiver sees it: the sum over the header, checksum included, is all ones. */
  static boolean isGood(byte... header) {
    return sum(header, 0, 20) == 0xffff;
  }
}
