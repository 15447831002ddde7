package io.culvert.wire;

import java.lang.foreign.MemorySegment;

/**
 * The Ethernet II header (IEEE 802.3 §3.1.1).
 *
 * <pre>
 *  0                   6                  12      14
 * +-------------------+-------------------+-------+
 * |  destination MAC  |    source MAC     | Type  |
 * +-------------------+-------------------+-------+
 * </pre>
 */
public final class EthernetHeader {
  /** Bytes from the destination address to the payload. */
  public static final int LENGTH = 14;

  /** Offset of the destination address, six bytes. */
  public static final int DESTINATION_OFFSET = 0;

  /** Offset of the source address, six bytes. */
  public static final int SOURCE_OFFSET = 6;

  /** Offset of the EtherType, two bytes. */
  public static final int TYPE_OFFSET = 12;

  private EthernetHeader() {}

  /** Destination address, 48 bits. */
  public static long destination(MemorySegment frame, long ethernet) {
    return Wire.u48(frame, ethernet + DESTINATION_OFFSET);
  }

  /** Source address, 48 bits. */
  public static long source(MemorySegment frame, long ethernet) {
    return Wire.u48(frame, ethernet + SOURCE_OFFSET);
  }

  /** EtherType (or, below 0x600, an 802.3 length). */
  public static int type(MemorySegment frame, long ethernet) {
    return Wire.u16(frame, ethernet + TYPE_OFFSET);
  }

  /** Writes the whole header. */
  public static void write(
      MemorySegment frame, long ethernet, long destination, long source, int type) {
    Wire.put48(frame, ethernet + DESTINATION_OFFSET, destination);
    Wire.put48(frame, ethernet + SOURCE_OFFSET, source);
    Wire.put16(frame, ethernet + TYPE_OFFSET, type);
  }
}
