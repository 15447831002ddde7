package io.culvert.wire;

import java.lang.foreign.MemorySegment;

/**
 * The UDP header (RFC 768).
 *
 * <pre>
 *  0               2               4               6               8
 * +---------------+---------------+---------------+---------------+
 * |  Source Port  |   Dest Port   |    Length     |   Checksum    |
 * +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class UdpHeader {
  /** Bytes of the header. */
  public static final int LENGTH = 8;

  /** Offset of the length field. */
  public static final int LENGTH_OFFSET = 4;

  /** Offset of the checksum. */
  public static final int CHECKSUM_OFFSET = 6;

  private UdpHeader() {}

  /** Source port in the upper, destination port in the lower half. */
  public static int ports(MemorySegment frame, long udp) {
    return Wire.u32(frame, udp);
  }

  /** Length in bytes, header included. */
  public static int length(MemorySegment frame, long udp) {
    return Wire.u16(frame, udp + LENGTH_OFFSET);
  }

  /** Checksum; 0 over IPv4 means "none". */
  public static int checksum(MemorySegment frame, long udp) {
    return Wire.u16(frame, udp + CHECKSUM_OFFSET);
  }
}
