package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void shouldGiveMedianAndQuartiles() {
    Samples samples = new Samples(10);
    for (double value : new double[] {5, 1, 3, 2, 4}) {
      samples.add(value);
    }
    assertThat(samples.median()).isEqualTo(3);
    assertThat(samples.quantile(0.25)).isEqualTo(2);
    assertThat(samples.quantile(0.75)).isEqualTo(4);
    assertThat(samples.quantile(1)).isEqualTo(5);
    assertThat(samples.value(0)).as("order of adding").isEqualTo(5);
  }

  @Test
  void shouldInterpolate() {
    Samples samples = new Samples(2);
    samples.add(1);
    samples.add(2);
    samples.add(100);
    assertThat(samples.size()).as("no room for the third").isEqualTo(2);
    assertThat(samples.median()).isEqualTo(1.5);
  }

  @Test
  void shouldHaveNoMedianOfNothing() {
    assertThat(new Samples(1).median()).isNaN();
  }
}
