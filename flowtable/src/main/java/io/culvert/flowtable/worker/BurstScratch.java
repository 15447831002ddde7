package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.TemplateOperation;

/**
 * What the stages tell each other of the frames of a burst: one row of words a frame, in one array,
 * so that each frame's words lie in two cache lines and need one address. Belongs to one worker.
 */
final class BurstScratch {
  /** Words of a row. */
  static final int ROW = 16;

  private static final int ROWS = FrameBurst.MAX_SIZE * ROW;

  /** In a row: 0 or a reason's ordinal. */
  static final int RESULT = 0;

  /** In a row: offset of the innermost IP header. */
  static final int INNER_AT = 1;

  /** In a row: length of the innermost IP packet, 16 bits; above it the flags of this class. */
  static final int INNER = 2;

  /** In a row: hash of the key. */
  static final int HASH = 3;

  /** In a row: ports, protocol, layers, ingress port. */
  static final int PORTS = 4;

  /** In a row: interned number or digest of the tunnel stack. */
  static final int ENCAP = 5;

  /** In a row: source and destination address, four words, of which IPv4 uses the first. */
  static final int ADDRESSES = 6;

  /** In a row: byte offset of the key's first bucket in the index. */
  static final int BUCKET = 10;

  /** In a row: the tags of the lower slots of that bucket. */
  static final int TAGS = 11;

  /** In a row: byte offset of the flow's entry; -1 if it is still to be searched for. */
  static final int ENTRY = 12;

  /** In a row: byte offset of the way out's template. */
  static final int TEMPLATE = 13;

  /** In a row: what the inner header bequeaths to outer ones that inherit. */
  static final int BEQUEST = 14;

  /** In a row: sequence number (32 bits) and the number of its tunnel's state, marked; or 0. */
  static final int SEQUENCE = 15;

  /**
   * In a row, while the tunnels are walked through: where the next one's shim is, its offset (48
   * bits) and the bytes from it to the packet's end (16).
   */
  static final int SHIM = TEMPLATE;

  /**
   * In a row, while the tunnels are walked through: offset of the IP header in front of the shim
   * (48 bits), its ECN field (8), its length (8), all 0 behind an EtherType but for {@link
   * Ecn#NONE}.
   */
  static final int OUTER = BEQUEST;

  /** Position of the ECN field to write in {@link #INNER}. */
  static final int ECN_SHIFT = 16;

  /** In {@link #INNER}: the inner ECN field changes. */
  static final int ECN_CHANGED = 1 << 18;

  /** In {@link #INNER}: the inner packet is IPv6. */
  static final int IS_6 = 1 << 19;

  /** In {@link #INNER}: addresses and ports are translated. */
  static final int TRANSLATED = 1 << 20;

  /** In {@link #INNER}: the packet is drop eligible, as a tag says. */
  static final int DROP_ELIGIBLE = 1 << 21;

  /** In {@link #INNER}: a FIN or RST of a flow that is to be looked up all the same. */
  static final int CLOSES = 1 << 22;

  /** In {@link #INNER}: a SYN. */
  static final int OPENS = 1 << 23;

  /** In {@link #INNER}: either of them. */
  static final int EDGE = CLOSES | OPENS;

  /** Position of the priority that the packet came with, 0..15, in {@link #INNER}. */
  static final int PRIORITY_SHIFT = 24;

  /** In {@link #SEQUENCE}: there is a number to judge. */
  static final long SEQUENCED = 1L << 62;

  /** In {@link #BEQUEST}: TOS and DF of an IPv4 header's first word. */
  static final long TOS_AND_FRAGMENT = 0x00ff_0000_0000_0000L | TemplateOperation.DF;

  /** In {@link #BEQUEST}: position of the TTL, in place of the length's lower byte. */
  static final int TTL_SHIFT = 32;

  /** Frames that the parser refused, but whose flow is to be told: at a TCP connection's edge. */
  int edges;

  /** Frames whose addresses and ports are to be translated. */
  int toTranslate;

  /** Frames whose headers the last stage has to finish. */
  int toFinish;

  /**
   * Where the IPv4 index of a table that grows is searched, taken anew for each part of a burst.
   */
  long view4;

  /** The same of IPv6. */
  long view6;

  /** The next id of an outer IPv4 header that needs one; its lower 16 bits count. */
  int nextId;

  /** The rows. */
  final long[] rows = new long[ROWS];

  /** Where a frame's row begins. Masked, so that the JIT sees that the row lies in the array. */
  static int row(int frame) {
    return frame * ROW & ROWS - ROW;
  }

  /** What {@link #INNER} says of an ECN field that was {@code tos} and is to be {@code newEcn}. */
  static int ecnChange(int newEcn, int tos) {
    return newEcn == (tos & 3) ? 0 : newEcn << ECN_SHIFT | ECN_CHANGED;
  }
}
