package io.culvert.testkit.router;

import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A packet on its way out.
 *
 * @param packet the packet as it leaves the IP layer
 * @param family its version
 * @param route where it goes
 * @param forwarding the forwarding decision that it comes from
 * @param icmp what an ICMP error to its source means
 * @param shims bytes of the shims of the tunnels that it is in, outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // A step of a computation, never compared.
record Outgoing(
    byte[] packet,
    IpFamily family,
    Result route,
    Forwarding forwarding,
    IcmpRules icmp,
    Seq<Integer> shims) {

  Outgoing(byte[] packet, IpFamily family, Result route, Forwarding forwarding, IcmpRules icmp) {
    this(packet, family, route, forwarding, icmp, List.empty());
  }

  IpAddress nextHop() {
    return route.gateway().getOrElse(() -> Octets.destination(packet, family));
  }

  /** Number of tunnels that it is in. */
  int depth() {
    return shims.size();
  }

  /**
   * This packet inside another one of the router's own.
   *
   * @param shim bytes between the outer header and this packet
   */
  Outgoing inside(
      byte[] outer, IpFamily outerFamily, int shim, Result outerRoute, IcmpRules outerIcmp) {
    return new Outgoing(outer, outerFamily, outerRoute, forwarding, outerIcmp, shims.prepend(shim));
  }

  /** The type of service or traffic class. */
  int tos() {
    return family == IpFamily.V4 ? Octets.u8(packet, 1) : Octets.u16(packet, 0) >> 4 & 0xff;
  }

  int ttl() {
    return Octets.u8(packet, family == IpFamily.V4 ? 8 : 7);
  }

  /** True if it may not be made into fragments on the way. */
  boolean df() {
    return family == IpFamily.V4 && (Octets.u8(packet, 6) & 0x40) != 0;
  }

  Option<Integer> routeMtu() {
    return route.mtu();
  }
}
