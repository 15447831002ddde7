package io.culvert.flowtable;

import io.culvert.flowtable.snapshot.RestoreReport;
import io.culvert.flowtable.snapshot.RestoreReport.Refusal;
import io.culvert.flowtable.snapshot.SnapshotFlow;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what becomes of the flows of a snapshot. */
final class Restore {
  /** What became of one. */
  enum Outcome {
    RESTORED,
    ALREADY_THERE
  }

  private final Map<String, Long> byLabel = new HashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private long restored;
  private long alreadyThere;
  private long refused;

  /** The offer that a flow of a snapshot comes to in the present network. */
  static Either<OffloadError, FlowOffer> offer(SnapshotFlow saved, Offers offers, Ageing ageing) {
    long timeoutMs = ageing.limitMs(saved.idleTimeout().toMillis(), saved.isClosing());
    if (timeoutMs != 0 && saved.idleMs() >= timeoutMs) {
      return Either.left(new OffloadError.Expired(saved.idleMs(), timeoutMs));
    }
    FlowCounters counters = saved.counters();
    boolean isSeen = counters.originalPackets() > 0 && counters.replyPackets() > 0;
    return offers
        .ingress(saved.device())
        .map(ingress ->
            new FlowOffer(saved.tuple(), saved.replyTuple(), ingress, saved.idleTimeout())
                .withSeen(isSeen ? FlowOffer.Seen.BOTH_WAYS : FlowOffer.Seen.UNKNOWN));
  }

  void count(SnapshotFlow flow, Either<OffloadError, Outcome> result) {
    if (result.isLeft()) {
      refused++;
      byLabel.merge(result.getLeft().label(), 1L, Long::sum);
      if (refusals.size() < RestoreReport.MOST_REFUSALS) {
        refusals.add(new Refusal(flow, result.getLeft()));
      }
    } else if (result.get() == Outcome.RESTORED) {
      restored++;
    } else {
      alreadyThere++;
    }
  }

  RestoreReport report() {
    return new RestoreReport(
        restored, alreadyThere, refused, TreeMap.ofAll(byLabel), Vector.ofAll(refusals));
  }
}
