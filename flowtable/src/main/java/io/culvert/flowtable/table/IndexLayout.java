package io.culvert.flowtable.table;

/**
 * Where the sizes of a {@link GrowingIndex} lie: one behind the other, each for twice as many flows
 * as the one before.
 *
 * @param bases byte offset of each
 * @param buckets buckets of each
 * @param end byte offset behind the last one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record IndexLayout(long[] bases, int[] buckets, long end) {

  /**
   * Sizes from a first one to a last one.
   *
   * @param base byte offset of the first one
   * @param flows flows of the first one, a power of two
   * @param most flows of the last one, a power of two
   * @param granule what a size's bytes are rounded up to, a power of two
   */
  static IndexLayout of(long base, int flows, int most, long granule) {
    int sizes = 1 + Integer.numberOfTrailingZeros(most) - Integer.numberOfTrailingZeros(flows);
    long[] bases = new long[sizes];
    int[] buckets = new int[sizes];
    long end = base;
    for (int size = 0; size < sizes; size++) {
      bases[size] = end;
      buckets[size] = FlowIndex.bucketsFor(2 * (flows << size));
      long bytes = (long) FlowIndex.BUCKET * buckets[size];
      end += bytes + granule - 1 & -granule;
    }
    return new IndexLayout(bases, buckets, end);
  }

  int sizes() {
    return bases.length;
  }

  long base(int size) {
    return bases[size];
  }

  int buckets(int size) {
    return buckets[size];
  }

  /** Bytes of a size, with what it is rounded up by. */
  long bytes(int size) {
    return (size + 1 < sizes() ? bases[size + 1] : end) - bases[size];
  }
}
