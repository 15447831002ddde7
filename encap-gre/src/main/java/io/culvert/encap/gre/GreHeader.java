package io.culvert.encap.gre;

import java.nio.ByteBuffer;

/**
 * Layout of the GRE header (RFC 2784 §2, with the key and sequence number of RFC 2890 §2).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |C| |K|S| Reserved0       | Ver |         Protocol Type         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      Checksum (optional)      |       Reserved1 (optional)    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Key (optional)                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 Sequence Number (optional)                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>A tunnel's identity is one word: the flags of its packets in the upper half, the key in the
 * lower one. So an absent key is another word than key 0, and the two directions of a tunnel have
 * the same number of words even if only one of them has a key.
 */
final class GreHeader {
  /** Bytes of a header without optional fields. */
  static final int LEAST_LENGTH = 4;

  /** Flag C: checksum and Reserved1 are there. */
  static final int CHECKSUM_PRESENT = 0x8000;

  /** Flag K: the key is there. */
  static final int KEY_PRESENT = 0x2000;

  /** Flag S: the sequence number is there. */
  static final int SEQUENCE_PRESENT = 0x1000;

  /** All bits of the first 16 that may be set: no routing, no reserved bit, version 0. */
  static final int FLAGS = CHECKSUM_PRESENT | KEY_PRESENT | SEQUENCE_PRESENT;

  /** The version among the first 16 bits; 0 for GRE. */
  static final int VERSION = 0x0007;

  /** Offset of the checksum, if it is there. */
  static final int CHECKSUM = 4;

  /** Offset of Reserved1, if it is there. */
  static final int RESERVED1 = 6;

  /** Bytes of each optional field; the checksum's includes Reserved1. */
  static final int FIELD_LENGTH = 4;

  /** Protocol type of Ethernet frames: Transparent Ethernet Bridging (RFC 7637 §3.2). */
  static final int TRANSPARENT_ETHERNET_BRIDGING = 0x6558;

  private GreHeader() {}

  /** Bytes of a header with these flags. */
  static int length(int flags) {
    return LEAST_LENGTH + FIELD_LENGTH * Integer.bitCount(flags & FLAGS);
  }

  /** Offset of the sequence number of a header with these flags: it is always the last field. */
  static int sequence(int flags) {
    return length(flags) - FIELD_LENGTH;
  }

  /** The identity word: flags and key, 0 without one. */
  static long word(int flags, int key) {
    return (long) flags << Integer.SIZE | Integer.toUnsignedLong(key);
  }

  /** The flags in an identity word. */
  static int flags(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  /** The header of a tunnel's packets; checksum and sequence number are zero. */
  static byte[] of(long word, int protocolType) {
    int flags = flags(word);
    ByteBuffer header = ByteBuffer.allocate(length(flags));
    header.putShort((short) flags).putShort((short) protocolType);
    if ((flags & CHECKSUM_PRESENT) != 0) {
      header.putInt(0);
    }
    if ((flags & KEY_PRESENT) != 0) {
      header.putInt((int) word);
    }
    return header.array();
  }
}
