package io.culvert.bench.measure;

import java.util.Arrays;

/** Figures of many rounds: appended while measuring without allocation, summed up afterwards. */
public final class Samples {
  private final double[] values;
  private int size;

  /** Room for {@code most} values. */
  public Samples(int most) {
    values = new double[most];
  }

  /** Appends a value; beyond the room it is left out. */
  public void add(double value) {
    if (size < values.length) {
      values[size++] = value;
    }
  }

  /** The number of values. */
  public int size() {
    return size;
  }

  /** Value {@code index}, in the order of adding. */
  public double value(int index) {
    return values[index];
  }

  /** The median; NaN if there is no value. */
  public double median() {
    return quantile(0.5);
  }

  /** The value that a share of all is not above, interpolated; NaN if there is none. */
  public double quantile(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    double at = share * (size - 1);
    int below = (int) at;
    int above = Math.min(below + 1, size - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
