package io.culvert.flowtable;

import java.time.Duration;

/**
 * A flow that the slow path would have forwarded from now on.
 *
 * @param tuple the original direction's tuple, as its packets reach the router
 * @param replyTuple the reply direction's tuple, as its packets reach the router: the reversed tuple
 *     of a packet that left. Where no address is translated it is {@code tuple.reversed()};
 *     otherwise it says what source (its destination) and destination (its source) the original
 *     direction's packets get, as in a line of {@code conntrack -L}
 * @param ingress index of the device by which its packets reach the router's IP layer: the tunnel
 *     device if they come in a tunnel, else the port
 * @param idleTimeout the flow expires when neither direction saw a packet for so long; zero for
 *     never; at most 24 days
 */
public record FlowOffer(
    FlowTuple tuple, FlowTuple replyTuple, int ingress, Duration idleTimeout) {
  /** Checks the timeout. */
  public FlowOffer {
    if (idleTimeout.isNegative() || idleTimeout.compareTo(Duration.ofDays(24)) > 0) {
      throw new IllegalArgumentException("offer: idleTimeout=" + idleTimeout);
    }
  }

  /** A flow without address translation. */
  public FlowOffer(FlowTuple tuple, int ingress, Duration idleTimeout) {
    this(tuple, tuple.reversed(), ingress, idleTimeout);
  }
}
