package io.culvert.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header (RFC 791 §3.1, TOS as of RFC 2474 and RFC 3168).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+-----------+---+-------------------------------+
 * |Version|  IHL  |   DSCP    |ECN|          Total Length         |
 * +-------+-------+-----------+---+-----+-------------------------+
 * |         Identification        |Flags|      Fragment Offset    |
 * +---------------+---------------+-----+-------------------------+
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * +---------------+---------------+-------------------------------+
 * |                       Source Address                          |
 * +---------------------------------------------------------------+
 * |                    Destination Address                        |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4Header {
  /** Bytes without options. */
  public static final int LENGTH = 20;

  /** Offset of version and header length, four bits each. */
  public static final int VERSION_IHL_OFFSET = 0;

  /** Offset of the TOS byte: DSCP and ECN. */
  public static final int TOS_OFFSET = 1;

  /** Offset of the total length. */
  public static final int TOTAL_LENGTH_OFFSET = 2;

  /** Offset of the identification. */
  public static final int ID_OFFSET = 4;

  /** Offset of flags and fragment offset. */
  public static final int FRAGMENT_OFFSET = 6;

  /** Offset of the time to live. */
  public static final int TTL_OFFSET = 8;

  /** Offset of the protocol. */
  public static final int PROTOCOL_OFFSET = 9;

  /** Offset of the header checksum. */
  public static final int CHECKSUM_OFFSET = 10;

  /** Offset of the source address. */
  public static final int SOURCE_OFFSET = 12;

  /** Offset of the destination address. */
  public static final int DESTINATION_OFFSET = 16;

  /** First byte of a header without options. */
  public static final int VERSION_4_IHL_5 = 0x45;

  /** Don't fragment, in the 16-bit field of flags and offset. */
  public static final int DF = 0x4000;

  /** More fragments and the fragment offset: non-zero in a fragment. */
  public static final int MF_AND_OFFSET = 0x3fff;

  private Ipv4Header() {}

  /** Version and header length as one byte. */
  public static int versionIhl(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + VERSION_IHL_OFFSET);
  }

  /** TOS byte: DSCP in the upper six bits, ECN in the lower two. */
  public static int tos(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + TOS_OFFSET);
  }

  /** Total length in bytes, header included. */
  public static int totalLength(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip + TOTAL_LENGTH_OFFSET);
  }

  /** Identification. */
  public static int id(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip + ID_OFFSET);
  }

  /** Flags (upper three bits) and fragment offset in units of eight bytes. */
  public static int fragment(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip + FRAGMENT_OFFSET);
  }

  /** Time to live, 0..255. */
  public static int ttl(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + TTL_OFFSET);
  }

  /** Protocol of the payload. */
  public static int protocol(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + PROTOCOL_OFFSET);
  }

  /** Header checksum. */
  public static int checksum(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip + CHECKSUM_OFFSET);
  }

  /** Source address, 32 bits. */
  public static int source(MemorySegment frame, long ip) {
    return Wire.u32(frame, ip + SOURCE_OFFSET);
  }

  /** Destination address, 32 bits. */
  public static int destination(MemorySegment frame, long ip) {
    return Wire.u32(frame, ip + DESTINATION_OFFSET);
  }

  /** Source address in the upper, destination in the lower half: one load. */
  public static long addresses(MemorySegment frame, long ip) {
    return Wire.u64(frame, ip + SOURCE_OFFSET);
  }

  /**
   * Lowers the TTL by one and updates the checksum: RFC 1624 for the one word that changes by
   * 0x0100 comes to adding 0x0100 with end-around carry, where 0xffff counts as a carry too. The
   * TTL must not be zero. A wrong checksum stays wrong.
   *
   * @return the new TTL
   */
  public static int decrementTtl(MemorySegment frame, long ip) {
    int word = Wire.u32(frame, ip + TTL_OFFSET);
    // 1 off the upper byte, and on with the carry to the third: the checksum's end-around carry.
    int carry = ((word & 0xffff) + 0x0101) >>> 16;
    Wire.put32(frame, ip + TTL_OFFSET, word - 0x0100_0000 + 0x0100 - (carry << 16) + carry);
    return (word >>> 24) - 1;
  }

  /** Sets the TOS byte and updates the checksum (RFC 1624). */
  public static void setTos(MemorySegment frame, long ip, int tos) {
    int word = Wire.u16(frame, ip);
    int checksum = checksum(frame, ip);
    int changed = (word & 0xff00) | (tos & 0xff);
    Wire.put16(frame, ip, changed);
    Wire.put16(frame, ip + CHECKSUM_OFFSET, InternetChecksum.update16(checksum, word, changed));
  }
}
