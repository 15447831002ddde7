package io.culvert.flowtable;

import org.jspecify.annotations.Nullable;

/** A flow that workers do not find any more, and in whose entries they may still be counting. */
final class Leaving {
  private final FlowRows rows;
  private final int pair;
  private final boolean turned;
  private final WayInUse original;
  private final WayInUse reply;
  private final long bornMs;
  private final FlowCounters carried;
  private @Nullable Before before;
  private @Nullable FlowCounters counters;

  /**
   * The entries that a flow had before those that it has.
   *
   * @param old what was counted in them
   * @param turned true if their first direction is the second one now
   */
  record Before(Leaving old, boolean turned) {
    FlowCounters counters() {
      return turned ? old.counters().reversed() : old.counters();
    }
  }

  /**
   * What a row was.
   *
   * @param rows where it was
   * @param pair its pair of entries
   * @param turned true if the second entry is its original direction
   * @param original the original direction's way
   * @param reply the reply direction's way
   * @param bornMs when it was first taken
   * @param carried what it had counted before it got these entries, in their order
   * @param before the entries that it had before, if workers may still be counting there
   */
  Leaving(
      FlowRows rows,
      int pair,
      boolean turned,
      WayInUse original,
      WayInUse reply,
      long bornMs,
      FlowCounters carried,
      @Nullable Before before) {
    this.rows = rows;
    this.pair = pair;
    this.turned = turned;
    this.original = original;
    this.reply = reply;
    this.bornMs = bornMs;
    this.carried = carried;
    this.before = before;
  }

  WayInUse original() {
    return original;
  }

  WayInUse reply() {
    return reply;
  }

  long bornMs() {
    return bornMs;
  }

  /** What was forwarded so far; does not change any more when it is settled. */
  FlowCounters counters() {
    if (counters != null) {
      return counters;
    }
    FlowCounters sum = rows.counted(pair).plus(carried);
    sum = before == null ? sum : sum.plus(before.counters());
    return turned ? sum.reversed() : sum;
  }

  /** Nobody counts in its entries any more: reads them for the last time. */
  void seal() {
    counters = counters();
    before = null;
  }

  /** Gives its entries back. */
  void free() {
    rows.store().freePair(pair);
  }
}
