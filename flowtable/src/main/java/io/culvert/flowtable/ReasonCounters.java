package io.culvert.flowtable;

import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.WorkerCounters;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Collection;

/**
 * Frames by reason of all workers that a table ever had. A value; while workers run, its numbers
 * are of slightly different moments.
 */
public final class ReasonCounters {
  private final long[] counts = new long[Reason.values().length];

  @SuppressWarnings("EnumOrdinal") // Never leaves this class.
  ReasonCounters(Collection<WorkerCounters> workers) {
    for (WorkerCounters worker : workers) {
      for (Reason reason : Reason.values()) {
        counts[reason.ordinal()] += worker.count(reason);
      }
    }
  }

  /** Frames given back for this reason; {@link Reason#NONE} counts the forwarded ones. */
  @SuppressWarnings("EnumOrdinal")
  public long count(Reason reason) {
    return counts[reason.ordinal()];
  }

  /** All frames: every one has one reason. */
  public long frames() {
    return Arrays.stream(counts).sum();
  }

  /**
   * The counts by {@link Reason#label}, zeros included, in the order of the reasons: the series of
   * one metric.
   */
  public Map<String, Long> byLabel() {
    Map<String, Long> byLabel = LinkedHashMap.empty();
    for (Reason reason : Reason.values()) {
      byLabel = byLabel.put(reason.label(), count(reason));
    }
    return byLabel;
  }

  @Override
  public String toString() {
    return byLabel().filterValues(count -> count != 0).mkString("counters(", ", ", ")");
  }
}
