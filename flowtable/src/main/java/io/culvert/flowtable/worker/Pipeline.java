package io.culvert.flowtable.worker;

/**
 * The way of a packet through one worker: parse, look up, check, rewrite, finish.
 *
 * <p>Each stage runs over a part of the burst before the next one starts.
 */
final class Pipeline {
  /**
   * Frames of a part: so many that cache misses of a large table overlap, and so few that their
   * headers are still in the first-level cache when the next stage comes. Buffers of 2 KiB begin at
   * the same few sets of that cache, which hold no more.
   */
  private static final int PART = 32;

  // In an array, so that one call site sees all stages and the JIT compiles each by itself:
  // inlined into one method they would exhaust its inlining budget.
  private final Stage[] stages;
  private final long[] counters;

  /**
   * A pipeline.
   *
   * @param counters frames by reason, indexed by ordinal; live
   * @param stages parse, look up, check, rewrite, finish
   */
  Pipeline(long[] counters, Stage... stages) {
    this.counters = counters;
    this.stages = stages;
  }

  long[] counters() {
    return counters;
  }

  void process(FrameBurst burst) {
    int size = burst.size();
    for (int from = 0; from < size; from += PART) {
      int to = Math.min(size, from + PART);
      for (Stage stage : stages) {
        stage.run(burst, from, to);
      }
    }
  }
}
