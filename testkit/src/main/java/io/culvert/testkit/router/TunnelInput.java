package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainDecoded;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.router.LocalInput.Outer;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** Out of tunnels over IP: which device a packet belongs to, and what is in it. */
final class TunnelInput {
  private final RouterState state;
  private Option<FrameInput> behind = Option.none();

  TunnelInput(RouterState state) {
    this.state = state;
  }

  /** Where packets go on that came out. */
  void behind(FrameInput input) {
    behind = Option.some(input);
  }

  /** True if any device is announced by this. */
  boolean isServed(Carrier carrier) {
    return speakers(carrier).nonEmpty();
  }

  private Seq<RouterTunnel> speakers(Carrier carrier) {
    return state.tunnels().filter(t -> t.codec().carriers().contains(carrier));
  }

  /** True if the socket of these devices takes packets that have no checksum. */
  boolean isZeroChecksumTaken(Carrier carrier) {
    return speakers(carrier)
        .filter(t -> t.device().isUp())
        .flatMap(t -> t.codec().outer())
        .exists(o -> o.policy().udp().zeroAccepted());
  }

  /** What became of a packet for the router; none if no device is announced by this. */
  Option<RouterOutcome> open(Outer outer, Carrier carrier, byte[] bytes) {
    PlainPayload payload = new PlainPayload(carrier, bytes);
    Seq<RouterTunnel> speakers = speakers(carrier);
    if (speakers.isEmpty()) {
      return Option.none();
    }
    if (speakers.exists(t -> t.codec().illegal(payload).isDefined())) {
      return Option.some(new Dropped(DropReason.TUNNEL_HEADER));
    }
    Seq<RouterTunnel> matching =
        speakers.filter(t -> t.takes(carrier, outer.source(), outer.destination()));
    // Of tunnels with the same ends, one bound to the device goes first, then one that is told its
    // own address (ip_tunnel_lookup); then the newest.
    String ingress = state.device(outer.arrival().device()).name();
    Seq<RouterTunnel> bound =
        matching.filter(t -> t.codec().outer().exists(o -> o.device().contains(ingress)));
    boolean isRefused = false;
    for (RouterTunnel tunnel :
        toldFirst(bound).appendAll(toldFirst(matching.removeAll(bound).reverse()))) {
      switch (tunnel.codec().decode(payload, outer.arrival().priority())) {
        case PlainDecoded.NotMine _ -> {}
        case PlainDecoded.Refused _ -> isRefused = true;
        case PlainDecoded.Packet(PlainPacket packet) -> {
          return Option.some(opened(tunnel, outer, packet));
        }
      }
    }
    if (isRefused) {
      return Option.some(new Dropped(DropReason.TUNNEL_HEADER));
    }
    if (state.isOutOfScope(carrier)) {
      return Option.some(new NotModelled(NotModelledReason.DEVICE));
    }
    // A socket keeps quiet about a VNI that it does not have.
    return Option.some(
        carrier instanceof Carrier.UdpPortCarrier
            ? new Dropped(DropReason.UNKNOWN_TUNNEL)
            : outer.icmp().error(DropReason.UNKNOWN_TUNNEL));
  }

  private static Seq<RouterTunnel> toldFirst(Seq<RouterTunnel> tunnels) {
    Seq<RouterTunnel> told =
        tunnels.filter(t -> t.codec().outer().exists(o -> o.local().isDefined()));
    return told.appendAll(tunnels.removeAll(told));
  }

  private RouterOutcome opened(RouterTunnel tunnel, Outer outer, PlainPacket inner) {
    if (isLoop(tunnel, inner)) {
      return new Dropped(DropReason.TUNNEL_LOOP);
    }
    Option<byte[]> marked = EcnDecapsulation.apply(outer.tos(), inner);
    if (marked.isEmpty()) {
      return new Dropped(DropReason.ECN);
    }
    return behind
        .get()
        .deliver(
            tunnel.device(),
            new PlainPacket(inner.type(), marked.get(), inner.priority()),
            outer.arrival().through(tunnel.device().ifindex(), inner.priority()));
  }

  /** A frame from the device's own address: {@code vxlan_set_mac} and its like drop it. */
  private boolean isLoop(RouterTunnel tunnel, PlainPacket inner) {
    byte[] frame = inner.bytes();
    Option<MacAddress> own = state.address(tunnel.device());
    return tunnel.codec().carriers().exists(Carrier.UdpPortCarrier.class::isInstance)
        && inner.type().equals(InnerType.ETHERNET)
        && frame.length >= LinkFrame.HEADER
        && own.exists(mac -> mac.equals(Octets.mac(frame, 6)));
  }
}
