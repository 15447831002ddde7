package io.culvert.flowtable;

import io.culvert.flowtable.admission.Admission;
import io.vavr.control.Option;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What stands in front of a table's offers: admission, in its fence, and the count of refusals by
 * label. Used under the table's lock.
 */
final class OfferGate {
  /** Labels counted by themselves; an admission could make up any number of them. */
  private static final int MOST_LABELS = 100;

  private static final String OTHER_LABELS = "other";

  private final TreeMap<String, Long> refusals = new TreeMap<>();
  private Admission admission = Admission.ALL;

  void admission(Admission newAdmission) {
    admission = newAdmission;
  }

  /** True if there is somebody to ask. */
  @SuppressWarnings("ReferenceEquality") // The one that takes all is itself.
  boolean asks() {
    return admission != Admission.ALL;
  }

  Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
    return fenced(() -> admission.refusal(offer, nowMs));
  }

  Option<OffloadError> refusal(Flow flow) {
    return fenced(() -> admission.refusal(flow));
  }

  private static Option<OffloadError> fenced(Supplier<Option<OffloadError>> question) {
    try {
      return question.get();
    } catch (RuntimeException | LinkageError thrown) {
      return Option.some(new OffloadError.AdmissionFault(thrown.toString()));
    }
  }

  void added(Flow flow) {
    tell(() -> admission.added(flow));
  }

  void removed(Flow flow) {
    tell(() -> admission.removed(flow));
  }

  /** What is told has happened already: a fault in who hears it is counted, and changes nothing. */
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | LinkageError thrown) {
      count(new OffloadError.AdmissionFault(thrown.toString()));
    }
  }

  void count(OffloadError refusal) {
    String label = refusal.label();
    boolean isRoom = refusals.containsKey(label) || refusals.size() < MOST_LABELS;
    refusals.merge(isRoom ? label : OTHER_LABELS, 1L, Long::sum);
  }

  io.vavr.collection.SortedMap<String, Long> refusals() {
    return io.vavr.collection.TreeMap.ofAll(refusals);
  }
}
