package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Kind;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * IPv4 on receipt: {@code ip_rcv_core}, {@code ip_route_input_slow} and {@code ip_forward} of
 * Linux, in their order.
 */
final class Ipv4Input {
  private static final int HEADER = 20;
  private static final long LIMITED_BROADCAST = 0xffffffffL;

  /** All hosts: the one group that a router is always in. */
  private static final long ALL_HOSTS = 0xe0000001L;

  private final RouterState state;
  private final LocalInput local;
  private final Output output;

  Ipv4Input(RouterState state, LocalInput local, Output output) {
    this.state = state;
    this.local = local;
    this.output = output;
  }

  RouterOutcome receive(byte[] content, Arrival arrival) {
    if (content.length < HEADER) {
      return new Dropped(DropReason.TRUNCATED);
    }
    int headerLength = Octets.u8(content, 0) % 16 * 4;
    if (Octets.u8(content, 0) >> 4 != 4) {
      return new Dropped(DropReason.BAD_VERSION);
    }
    if (headerLength < HEADER) {
      return new Dropped(DropReason.BAD_HEADER_LENGTH);
    }
    if (content.length < headerLength) {
      return new Dropped(DropReason.TRUNCATED);
    }
    if (!Octets.isHeaderChecksumRight(content, headerLength)) {
      return new Dropped(DropReason.BAD_HEADER_CHECKSUM);
    }
    int totalLength = Octets.u16(content, 2);
    if (totalLength > content.length || totalLength < headerLength) {
      return new Dropped(DropReason.BAD_TOTAL_LENGTH);
    }
    return route(Arrays.copyOf(content, totalLength), arrival);
  }

  private RouterOutcome route(byte[] received, Arrival arrival) {
    if (state.tracksConnections() && (Octets.u16(received, 6) & 0x3fff) != 0) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    return state
        .hooks()
        .prerouting(received, arrival.device())
        .fold(outcome -> outcome, packet -> routed(packet, arrival.received(received)));
  }

  private RouterOutcome routed(byte[] packet, Arrival arrival) {
    long source = Octets.u32(packet, 12);
    long destination = Octets.u32(packet, 16);
    if (isMulticast(destination)) {
      return multicast(packet, source, destination, arrival);
    }
    if (isMulticast(source) || source == LIMITED_BROADCAST) {
      return new Dropped(DropReason.MARTIAN_SOURCE);
    }
    boolean toEveryone = destination == LIMITED_BROADCAST || (source == 0 && destination == 0);
    if (!toEveryone) {
      if (source >>> 24 == 0) {
        return new Dropped(DropReason.MARTIAN_SOURCE);
      }
      if (destination >>> 24 == 0 || destination >>> 24 == 127) {
        return new Dropped(DropReason.MARTIAN_DESTINATION);
      }
      if (source >>> 24 == 127) {
        return new Dropped(DropReason.MARTIAN_SOURCE);
      }
    }
    IpAddress to = Octets.destination(packet, IpFamily.V4);
    Result route = state.routes().input(to, arrival.device());
    boolean isBroadcast = toEveryone || route.kind() == Kind.BROADCAST;
    // fib_validate_source without reverse path filter: only our own addresses are refused. It comes
    // after the look-up, so that a packet without route is not asked for its source.
    boolean isChecked = isBroadcast || route.kind() == Kind.LOCAL || route.kind() == Kind.UNICAST;
    if (isChecked && state.routes().isOwn(Octets.source(packet, IpFamily.V4))) {
      return new Dropped(DropReason.MARTIAN_SOURCE);
    }
    return options(packet, arrival, route, isBroadcast);
  }

  private RouterOutcome multicast(byte[] packet, long source, long destination, Arrival arrival) {
    if (destination != ALL_HOSTS) {
      return new Dropped(DropReason.MULTICAST);
    }
    boolean isMartian =
        isMulticast(source)
            || source == LIMITED_BROADCAST
            || source >>> 24 == 127
            || state.routes().isOwn(Octets.source(packet, IpFamily.V4));
    if (isMartian) {
      return new Dropped(DropReason.MARTIAN_SOURCE);
    }
    return options(packet, arrival, Result.NONE, true);
  }

  private static boolean isMulticast(long address) {
    return address >>> 28 == 0xe;
  }

  /** The options are looked at before the route is followed, also before its errors are sent. */
  private RouterOutcome options(byte[] packet, Arrival arrival, Result route, boolean isBroadcast) {
    Ipv4Options options = Ipv4Options.of(packet, state.routes()::isLocalOrBroadcast);
    IcmpRules.V4 icmp = new IcmpRules.V4(state, packet, arrival, isBroadcast, options);
    if (options.isMalformed()) {
      return icmp.error(DropReason.BAD_OPTIONS);
    }
    if (options.hasSourceRoute()) {
      return new Dropped(DropReason.SOURCE_ROUTE);
    }
    if (isBroadcast || route.kind() == Kind.LOCAL) {
      return local.ipv4(packet, arrival, icmp);
    }
    return switch (route.kind()) {
      case UNICAST -> forward(packet, arrival, route, options, icmp);
      case BLACKHOLE -> new Dropped(DropReason.BLACKHOLE);
      default -> icmp.error(DropReason.NO_ROUTE);
    };
  }

  private RouterOutcome forward(
      byte[] packet, Arrival arrival, Result route, Ipv4Options options, IcmpRules.V4 icmp) {
    if (!arrival.isToUs()) {
      return new Dropped(DropReason.LINK_BROADCAST);
    }
    int ttl = Octets.u8(packet, 8);
    if (ttl <= 1) {
      return icmp.error(DropReason.TTL);
    }
    ScenarioDevice egress = state.device(route.ifindex());
    if (egress.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE || egress.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    boolean df = (Octets.u8(packet, 6) & 0x40) != 0;
    if (packet.length > output.mtu(route)) {
      return df ? icmp.error(DropReason.MTU) : new NotModelled(NotModelledReason.FRAGMENT);
    }
    Option<RouterOutcome> filtered =
        state.hooks().forward(packet, arrival.device(), route.ifindex());
    if (filtered.isDefined()) {
      return filtered.get();
    }
    byte[] lower = packet.clone();
    Octets.put8(lower, 8, ttl - 1);
    Octets.fillHeaderChecksum(lower);
    RouterOutcome outcome =
        state
            .hooks()
            .postrouting(lower, arrival.device(), route.ifindex())
            .fold(
                lost -> lost,
                sent ->
                    output.send(
                        new Outgoing(
                            sent,
                            IpFamily.V4,
                            route,
                            arrival.forwarding(route.ifindex(), sent),
                            icmp,
                            arrival.priority().withValue(Priority.ofTos(Octets.u8(packet, 1))))));
    // What the options would become has no influence on anything else.
    return outcome instanceof Forwarded && options.isChanged()
        ? new NotModelled(NotModelledReason.IP_OPTIONS)
        : outcome;
  }
}
