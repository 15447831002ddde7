package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A flow between two places.
 *
 * @param from where it starts
 * @param to where it goes
 * @param tuple what is sent from there
 * @param replyTuple what is sent back: the reversed tuple, unless addresses are translated
 */
public record FlowPlan(Place from, Place to, FlowTuple tuple, FlowTuple replyTuple) {
  /** Without translation. */
  FlowPlan(Place from, Place to, FlowTuple tuple) {
    this(from, to, tuple, tuple.reversed());
  }

  /** The other direction. */
  public FlowPlan reversed() {
    return new FlowPlan(to, from, replyTuple, tuple);
  }

  /**
   * Numbers of which a router makes a flow, whatever places it has.
   *
   * @param from chooses a place
   * @param to chooses a place
   * @param hosts chooses hosts
   * @param ipv6 true for IPv6 where both places have it
   * @param protocol 6 or 17, or {@link #PASSING}
   * @param ports chooses ports
   */
  record Recipe(int from, int to, int hosts, boolean ipv6, int protocol, int ports) {
    /** In place of a protocol: one that passes through, if there is one; ports choose which. */
    static final int PASSING = -1;

    FlowPlan in(RouterPlan router) {
      int places = router.places().size();
      Place start = router.places().get(from % places);
      // Not every tunnel carries both families; a port does.
      Place end =
          List.range(0, places)
              .map(i -> router.places().get((to + i) % places))
              .find(place -> start.sharesFamily(place))
              .get();
      Option<Passing> passing = passing(router, start, end);
      IpFamily wish = ipv6 ? IpFamily.V6 : IpFamily.V4;
      IpFamily other = ipv6 ? IpFamily.V4 : IpFamily.V6;
      IpFamily family =
          passing
              .map(p -> p.transit().family())
              .getOrElse(() -> start.has(wish) && end.has(wish) ? wish : other);
      IpAddress source = start.host(family, hosts);
      IpAddress destination = end.host(family, hosts / 4);
      FlowTuple tuple =
          passing
              .map(p -> new FlowTuple(source, destination, p.transit().protocol(), 0, 0))
              .getOrElse(() ->
                  new FlowTuple(
                      source,
                      destination,
                      protocol == PASSING ? PlainFrames.UDP : protocol,
                      1000 + ports % 3,
                      2000 + ports / 3));
      return new FlowPlan(start, end, tuple);
    }

    private Option<Passing> passing(RouterPlan router, Place start, Place end) {
      Seq<Passing> able =
          router
              .passing()
              .filter(p -> start.has(p.transit().family()) && end.has(p.transit().family()));
      return Option.when(
          protocol == PASSING && able.nonEmpty(), () -> able.get(ports % able.size()));
    }
  }
}
