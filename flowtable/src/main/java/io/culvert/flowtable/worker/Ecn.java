package io.culvert.flowtable.worker;

/** ECN on decapsulation, RFC 6040 §4.2, figure 4. */
final class Ecn {
  /** No outer header was seen yet. */
  static final int NONE = 4;

  /** The packet must not go on. */
  static final int DROP = -1;

  private static final int NOT_ECT = 0;
  static final int ECT_1 = 1;
  private static final int ECT_0 = 2;
  static final int CE = 3;

  /** A nibble for each (outer, inner) pair: the inner field afterwards, or 15 for "drop". */
  private static final long TABLE = table();

  private Ecn() {}

  /**
   * The inner ECN field after an outer header was popped.
   *
   * @param outer the outer field, 0..3, or {@link #NONE}
   * @param innerTos the inner TOS byte or traffic class
   * @return 0..3, or {@link #DROP}
   */
  static int pop(int outer, int innerTos) {
    int inner = innerTos & 3;
    if (outer == NONE) {
      return inner;
    }
    int result = (int) (TABLE >>> ((outer << 2 | inner) * 4)) & 15;
    return result == 15 ? DROP : result;
  }

  private static long table() {
    long table = 0;
    for (int outer = 0; outer < 4; outer++) {
      for (int inner = 0; inner < 4; inner++) {
        table |= (long) rule(outer, inner) << ((outer << 2 | inner) * 4);
      }
    }
    return table;
  }

  private static int rule(int outer, int inner) {
    if (inner == NOT_ECT) {
      return outer == CE ? 15 : NOT_ECT;
    }
    if (outer == CE) {
      return CE;
    }
    // The one case in which ECT(1) outside changes what is inside.
    return outer == ECT_1 && inner == ECT_0 ? ECT_1 : inner;
  }
}
