package io.culvert.flowtable;

import java.time.Duration;

/** What becomes of an offer for which the table has no entries left. */
public sealed interface WhenFull {
  /** It is refused ({@link OffloadError.TableFull}). */
  static WhenFull refuse() {
    return new Refuse();
  }

  /**
   * Flows that were idle for long make room, of those that the table looks at in turn the longest
   * idle ones.
   *
   * @param leastIdle a flow that saw a packet within this time stays, 1 millisecond to 24 days; if
   *     all that are looked at did, the offer is refused ({@link OffloadError.NoneIdle})
   */
  static WhenFull evict(Duration leastIdle) {
    return new Evict(leastIdle);
  }

  /** See {@link #refuse}. */
  record Refuse() implements WhenFull {}

  /**
   * See {@link #evict}.
   *
   * @param leastIdle a flow that saw a packet within this time stays
   */
  record Evict(Duration leastIdle) implements WhenFull {
    /** Checks the range. */
    public Evict {
      if (leastIdle.toMillis() < 1 || leastIdle.compareTo(Timeouts.LONGEST) > 0) {
        throw new IllegalArgumentException(
            "evict: leastIdle=" + leastIdle + ", expected 1 ms to 24 days");
      }
    }
  }
}
