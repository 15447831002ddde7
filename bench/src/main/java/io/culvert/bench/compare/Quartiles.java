package io.culvert.bench.compare;

import io.culvert.bench.measure.Samples;
import java.util.Locale;

/**
 * A figure and its spread.
 *
 * @param q1 the value that a quarter is not above
 * @param median the value in the middle
 * @param q3 the value that three quarters are not above
 */
public record Quartiles(double q1, double median, double q3) {

  /** Of these values. */
  public static Quartiles of(Samples values) {
    return new Quartiles(values.quantile(0.25), values.median(), values.quantile(0.75));
  }

  /** True if a value may be in the middle half of both. */
  public boolean overlaps(Quartiles other) {
    return q1 <= other.q3 && other.q1 <= q3;
  }

  /** {@code 1.92 (1.86..1.96)}, with more digits the smaller the figure is. */
  @Override
  public String toString() {
    String digits = median < 0.1 ? "%.4f" : median < 10 ? "%.2f" : "%.1f";
    return String.format(Locale.ROOT, digits + " (" + digits + ".." + digits + ")", median, q1, q3);
  }
}
