package io.culvert.encap.vlan;

/**
 * The tag behind the EtherType that announces it (IEEE 802.1Q §9.6).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-----+-+-----------------------+-------------------------------+
 * | PCP |D|          VID          |        inner EtherType        |
 * +-----+-+-----------------------+-------------------------------+
 * </pre>
 *
 * <p>D is DEI, drop eligible. The first two bytes are the TCI.
 */
final class VlanHeader {
  /** Bytes of a tag. */
  static final int LENGTH = 4;

  /** TCI: 16 bits. */
  static final int TCI_OFFSET = 0;

  /** EtherType of what follows: 16 bits. */
  static final int TYPE_OFFSET = 2;

  /** DEI, in the first byte of the TCI. */
  static final int DEI_IN_FIRST_BYTE = 0x10;

  /** VID, in the TCI. */
  static final int VID_MASK = 0xfff;

  /** Largest VID of a tag; 4095 is reserved (IEEE 802.1Q table 9-2). */
  static final int MOST_VID = 4094;

  /** Smallest EtherType; a smaller number is the length of an IEEE 802.3 frame. */
  static final int LEAST_TYPE = 0x0600;

  private VlanHeader() {}
}
