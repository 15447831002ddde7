package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;

/** Packets for the router itself: tunnels are opened, the rest is not modelled. */
final class LocalInput {
  private static final int NEIGHBOUR_FIRST = 133;
  private static final int NEIGHBOUR_LAST = 137;
  private static final int DESTINATION_UNREACHABLE = 3;
  private static final int FRAGMENTATION_NEEDED = 4;

  private final RouterState state;
  private Option<Receivers> receivers = Option.none();

  /** Where packets behind a tunnel go on. */
  record Receivers(Ipv4Input ipv4, Ipv6Input ipv6) {}

  LocalInput(RouterState state) {
    this.state = state;
  }

  void receivers(Receivers both) {
    receivers = Option.some(both);
  }

  RouterOutcome ipv4(byte[] packet, Arrival arrival, IcmpRules.V4 icmp) {
    if ((Octets.u16(packet, 6) & 0x3fff) != 0) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    int protocol = Octets.u8(packet, 9);
    Carrier carrier = Carrier.ipProtocol(IpFamily.V4, protocol);
    int headerLength = Octets.u8(packet, 0) % 16 * 4;
    byte[] payload = Arrays.copyOfRange(packet, headerLength, packet.length);
    Seq<RouterTunnel> speakers = state.tunnels().filter(t -> t.codec().carrier().equals(carrier));
    if (speakers.exists(t -> payload.length < t.codec().leastPayload())) {
      return new Dropped(DropReason.TRUNCATED);
    }
    IpAddress source = Octets.source(packet, IpFamily.V4);
    IpAddress destination = Octets.destination(packet, IpFamily.V4);
    Seq<RouterTunnel> matching = speakers.filter(t -> t.takes(carrier, source, destination));
    if (matching.nonEmpty()) {
      // Of tunnels with the same ends, one bound to the device goes first; then the newest.
      String ingress = state.device(arrival.device()).name();
      Seq<RouterTunnel> bound = matching.filter(t -> t.outer().device().contains(ingress));
      for (RouterTunnel tunnel : bound.appendAll(matching.reverse())) {
        Option<RouterOutcome> outcome = open(tunnel, packet, payload, arrival);
        if (outcome.isDefined()) {
          return outcome.get();
        }
      }
      return new Dropped(DropReason.TUNNEL_HEADER);
    }
    if (isOutOfScope(protocol, payload)) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    if (protocol == TunnelProtocols.IPIP || speakers.nonEmpty()) {
      return icmp.error(DropReason.UNKNOWN_TUNNEL);
    }
    if (protocol == TunnelProtocols.ICMP) {
      learn(payload);
    }
    return new NotModelled(NotModelledReason.LOCAL);
  }

  private boolean isOutOfScope(int protocol, byte[] payload) {
    if (protocol != TunnelProtocols.UDP) {
      return state.isOutOfScope(protocol);
    }
    int port = payload.length < 8 ? -1 : Octets.u16(payload, 2);
    return state.scenario().udpTunnelPorts().contains(port)
        || state
            .outOfScopeDevices()
            .filter(d -> TunnelProtocols.of(d.words().head()).contains(TunnelProtocols.UDP))
            .exists(d ->
                d.wordAfter("dstport")
                    .orElse(() -> d.wordAfter("port"))
                    .getOrElse(Integer.toString(TunnelProtocols.defaultPort(d.words().head())))
                    .equals(Integer.toString(port)));
  }

  /** What becomes of a packet in a tunnel; none if its header is not the tunnel's. */
  private Option<RouterOutcome> open(
      RouterTunnel tunnel, byte[] outer, byte[] payload, Arrival arrival) {
    return tunnel
        .codec()
        .decode(payload)
        .toOption()
        .map(inner -> opened(tunnel, outer, inner, arrival));
  }

  private RouterOutcome opened(
      RouterTunnel tunnel, byte[] outer, PlainPacket inner, Arrival arrival) {
    Option<byte[]> marked = EcnDecapsulation.apply(Octets.u8(outer, 1), inner);
    if (marked.isEmpty()) {
      return new Dropped(DropReason.ECN);
    }
    Arrival behind = arrival.through(tunnel.device().ifindex());
    Receivers next = receivers.get();
    if (inner.type().equals(InnerType.IPV4)) {
      return next.ipv4().receive(marked.get(), behind);
    }
    return inner.type().equals(InnerType.IPV6)
        ? next.ipv6().receive(marked.get(), behind)
        : new NotModelled(NotModelledReason.DEVICE);
  }

  /** ICMP "fragmentation needed" about a packet of one of our tunnels lowers its path MTU. */
  private void learn(byte[] icmp) {
    boolean isTooBig =
        icmp.length >= 28
            && icmp[0] == DESTINATION_UNREACHABLE
            && icmp[1] == FRAGMENTATION_NEEDED
            && Octets.checksum(icmp, 0, icmp.length) == 0;
    if (!isTooBig) {
      return;
    }
    byte[] ours = Arrays.copyOfRange(icmp, 8, icmp.length);
    IpAddress local = Octets.source(ours, IpFamily.V4);
    IpAddress remote = Octets.destination(ours, IpFamily.V4);
    if (state
        .tunnels()
        .exists(t -> t.outer().local().equals(local) && t.outer().remote().equals(remote))) {
      state.learnMtu(remote, Octets.u16(icmp, 6));
    }
  }

  RouterOutcome ipv6(byte[] packet) {
    ExtensionHeaders found = ExtensionHeaders.skip(packet);
    if (found.isFragment()) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    boolean isDiscovery =
        found.protocol() == ExtensionHeaders.ICMPV6
            && found.isComplete()
            && found.at() < packet.length
            && Octets.u8(packet, found.at()) >= NEIGHBOUR_FIRST
            && Octets.u8(packet, found.at()) <= NEIGHBOUR_LAST;
    if (isDiscovery) {
      return new NotModelled(NotModelledReason.NEIGHBOUR);
    }
    byte[] payload = Arrays.copyOfRange(packet, Math.min(found.at(), packet.length), packet.length);
    return new NotModelled(
        isOutOfScope(found.protocol(), payload)
            ? NotModelledReason.DEVICE
            : NotModelledReason.LOCAL);
  }
}
