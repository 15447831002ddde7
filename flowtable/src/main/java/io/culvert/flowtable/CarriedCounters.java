package io.culvert.flowtable;

import org.jspecify.annotations.Nullable;

/**
 * What flows had counted before they got the entries that they have: by pair, in the order of its
 * entries. Takes memory for those that had counted something, in pieces of {@value #PIECE}.
 */
final class CarriedCounters {
  private static final int PIECE = 256;
  private static final int WORDS = 4;

  private final long[] @Nullable [] pieces;

  CarriedCounters(int pairs) {
    pieces = new long[(pairs + PIECE - 1) / PIECE][];
  }

  FlowCounters at(int pair) {
    long[] piece = pieces[pair / PIECE];
    int at = WORDS * (pair % PIECE);
    return piece == null
        ? FlowCounters.ZERO
        : new FlowCounters(piece[at], piece[at + 1], piece[at + 2], piece[at + 3]);
  }

  void set(int pair, FlowCounters counters) {
    long[] piece = pieces[pair / PIECE];
    if (piece == null) {
      if (counters.equals(FlowCounters.ZERO)) {
        return;
      }
      piece = new long[WORDS * PIECE];
      pieces[pair / PIECE] = piece;
    }
    int at = WORDS * (pair % PIECE);
    piece[at] = counters.originalPackets();
    piece[at + 1] = counters.originalBytes();
    piece[at + 2] = counters.replyPackets();
    piece[at + 3] = counters.replyBytes();
  }
}
