package io.culvert.flowtable.worker;

/**
 * The way of a packet through one worker: parse, look up, verify, check, translate, rewrite,
 * finish.
 *
 * <p>Each stage runs over a part of the burst before the next one starts.
 */
final class Pipeline {
  /**
   * Frames of a part: so many that cache misses of a large table overlap, and so few that what the
   * stages tell each other stays in the first-level cache. 16, 32 and 64 measured within 5 %.
   */
  static final int PART = 64;

  // In an array, so that one call site sees all stages and the JIT compiles each by itself:
  // inlined into one method they would exhaust its inlining budget.
  private final Stage[] stages;

  /**
   * A pipeline.
   *
   * @param stages parse, look up, verify, check, rewrite, finish
   */
  Pipeline(Stage... stages) {
    this.stages = stages;
  }

  /** The stages in their order, for who measures them one by one. */
  Stage[] stages() {
    return stages.clone();
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
