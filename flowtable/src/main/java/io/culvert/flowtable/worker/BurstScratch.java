package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.TemplateOperation;

/**
 * What the stages tell each other of the frames of a burst: a column each, one row a frame. Belongs
 * to one worker.
 */
final class BurstScratch {
  /** Position of the ECN field to write in {@link #inner}. */
  static final int ECN_SHIFT = 16;

  /** In {@link #inner}: the inner ECN field changes. */
  static final int ECN_CHANGED = 1 << 18;

  /** In {@link #inner}: the inner packet is IPv6. */
  static final int IS_6 = 1 << 19;

  /** In {@link #inner}: addresses and ports are translated. */
  static final int TRANSLATED = 1 << 20;

  /** In {@link #bequest}: TOS and DF of an IPv4 header's first word. */
  static final long TOS_AND_FRAGMENT = 0x00ff_0000_0000_0000L | TemplateOperation.DF;

  /** In {@link #bequest}: position of the TTL, in place of the length's lower byte. */
  static final int TTL_SHIFT = 32;

  /** Frames whose addresses and ports are to be translated. */
  int toTranslate;

  /** Frames whose headers the last stage has to finish. */
  int toFinish;

  /** The next id of an outer IPv4 header that needs one; its lower 16 bits count. */
  int nextId;

  /**
   * A tunnel that is yet to be walked into, two words a frame: offset of its shim (48 bits) and
   * bytes to the packet's end (16); offset of the IP header in front (48), its ECN field (8), its
   * length (8), both 0 behind an EtherType but for {@link Ecn#NONE}.
   */
  final long[] walk = new long[2 * FrameBurst.MAX_SIZE];

  /** 0 or a reason's ordinal. */
  final int[] result = new int[FrameBurst.MAX_SIZE];

  /** Source and destination address: four words a frame, of which IPv4 uses the first. */
  final long[] addresses = new long[4 * FrameBurst.MAX_SIZE];

  /** Ports, protocol, layers, ingress port. */
  final long[] ports = new long[FrameBurst.MAX_SIZE];

  /** Interned number or digest of the tunnel stack. */
  final long[] encap = new long[FrameBurst.MAX_SIZE];

  /** Hash of the key. */
  final long[] hash = new long[FrameBurst.MAX_SIZE];

  /** First index slot of the key: read early, so that the miss is under way. */
  final long[] candidate = new long[FrameBurst.MAX_SIZE];

  /** Offset of the innermost IP header. */
  final long[] innerAt = new long[FrameBurst.MAX_SIZE];

  /** Length of the innermost IP packet, 16 bits; above it the flags of this class. */
  final int[] inner = new int[FrameBurst.MAX_SIZE];

  /** In {@link #sequence}: there is a number to judge. */
  static final long SEQUENCED = 1L << 62;

  /** Sequence number (32 bits) and the number of its tunnel's state, marked; 0 for none. */
  final long[] sequence = new long[FrameBurst.MAX_SIZE];

  /** In {@link #priority}: the packet is drop eligible. */
  static final int DROP_ELIGIBLE = 1 << 4;

  /** Priority that the packet came with, 0..15, and its drop mark; 0 if no tag says so. */
  final int[] priority = new int[FrameBurst.MAX_SIZE];

  /** Number of the flow's entry in its family's store. */
  final int[] entry = new int[FrameBurst.MAX_SIZE];

  /** Byte offset of the way out's template. */
  final long[] templateAt = new long[FrameBurst.MAX_SIZE];

  /** What the inner header bequeaths to outer ones that inherit. */
  final long[] bequest = new long[FrameBurst.MAX_SIZE];

  /** What {@link #inner} says of an ECN field that was {@code tos} and is to be {@code newEcn}. */
  static int ecnChange(int newEcn, int tos) {
    return newEcn == (tos & 3) ? 0 : newEcn << ECN_SHIFT | ECN_CHANGED;
  }
}
