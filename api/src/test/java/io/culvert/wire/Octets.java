package io.culvert.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Native memory for tests, filled with {@code 0xa5} so that a byte missed or written too many
 * shows, and big-endian readings of its bytes that share no code with the accessors.
 */
final class Octets {
  static final byte FILLER = (byte) 0xa5;

  private Octets() {}

  /** Memory full of the filler byte. */
  static MemorySegment filled(int length) {
    MemorySegment segment = Arena.ofAuto().allocate(length, 1);
    return segment.fill(FILLER);
  }

  /** Memory with these bytes. */
  static MemorySegment of(byte... bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, bytes.length), 1);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return bytes.length == 0 ? segment.asSlice(0, 0) : segment;
  }

  static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** {@code count} bits from bit {@code from}, counted from the most significant of byte 0. */
  static long bits(byte[] bytes, int from, int count) {
    String all = new BigInteger(1, bytes).toString(2);
    String padded = "0".repeat(8 * bytes.length - all.length()) + all;
    return Long.parseUnsignedLong(padded.substring(from, from + count), 2);
  }

  /** True if every byte outside {@code [from, to)} is the filler. */
  static boolean untouchedOutside(MemorySegment segment, int from, int to) {
    byte[] bytes = bytes(segment);
    Arrays.fill(bytes, from, to, FILLER);
    byte[] filler = new byte[bytes.length];
    Arrays.fill(filler, FILLER);
    return Arrays.equals(bytes, filler);
  }
}
