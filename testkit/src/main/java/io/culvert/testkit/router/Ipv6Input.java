package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * IPv6 on receipt: {@code ip6_rcv_core}, {@code ip6_route_input} and {@code ip6_forward} of Linux.
 */
final class Ipv6Input {
  private static final int HEADER = 40;

  private final RouterState state;
  private final LocalInput local;
  private final Output output;

  Ipv6Input(RouterState state, LocalInput local, Output output) {
    this.state = state;
    this.local = local;
    this.output = output;
  }

  RouterOutcome receive(byte[] content, Arrival arrival) {
    if (!state.device(arrival.device()).carriesIpv6()) {
      return new Dropped(DropReason.IPV6_OFF);
    }
    if (content.length < HEADER) {
      return new Dropped(DropReason.TRUNCATED);
    }
    if (Octets.u8(content, 0) >> 4 != 6) {
      return new Dropped(DropReason.BAD_VERSION);
    }
    IpAddress source = Octets.source(content, IpFamily.V6);
    IpAddress destination = Octets.destination(content, IpFamily.V6);
    if (source.isLoopback() || source.isMulticast() || isIpv4Mapped(content)) {
      return new Dropped(DropReason.MARTIAN_SOURCE);
    }
    // Scope 0 is reserved, and scope 1 does not leave its node (RFC 4291 §2.7).
    boolean isLocalScope = destination.isMulticast() && Octets.u8(content, 25) % 16 <= 1;
    if (destination.isLoopback() || isLocalScope) {
      return new Dropped(DropReason.MARTIAN_DESTINATION);
    }
    return options(content, arrival);
  }

  /** ::ffff:0:0/96 as a source could be taken for an IPv4 host. */
  private static boolean isIpv4Mapped(byte[] packet) {
    for (int i = 8; i < 18; i++) {
      if (packet[i] != 0) {
        return false;
      }
    }
    return Octets.u16(packet, 18) == 0xffff;
  }

  private RouterOutcome options(byte[] content, Arrival arrival) {
    int payloadLength = Octets.u16(content, 4);
    boolean hasOptions = content[6] == ExtensionHeaders.HOP_BY_HOP;
    byte[] packet = content;
    // A payload length of 0 goes with a jumbo option, so the options decide; Linux does not insist.
    if (payloadLength != 0 || !hasOptions) {
      if (payloadLength > content.length - HEADER) {
        return new Dropped(DropReason.BAD_TOTAL_LENGTH);
      }
      packet = Arrays.copyOf(content, HEADER + payloadLength);
    }
    if (!hasOptions) {
      return route(packet, arrival);
    }
    IcmpRules.V6 icmp = new IcmpRules.V6(state, packet, arrival);
    Either<RouterOutcome, byte[]> checked = HeaderOptions.hopByHop(packet, icmp);
    return checked.isLeft() ? checked.getLeft() : route(checked.get(), arrival);
  }

  private RouterOutcome route(byte[] received, Arrival arrival) {
    if (state.tracksConnections() && ExtensionHeaders.skip(received).isFragment()) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    return state
        .hooks()
        .prerouting(received, arrival.device())
        .fold(
            outcome -> outcome,
            packet ->
                routed(
                    packet, arrival.received(received), new IcmpRules.V6(state, packet, arrival)));
  }

  private RouterOutcome routed(byte[] packet, Arrival arrival, IcmpRules.V6 icmp) {
    IpAddress destination = Octets.destination(packet, IpFamily.V6);
    if (destination.isMulticast()) {
      return isJoined(destination)
          ? local.ipv6(packet, arrival, icmp)
          : new Dropped(DropReason.MULTICAST);
    }
    Result route = state.routes().input(destination, arrival.device());
    return switch (route.kind()) {
      case LOCAL -> local.ipv6(packet, arrival, icmp);
      case UNICAST -> forward(packet, arrival, route, icmp);
      case BLACKHOLE -> new Dropped(DropReason.BLACKHOLE);
      default -> icmp.error(DropReason.NO_ROUTE);
    };
  }

  /** All nodes, all routers, and the solicited-node groups of our addresses. */
  private boolean isJoined(IpAddress group) {
    byte[] bytes = group.bytes();
    if (isGroup(bytes, 2, 1) || isGroup(bytes, 2, 2) || isGroup(bytes, 5, 2)) {
      return true;
    }
    byte[] solicited = IpAddress.parse("ff02::1:ff00:0").get().bytes();
    boolean isSolicited = Arrays.equals(bytes, 0, 13, solicited, 0, 13);
    return isSolicited
        && (state.scenario().addresses().exists(a -> endsAs(a.prefix().address().bytes(), bytes))
            || state
                .scenario()
                .ports()
                .exists(p -> p.hasLinkLocal() && p.address().exists(m -> endsAs(m.bits(), bytes))));
  }

  private static boolean isGroup(byte[] bytes, int scope, int group) {
    return Arrays.equals(bytes, IpAddress.parse("ff0" + scope + "::" + group).get().bytes());
  }

  private static boolean endsAs(byte[] own, byte[] group) {
    return own.length == 16 && Arrays.equals(own, 13, 16, group, 13, 16);
  }

  private static boolean endsAs(long mac, byte[] group) {
    return (mac & 0xffffff) == (Octets.u32(group, 12) & 0xffffff);
  }

  private RouterOutcome forward(byte[] packet, Arrival arrival, Result route, IcmpRules.V6 icmp) {
    if (!arrival.isToUs()) {
      return new Dropped(DropReason.LINK_BROADCAST);
    }
    int hopLimit = Octets.u8(packet, 7);
    if (hopLimit <= 1) {
      return icmp.error(DropReason.TTL);
    }
    // Linux leaves the check out where it would send a redirect.
    if (route.ifindex() != arrival.device()) {
      IpAddress source = Octets.source(packet, IpFamily.V6);
      if (source.isUnspecified()) {
        return new Dropped(DropReason.MARTIAN_SOURCE);
      }
      if (Octets.u16(packet, 8) >> 6 == 0xfe80 >> 6) {
        return icmp.error(DropReason.MARTIAN_SOURCE);
      }
    }
    ScenarioDevice egress = state.device(route.ifindex());
    if (egress.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE || egress.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    if (packet.length > output.mtu(route)) {
      return icmp.errorAlsoToMulticast(DropReason.MTU);
    }
    Option<RouterOutcome> filtered =
        state.hooks().forward(packet, arrival.device(), route.ifindex());
    if (filtered.isDefined()) {
      return filtered.get();
    }
    byte[] lower = packet.clone();
    Octets.put8(lower, 7, hopLimit - 1);
    // ip6_output asks the route again, and this time what was learned counts.
    if (lower.length > state.learnedInnerMtu(Octets.destination(packet, IpFamily.V6))) {
      return icmp.errorAlsoToMulticast(DropReason.MTU);
    }
    return state
        .hooks()
        .postrouting(lower, arrival.device(), route.ifindex())
        .fold(
            lost -> lost,
            sent ->
                // Other than for IPv4, the priority stays what a tag said.
                output.send(
                    new Outgoing(
                        sent,
                        IpFamily.V6,
                        route,
                        arrival.forwarding(route.ifindex(), sent),
                        icmp,
                        arrival.priority())));
  }
}
