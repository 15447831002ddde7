package io.culvert.flowtable;

import io.vavr.control.Option;
import java.time.Duration;

/**
 * A flow that the slow path would have forwarded from now on.
 *
 * @param tuple the original direction's tuple, as its packets reach the router
 * @param replyTuple the reply direction's tuple, as its packets reach the router: the reversed
 *     tuple of a packet that left. Where no address is translated it is {@code tuple.reversed()};
 *     otherwise it says what source (its destination) and destination (its source) the original
 *     direction's packets get, as in a line of {@code conntrack -L}
 * @param ingress index of the device by which its packets reach the router's IP layer: the tunnel
 *     device if they come in a tunnel, else the port
 * @param idleTimeout the flow expires when neither direction saw a packet for so long, in whole
 *     milliseconds rounded up; zero for never; at most 24 days. None for what the table says of its
 *     protocol ({@link FlowTableConfig#timeouts})
 * @param seen what the slow path has seen of it
 * @param perPacketPolicy what the slow path does with each of its packets besides forwarding it, in
 *     a word or two ("limit", "mark"): the fast path would not, and refuses the flow. None for
 *     nothing
 */
public record FlowOffer(
    FlowTuple tuple,
    FlowTuple replyTuple,
    int ingress,
    Option<Duration> idleTimeout,
    Seen seen,
    Option<String> perPacketPolicy) {

  /** What the slow path has seen of a flow; {@code Admission.established()} asks for it. */
  public enum Seen {
    /** Not said. */
    UNKNOWN,
    /** Packets of one direction. */
    ONE_WAY,
    /** Packets of both directions. */
    BOTH_WAYS
  }

  /** Checks the timeout. */
  public FlowOffer {
    if (idleTimeout.exists(
        timeout -> timeout.isNegative() || timeout.compareTo(Timeouts.LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "offer: idleTimeout=" + idleTimeout.get() + ", expected 0 (never) to 24 days");
    }
  }

  /** A flow without address translation, with its table's timeout. */
  public FlowOffer(FlowTuple tuple, int ingress) {
    this(tuple, tuple.reversed(), ingress);
  }

  /** A flow with its table's timeout. */
  public FlowOffer(FlowTuple tuple, FlowTuple replyTuple, int ingress) {
    this(tuple, replyTuple, ingress, Option.none(), Seen.UNKNOWN, Option.none());
  }

  /** A flow without address translation, of which nothing more is said. */
  public FlowOffer(FlowTuple tuple, int ingress, Duration idleTimeout) {
    this(tuple, tuple.reversed(), ingress, idleTimeout);
  }

  /** A flow of which nothing more is said. */
  public FlowOffer(FlowTuple tuple, FlowTuple replyTuple, int ingress, Duration idleTimeout) {
    this(tuple, replyTuple, ingress, Option.some(idleTimeout), Seen.UNKNOWN, Option.none());
  }

  /** All of it, with a timeout of its own. */
  public FlowOffer(
      FlowTuple tuple,
      FlowTuple replyTuple,
      int ingress,
      Duration idleTimeout,
      Seen seen,
      Option<String> perPacketPolicy) {
    this(tuple, replyTuple, ingress, Option.some(idleTimeout), seen, perPacketPolicy);
  }

  /** With what the slow path has seen of it. */
  public FlowOffer withSeen(Seen newSeen) {
    return new FlowOffer(tuple, replyTuple, ingress, idleTimeout, newSeen, perPacketPolicy);
  }

  /** With something that the slow path does with each of its packets. */
  public FlowOffer withPerPacketPolicy(String what) {
    return new FlowOffer(tuple, replyTuple, ingress, idleTimeout, seen, Option.some(what));
  }
}
