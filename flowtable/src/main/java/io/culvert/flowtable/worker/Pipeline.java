package io.culvert.flowtable.worker;

/**
 * The way of a packet through one worker: parse, look up, check, rewrite, finish.
 *
 * <p>Each stage runs over the whole burst, so that the cache misses of a large table overlap.
 *
 * @param parse reads headers, forms the key
 * @param lookup finds the entry
 * @param check the last refusals
 * @param rewrite the first writes
 * @param finish outer headers
 * @param counters frames by reason, indexed by ordinal; live
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Pipeline(
    Stage parse, Stage lookup, Stage check, Stage rewrite, Stage finish, long[] counters) {
  void process(FrameBurst burst) {
    parse.run(burst);
    lookup.run(burst);
    check.run(burst);
    rewrite.run(burst);
    finish.run(burst);
  }
}
