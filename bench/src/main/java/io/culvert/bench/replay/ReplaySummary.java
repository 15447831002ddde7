package io.culvert.bench.replay;

import io.culvert.testkit.nft.RuleCounters;
import java.util.List;
import java.util.Map;

/**
 * What a replay did.
 *
 * @param framesIn input frames
 * @param snapped input frames that the capture had cut
 * @param flowsOffered flows offered and taken
 * @param offersRefused flows offered and refused
 * @param refusals why, with counts
 * @param offloadable input frames of offered flows that pass the static checks
 * @param fast input frames that took the fast path
 * @param dropped reasons of dropped frames, with counts
 * @param slow reasons of slow frames, with counts
 * @param framesOut frames sent, by device, silent ones included
 * @param counters what the ruleset's counters show, in its order
 */
public record ReplaySummary(
    long framesIn,
    long snapped,
    long flowsOffered,
    long offersRefused,
    Map<String, Long> refusals,
    long offloadable,
    long fast,
    Map<String, Long> dropped,
    Map<String, Long> slow,
    Map<String, Long> framesOut,
    List<RuleCounters.Reading> counters) {

  /** Keeps its own copy of the counters. */
  public ReplaySummary {
    counters = List.copyOf(counters);
  }

  /** The number of dropped frames. */
  public long droppedFrames() {
    return sum(dropped);
  }

  /** The number of slow frames. */
  public long slowFrames() {
    return sum(slow);
  }

  /** The share of offloadable frames that took the fast path, 0..1; 1 if there were none. */
  public double fastShare() {
    return offloadable == 0 ? 1 : (double) fast / offloadable;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
