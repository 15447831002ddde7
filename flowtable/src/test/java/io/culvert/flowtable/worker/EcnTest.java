package io.culvert.flowtable.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EcnTest {
  private static final int NOT_ECT = 0;
  private static final int ECT_1 = 1;
  private static final int ECT_0 = 2;
  private static final int CE = 3;
  private static final int DROP = Ecn.DROP;

  /** RFC 6040 §4.2, figure 4, row by row; columns Not-ECT, ECT(0), ECT(1), CE. */
  private static final int[][] FIGURE_4 = {
    {NOT_ECT, NOT_ECT, NOT_ECT, NOT_ECT, DROP},
    {ECT_0, ECT_0, ECT_0, ECT_1, CE},
    {ECT_1, ECT_1, ECT_1, ECT_1, CE},
    {CE, CE, CE, CE, CE},
  };

  private static final int[] COLUMNS = {NOT_ECT, ECT_0, ECT_1, CE};

  @Test
  void shouldCombineEveryPairAsRfc6040WhateverTheDscp() {
    for (int[] row : FIGURE_4) {
      for (int column = 0; column < 4; column++) {
        for (int dscp = 0; dscp < 256; dscp += 4) {
          assertThat(Ecn.pop(COLUMNS[column], dscp | row[0])).isEqualTo(row[1 + column]);
        }
      }
    }
  }

  @Test
  void shouldLeaveAPacketWithoutOuterHeaderAsItIs() {
    for (int tos = 0; tos < 256; tos++) {
      assertThat(Ecn.pop(Ecn.NONE, tos)).isEqualTo(tos & 3);
    }
  }
}
