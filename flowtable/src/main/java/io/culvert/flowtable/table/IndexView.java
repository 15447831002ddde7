package io.culvert.flowtable.table;

/**
 * Where an index is searched, in one word, so that a reader has both numbers or neither: the number
 * of its first bucket in its memory (upper 32 bits), and how many buckets there are (lower 32).
 */
public final class IndexView {
  private IndexView() {}

  /**
   * A view.
   *
   * @param base byte offset of the first bucket, a multiple of {@value FlowIndex#BUCKET}
   * @param buckets how many
   */
  static long of(long base, int buckets) {
    return (base / FlowIndex.BUCKET) << 32 | buckets;
  }

  /** Byte offset of the first bucket in the memory. */
  public static long base(long view) {
    return (view >>> 32) * FlowIndex.BUCKET;
  }

  /** Number of buckets. */
  public static int buckets(long view) {
    return (int) view;
  }

  /** Byte offset in the memory of the first bucket of a hash. */
  public static long first(long hash, long view) {
    return base(view) + FlowIndex.first(hash, buckets(view));
  }

  /** Byte offset in the memory of the second one. */
  public static long second(long hash, long view) {
    return base(view) + FlowIndex.second(hash, buckets(view));
  }
}
