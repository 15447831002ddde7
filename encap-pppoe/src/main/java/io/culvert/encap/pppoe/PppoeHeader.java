package io.culvert.encap.pppoe;

/**
 * The header of a session's packet behind EtherType 0x8864 (RFC 2516 §4), and the PPP protocol
 * field behind it (RFC 1661 §2), which is never compressed here (RFC 2516 §7).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |  VER  | TYPE  |      CODE     |          SESSION_ID           |
 * +-------+-------+---------------+-------------------------------+
 * |            LENGTH             |         PPP protocol          |
 * +-------------------------------+-------------------------------+
 * </pre>
 */
final class PppoeHeader {
  /** EtherType of the session stage. */
  static final int ETHER_TYPE = 0x8864;

  /** Bytes of header and PPP protocol. */
  static final int LENGTH = 8;

  /** Version and type, 4 bits each. */
  static final int VERSION_TYPE_OFFSET = 0;

  /** Version 1, type 1. */
  static final int VERSION_TYPE = 0x11;

  /** Code: 8 bits, 0 in the session stage. */
  static final int CODE_OFFSET = 1;

  /** Session: 16 bits. */
  static final int SESSION_OFFSET = 2;

  /** Bytes from {@link #PROTOCOL_OFFSET} on: 16 bits. */
  static final int LENGTH_OFFSET = 4;

  /** PPP protocol: 16 bits. */
  static final int PROTOCOL_OFFSET = 6;

  /** PPP protocol of IPv4 (RFC 1332 §2). */
  static final int IPV4 = 0x0021;

  /** PPP protocol of IPv6 (RFC 5072 §3). */
  static final int IPV6 = 0x0057;

  /** Number of no session yet: of the discovery stage (RFC 2516 §5.1). */
  static final int NO_SESSION = 0;

  /** Reserved number (RFC 2516 §4). */
  static final int RESERVED_SESSION = 0xffff;

  private PppoeHeader() {}
}
