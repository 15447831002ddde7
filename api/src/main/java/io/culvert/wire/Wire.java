package io.culvert.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Unaligned reads and writes of network-order (big endian) fields.
 *
 * <p>Unsigned fields come back in the next wider type; {@link #u32} and {@link #u64} return the raw
 * bits, since Java has no unsigned {@code int} or {@code long}.
 */
public final class Wire {

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Wire() {}

  /** Unsigned byte, 0..255. */
  public static int u8(MemorySegment segment, long at) {
    return segment.get(BYTE, at) & 0xff;
  }

  /** Unsigned 16-bit field, 0..65535. */
  public static int u16(MemorySegment segment, long at) {
    return segment.get(SHORT, at) & 0xffff;
  }

  /** The 32 bits at {@code at}. */
  public static int u32(MemorySegment segment, long at) {
    return segment.get(INT, at);
  }

  /** Unsigned 48-bit field (a MAC address), 0..2^48-1. Reads exactly six bytes. */
  public static long u48(MemorySegment segment, long at) {
    return (long) u16(segment, at) << 32 | (segment.get(INT, at + 2) & 0xffff_ffffL);
  }

  /** The 64 bits at {@code at}. */
  public static long u64(MemorySegment segment, long at) {
    return segment.get(LONG, at);
  }

  /** Writes the low 8 bits of {@code value}. */
  public static void put8(MemorySegment segment, long at, int value) {
    segment.set(BYTE, at, (byte) value);
  }

  /** Writes the low 16 bits of {@code value}. */
  public static void put16(MemorySegment segment, long at, int value) {
    segment.set(SHORT, at, (short) value);
  }

  /** Writes 32 bits. */
  public static void put32(MemorySegment segment, long at, int value) {
    segment.set(INT, at, value);
  }

  /** Writes the low 48 bits of {@code value}: exactly six bytes. */
  public static void put48(MemorySegment segment, long at, long value) {
    put16(segment, at, (int) (value >>> 32));
    segment.set(INT, at + 2, (int) value);
  }

  /** Writes 64 bits. */
  public static void put64(MemorySegment segment, long at, long value) {
    segment.set(LONG, at, value);
  }
}
