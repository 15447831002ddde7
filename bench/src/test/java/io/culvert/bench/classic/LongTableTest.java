package io.culvert.bench.classic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LongTableTest {
  @Test
  void shouldFindWhatWasPutAndNothingElse() {
    LongTable table = new LongTable(1000);
    for (long key = 0; key < 1000; key++) {
      table.put(key << 20, key);
    }
    for (long key = 0; key < 1000; key++) {
      assertThat(table.get(key << 20)).isEqualTo(key);
      assertThat(table.get((key << 20) + 1)).isEqualTo(LongTable.ABSENT);
    }
  }

  @Test
  void shouldReplaceAValue() {
    LongTable table = new LongTable(1);
    table.put(7, 1);
    table.put(7, 2);
    assertThat(table.get(7)).isEqualTo(2);
  }

  @Test
  void shouldTellKeyZeroFromNoKey() {
    LongTable table = new LongTable(1);
    assertThat(table.get(0)).isEqualTo(LongTable.ABSENT);
    table.put(0, 5);
    assertThat(table.get(0)).isEqualTo(5);
  }
}
