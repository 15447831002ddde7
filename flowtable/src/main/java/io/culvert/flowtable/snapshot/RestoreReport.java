package io.culvert.flowtable.snapshot;

import io.culvert.flowtable.OffloadError;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/**
 * What became of the flows of a snapshot.
 *
 * @param restored flows that are in the table now
 * @param alreadyThere flows that were in the table before; they and their counters are as they were
 * @param refused flows that were refused
 * @param refusedByLabel how many, by {@link OffloadError#label}
 * @param refusals the first {@value #MOST_REFUSALS} of them
 */
public record RestoreReport(
    long restored,
    long alreadyThere,
    long refused,
    Map<String, Long> refusedByLabel,
    Seq<Refusal> refusals) {
  /** How many refusals are listed. */
  public static final int MOST_REFUSALS = 100;

  /**
   * A flow that was refused.
   *
   * @param flow the flow
   * @param error why
   */
  public record Refusal(SnapshotFlow flow, OffloadError error) {}
}
