package io.culvert.flowtable.admission;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.OffloadError;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * Says which new flows a table takes. A flow that is refused stays on the slow path, and may be
 * offered again.
 *
 * <p><em>New</em> flows only: an offer that confirms a flow that is in the table, also from its
 * reply side or after a change of policy, is not asked about.
 *
 * <p><em>Threading:</em> called under the table's lock, by one thread at a time. An object with a
 * state belongs to one table. It must not call the table back, block, or throw: an offer about
 * which it throws is refused ({@link OffloadError.AdmissionFault}).
 *
 * <p>Ready ones: {@link #established}, {@link #excluding}, {@link SourceRate}, {@link DeviceQuota},
 * and {@link #allOf} to combine them.
 */
@FunctionalInterface
public interface Admission {
  /** Takes every flow. */
  Admission ALL = (_, _) -> Option.none();

  /**
   * Asked before any work is done for a new flow.
   *
   * @param offer the offer
   * @param nowMs the table's clock in milliseconds, as of its last tick
   * @return why not; none if the flow may go on
   */
  Option<OffloadError> refusal(FlowOffer offer, long nowMs);

  /**
   * Asked when the ways of a new flow are known, and before anything of it is in the table.
   *
   * @return why not; none if the flow may go on
   */
  default Option<OffloadError> refusal(Flow flow) {
    return Option.none();
  }

  /** A flow is in the table now; also called for those that are there when this is set. */
  default void added(Flow flow) {}

  /** A flow has left; a flow that got new ways has left with the old ones. */
  default void removed(Flow flow) {}

  /** Takes flows of which the slow path has seen packets both ways. */
  static Admission established() {
    return (offer, _) ->
        Option.when(
            offer.seen() != FlowOffer.Seen.BOTH_WAYS,
            () -> new OffloadError.NotEstablished(offer.seen()));
  }

  /**
   * Refuses the flows of a predicate.
   *
   * @param word lower-case words with hyphens: the label is {@code excluded-WORD}
   * @param which true for what is refused
   */
  static Admission excluding(String word, java.util.function.Predicate<FlowOffer> which) {
    OffloadError refusal = new OffloadError.Excluded(word);
    return (offer, _) -> Option.when(which.test(offer), refusal);
  }

  /**
   * Takes what all of them take. They are asked in this order until one refuses; what one has
   * charged for is not given back when a later one refuses, so those that charge stand last.
   */
  static Admission allOf(Admission... parts) {
    return new AllOf(List.of(parts));
  }

  /**
   * All of some.
   *
   * @param parts asked in this order
   */
  record AllOf(Seq<Admission> parts) implements Admission {
    @Override
    public Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
      for (Admission part : parts) {
        Option<OffloadError> refusal = part.refusal(offer, nowMs);
        if (refusal.isDefined()) {
          return refusal;
        }
      }
      return Option.none();
    }

    @Override
    public Option<OffloadError> refusal(Flow flow) {
      for (Admission part : parts) {
        Option<OffloadError> refusal = part.refusal(flow);
        if (refusal.isDefined()) {
          return refusal;
        }
      }
      return Option.none();
    }

    @Override
    public void added(Flow flow) {
      parts.forEach(part -> part.added(flow));
    }

    @Override
    public void removed(Flow flow) {
      parts.forEach(part -> part.removed(flow));
    }
  }
}
