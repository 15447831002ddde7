package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainPriority;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * A packet on its way out.
 *
 * @param packet the packet as it leaves the IP layer
 * @param family its version
 * @param route where it goes
 * @param forwarding the forwarding decision that it comes from
 * @param icmp what an ICMP error to its source means
 * @param own headers of the router in it, as offsets from the packet's start, outermost first
 * @param depth number of tunnels that it is in
 * @param priority how it is to be treated
 */
@SuppressWarnings("ArrayRecordComponent") // A step of a computation, never compared.
record Outgoing(
    byte[] packet,
    IpFamily family,
    Result route,
    Forwarding forwarding,
    IcmpRules icmp,
    Seq<OwnHeader> own,
    int depth,
    PlainPriority priority) {

  Outgoing(
      byte[] packet,
      IpFamily family,
      Result route,
      Forwarding forwarding,
      IcmpRules icmp,
      PlainPriority priority) {
    this(packet, family, route, forwarding, icmp, List.empty(), 0, priority);
  }

  IpAddress nextHop() {
    return route.gateway().getOrElse(() -> Octets.destination(packet, family));
  }

  /**
   * This packet inside another one of the router's own.
   *
   * @param headers headers of the router in the new packet
   */
  Outgoing inside(
      byte[] outer,
      IpFamily outerFamily,
      Seq<OwnHeader> headers,
      Result outerRoute,
      IcmpRules outerIcmp) {
    return new Outgoing(
        outer, outerFamily, outerRoute, forwarding, outerIcmp, headers, depth + 1, priority);
  }

  /** The type of service or traffic class. */
  int tos() {
    return family == IpFamily.V4 ? Octets.u8(packet, 1) : Octets.u16(packet, 0) >> 4 & 0xff;
  }

  int ttl() {
    return Octets.u8(packet, family == IpFamily.V4 ? 8 : 7);
  }

  /** The flow label; 0 for IPv4. */
  int flowLabel() {
    return family == IpFamily.V4 ? 0 : (int) Octets.u32(packet, 0) & 0xfffff;
  }

  /** True if it may not be made into fragments on the way. */
  boolean df() {
    return family == IpFamily.V4 && (Octets.u8(packet, 6) & 0x40) != 0;
  }
}
