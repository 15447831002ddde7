package io.culvert.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The internet checksum (RFC 1071) and its incremental update (RFC 1624, equation 3).
 *
 * <p>A <em>sum</em> here is the ones' complement sum of 16-bit network-order words, folded to 16
 * bits; a <em>checksum</em> is its complement, as it stands in a header.
 */
public final class InternetChecksum {

  private static final ValueLayout.OfInt NATIVE_INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /** The inverse of 65,535 modulo 2^64. */
  private static final long INVERSE = 0xfffe_fffe_fffe_ffffL;

  /** How many multiples of 65,535 there are below 2^64, without 0. */
  private static final long MULTIPLES = 0x0001_0001_0001_0001L;

  private InternetChecksum() {}

  /** Folds a sum of 16-bit words with end-around carry to 0..0xffff. */
  public static int fold(long sum) {
    // Added to itself with its halves exchanged, a sum has in its upper half both halves and the
    // carry of the lower one: the end-around carry, in one step.
    int words = (int) ((sum + Long.rotateLeft(sum, 32)) >>> 32);
    return (words + Integer.rotateLeft(words, 16)) >>> 16;
  }

  /**
   * True if a sum folds to 0xffff, as that over a header with a good checksum does (RFC 1071 §1).
   *
   * @param sum of 16-bit or 32-bit words, above 0
   */
  public static boolean isAllOnes(long sum) {
    // Such a sum is a multiple of 65,535; and those times the inverse are the smallest products.
    return Long.compareUnsigned(sum * INVERSE, MULTIPLES) <= 0;
  }

  /** The checksum of a sum: its folded complement. */
  public static int finish(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /**
   * The sum of the bytes from {@code from} (inclusive) to {@code to} (exclusive). An odd last byte
   * counts as the high half of a word (RFC 1071 §1). Reads nothing outside the range.
   *
   * @return the folded sum, 0..0xffff
   */
  public static int sum(MemorySegment segment, long from, long to) {
    long sum = 0;
    long at = from;
    for (; at + 4 <= to; at += 4) {
      sum += segment.get(NATIVE_INT, at) & 0xffff_ffffL;
    }
    long tail = 0;
    if (at + 2 <= to) {
      tail += Wire.u16(segment, at);
      at += 2;
    }
    if (at < to) {
      tail += (long) Wire.u8(segment, at) << 8;
    }
    // RFC 1071 §2(B): the sum is byte-order independent, so native words are summed and swapped
    // once.
    int words = fold(sum);
    return fold((LITTLE_ENDIAN ? Short.reverseBytes((short) words) & 0xffff : words) + tail);
  }

  /**
   * True if the 20 bytes at {@code ip}, an IPv4 header without options, carry a good checksum:
   * their ones' complement sum is 0xffff (RFC 1071 §1). Five native words are enough, whatever the
   * order.
   */
  public static boolean headerIsGood(MemorySegment segment, long ip) {
    long sum =
        (segment.get(NATIVE_INT, ip) & 0xffff_ffffL)
            + (segment.get(NATIVE_INT, ip + 4) & 0xffff_ffffL)
            + (segment.get(NATIVE_INT, ip + 8) & 0xffff_ffffL)
            + (segment.get(NATIVE_INT, ip + 12) & 0xffff_ffffL)
            + (segment.get(NATIVE_INT, ip + 16) & 0xffff_ffffL);
    return fold(sum) == 0xffff;
  }

  /**
   * The checksum after a 16-bit word of the covered range went from {@code oldWord} to {@code
   * newWord}: {@code HC' = ~(~HC + ~m + m')} (RFC 1624 §3, equation 3). A wrong checksum stays
   * wrong.
   */
  public static int update16(int checksum, int oldWord, int newWord) {
    return finish((~checksum & 0xffffL) + (~oldWord & 0xffffL) + (newWord & 0xffffL));
  }

  /** As {@link #update16} for a 32-bit word at an even offset of the covered range. */
  public static int update32(int checksum, int oldWord, int newWord) {
    return finish((~checksum & 0xffffL) + (~oldWord & 0xffff_ffffL) + (newWord & 0xffff_ffffL));
  }

  /**
   * The checksum after words of the covered range changed by {@code delta} in all: equation 3 of
   * RFC 1624 §3 for many words at once. A wrong checksum stays wrong.
   *
   * @param delta the folded sum {@code ~m + m'} over all words that change, 1..0xffff: no change is
   *     0xffff
   * @return the checksum, 0..0xfffe
   */
  public static int update(int checksum, int delta) {
    return finish((~checksum & 0xffffL) + delta);
  }

  /** The sum (not folded) of the IPv4 pseudo header (RFC 768, RFC 9293 §3.1). */
  public static long pseudoHeader4(int source, int destination, int protocol, int length) {
    return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length;
  }
}
