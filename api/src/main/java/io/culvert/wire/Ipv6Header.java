package io.culvert.wire;

import java.lang.foreign.MemorySegment;

/**
 * The IPv6 header (RFC 8200 §3).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |                    Source Address (16 bytes)                  |
 * +---------------------------------------------------------------+
 * |                 Destination Address (16 bytes)                |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6Header {
  /** Bytes of the fixed header. */
  public static final int LENGTH = 40;

  /** Offset of the payload length. */
  public static final int PAYLOAD_LENGTH_OFFSET = 4;

  /** Offset of the next header. */
  public static final int NEXT_HEADER_OFFSET = 6;

  /** Offset of the hop limit. */
  public static final int HOP_LIMIT_OFFSET = 7;

  /** Offset of the source address. */
  public static final int SOURCE_OFFSET = 8;

  /** Offset of the destination address. */
  public static final int DESTINATION_OFFSET = 24;

  private Ipv6Header() {}

  /** Version, 4 bits. */
  public static int version(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip) >>> 4;
  }

  /** Traffic class: DSCP in the upper six bits, ECN in the lower two. */
  public static int trafficClass(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip) >>> 4 & 0xff;
  }

  /** Flow label, 20 bits. */
  public static int flowLabel(MemorySegment frame, long ip) {
    return Wire.u32(frame, ip) & 0xf_ffff;
  }

  /** Payload length in bytes, without the fixed header. */
  public static int payloadLength(MemorySegment frame, long ip) {
    return Wire.u16(frame, ip + PAYLOAD_LENGTH_OFFSET);
  }

  /** Next header. */
  public static int nextHeader(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + NEXT_HEADER_OFFSET);
  }

  /** Hop limit, 0..255. */
  public static int hopLimit(MemorySegment frame, long ip) {
    return Wire.u8(frame, ip + HOP_LIMIT_OFFSET);
  }

  /** Lowers the hop limit by one; it must not be zero. */
  public static void decrementHopLimit(MemorySegment frame, long ip) {
    Wire.put8(frame, ip + HOP_LIMIT_OFFSET, hopLimit(frame, ip) - 1);
  }

  /** Sets the traffic class; the flow label stays. */
  public static void setTrafficClass(MemorySegment frame, long ip, int trafficClass) {
    int word = Wire.u16(frame, ip);
    Wire.put16(frame, ip, (word & 0xf00f) | (trafficClass & 0xff) << 4);
  }
}
