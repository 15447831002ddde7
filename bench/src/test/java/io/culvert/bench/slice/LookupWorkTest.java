package io.culvert.bench.slice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupWorkTest {
  /** Of the larger table the stage reads the memory ahead. */
  @ParameterizedTest
  @CsvSource({"1,1", "64,64", "999,1", "999,64", "40000,1", "40000,64"})
  void shouldFindEveryKeyAndNoOther(int keys, int burst) throws IOException {
    LookupWork work = new LookupWork(keys, burst);
    assertThat(work.show()).isEqualTo(burst + "/" + burst + " 0/" + burst);
    assertThat(SliceLoopTest.answers(work, "go")).hasSize(2);
    assertThat(work.done()).isPositive();
  }
}
