package io.culvert.encap.vxlan;

import java.nio.ByteBuffer;

/**
 * Layout of the VXLAN header (RFC 7348 §5).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|R|R|R|I|R|R|R|            Reserved                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                VXLAN Network Identifier (VNI) |   Reserved    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class VxlanHeader {
  /** Bytes of the header. */
  static final int LENGTH = 8;

  /** The header of VNI 0 as 64 bits: flag I, and zeros. */
  static final long VNI_PRESENT = 0x0800_0000_0000_0000L;

  /** Offset of the VNI from the right, in bits. */
  static final int VNI_SHIFT = 8;

  /** Largest VNI. */
  static final int MOST_VNI = 0xff_ffff;

  /** The VNI's 24 bits; all others are flags or reserved. */
  static final long VNI_MASK = (long) MOST_VNI << VNI_SHIFT;

  /** All bits but flag I and the VNI: a sender's zeros, which a receiver may ignore. */
  static final long RESERVED = ~(VNI_PRESENT | VNI_MASK);

  private VxlanHeader() {}

  /** The header of a segment's frames. */
  static byte[] of(long vni) {
    return ByteBuffer.allocate(LENGTH).putLong(VNI_PRESENT | vni << VNI_SHIFT).array();
  }
}
