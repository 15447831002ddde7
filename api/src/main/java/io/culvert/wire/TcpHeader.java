package io.culvert.wire;

import java.lang.foreign.MemorySegment;

/**
 * The parts of the TCP header (RFC 9293 §3.1) that a flowtable looks at.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * +---------------------------------------------------------------+
 * |                    Acknowledgment Number                      |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |DOffset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |         Urgent Pointer        |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
public final class TcpHeader {
  /** Bytes without options. */
  public static final int LENGTH = 20;

  /** Offset of the data offset, in the upper four bits. */
  public static final int DATA_OFFSET_OFFSET = 12;

  /** Offset of the flags byte. */
  public static final int FLAGS_OFFSET = 13;

  /** Offset of the checksum. */
  public static final int CHECKSUM_OFFSET = 16;

  /** Sender has finished. */
  public static final int FIN = 0x01;

  /** Synchronise sequence numbers. */
  public static final int SYN = 0x02;

  /** Reset. */
  public static final int RST = 0x04;

  private TcpHeader() {}

  /** Source port in the upper, destination port in the lower half. */
  public static int ports(MemorySegment frame, long tcp) {
    return Wire.u32(frame, tcp);
  }

  /** Length of the header in bytes, as its data offset says: 0..60. */
  public static int headerLength(MemorySegment frame, long tcp) {
    return Wire.u8(frame, tcp + DATA_OFFSET_OFFSET) >>> 4 << 2;
  }

  /** The flags byte. */
  public static int flags(MemorySegment frame, long tcp) {
    return Wire.u8(frame, tcp + FLAGS_OFFSET);
  }
}
