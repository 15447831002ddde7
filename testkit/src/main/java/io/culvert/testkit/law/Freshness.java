package io.culvert.testkit.law;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTuple;
import io.culvert.spi.Transit;
import io.culvert.testkit.router.Forwarding;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashSet;
import java.util.Set;

/**
 * A plain model of which directions of flows the fast path may forward at all: those that were
 * offered, or had a packet on the slow path that may have offered them, since they were last taken
 * out or made stale.
 */
final class Freshness {
  private static final int TCP_EDGES = 0x07;

  private final Seq<Transit> transit;
  private final Set<Key> fresh = new HashSet<>();

  private record Key(FlowTuple tuple, int ingress) {}

  /**
   * Nothing yet.
   *
   * @param transit packets without ports that may be a flow's
   */
  Freshness(Seq<Transit> transit) {
    this.transit = transit;
  }

  /** What is wrong with the fast path having forwarded this packet. */
  Option<String> problem(Forwarding f) {
    if (!hasFlow(f)) {
      return Option.some(
          "a fragment is no flow's, nor is a packet without ports that no provider lets pass");
    }
    if ((f.tcpFlags() & TCP_EDGES) != 0) {
      return Option.some("SYN, FIN and RST are for the slow path");
    }
    return fresh.contains(new Key(f.tuple(), f.ingressDevice()))
        ? Option.none()
        : Option.some("its flow was stale or taken out, and was not offered again");
  }

  private boolean hasFlow(Forwarding f) {
    return f.hasPorts()
        || (!f.isFragment()
            && transit.exists(t ->
                t.family() == f.family() && t.protocol() == f.protocol() && t.fits(f.payload())));
  }

  /** The slow path forwarded a packet: it may have offered its flow. */
  void slow(Forwarding f) {
    if (hasFlow(f)) {
      fresh.add(new Key(f.tuple(), f.ingressDevice()));
      fresh.add(new Key(f.replyTuple(), f.egressDevice()));
    }
  }

  /** The table took an offer. */
  void offered(Flow flow) {
    fresh.add(new Key(flow.tuple(), flow.ingress()));
    fresh.add(reply(flow));
  }

  private static Key reply(Flow flow) {
    return new Key(flow.replyTuple(), flow.original().devices().head());
  }

  /** A flow is about to be removed. */
  void remove(FlowTable table, FlowTuple tuple, int ingress) {
    table.flow(tuple, ingress).forEach(this::forget);
  }

  /** A device is about to be invalidated. */
  void invalidate(FlowTable table, int ifindex) {
    table
        .flows()
        .filter(flow ->
            flow.original().devices().contains(ifindex) || flow.reply().devices().contains(ifindex))
        .forEach(this::forget);
  }

  private void forget(Flow flow) {
    fresh.remove(new Key(flow.tuple(), flow.ingress()));
    fresh.remove(reply(flow));
  }

  /** Every flow is stale. */
  void policyChanged() {
    fresh.clear();
  }
}
