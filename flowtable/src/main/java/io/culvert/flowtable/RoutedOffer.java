package io.culvert.flowtable;

/**
 * A flow whose ways the control plane knows: {@link FlowTable#way} has found them once for many.
 *
 * <p>That packets of this very flow go these ways is for the control plane to know; the table does
 * not ask for routes. All else is checked as for a {@link FlowOffer}.
 *
 * @param flow the flow; its ingress is the reply way's device
 * @param original the original direction's way out
 * @param reply the reply direction's way out, from the same table
 */
public record RoutedOffer(FlowOffer flow, Way original, Way reply) {
  /** Checks that all of it is of one IP version, and the ways of one table. */
  @SuppressWarnings("ReferenceEquality") // A table is itself.
  public RoutedOffer {
    if (original.family() != flow.tuple().family() || reply.family() != flow.tuple().family()) {
      throw new IllegalArgumentException(
          "routed offer: tuple="
              + flow.tuple()
              + " original="
              + original.family()
              + " reply="
              + reply.family());
    }
    if (original.table() != reply.table()) {
      throw new IllegalArgumentException("routed offer: ways of two tables");
    }
  }

  /** A flow without translation, with its table's timeout. */
  public RoutedOffer(FlowTuple tuple, Way original, Way reply) {
    this(new FlowOffer(tuple, reply.device()), original, reply);
  }
}
