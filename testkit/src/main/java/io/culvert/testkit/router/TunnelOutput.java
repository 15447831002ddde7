package io.culvert.testkit.router;

import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainOuter;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Kind;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Into a tunnel over IP: {@code ip_tunnel_xmit} of Linux and its like, in their order. */
final class TunnelOutput {
  /** Linux's limit for devices that send through each other. */
  private static final int MOST_TUNNELS = 8;

  private final RouterState state;
  private final Output output;

  TunnelOutput(RouterState state, Output output) {
    this.state = state;
    this.output = output;
  }

  /**
   * Sends.
   *
   * @param inner the IP packet that goes in
   * @param tunnel the device
   * @param packet what goes in: the IP packet, or the frame that it is in
   * @param own headers of the router in that, as offsets from its start
   */
  RouterOutcome send(Outgoing inner, RouterTunnel tunnel, PlainPacket packet, Seq<OwnHeader> own) {
    if (!tunnel.codec().carries(packet.type())) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    if (inner.depth() >= MOST_TUNNELS) {
      return new Dropped(DropReason.TUNNEL_LOOP);
    }
    PlainOuter outer = tunnel.codec().outer(packet.type());
    if (outer.sender() == PlainOuter.Sender.IP6_TUNNEL && ExtensionHeaders.hasEncapLimit(inner)) {
      // ip6_tnl_xmit would hand the limit on, in an outer option.
      return new NotModelled(NotModelledReason.DEVICE);
    }
    Either<String, PlainPayload> payload = tunnel.codec().encode(packet);
    if (payload.isLeft()) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    if (outer.local().exists(local -> !state.routes().isLocal(local))) {
      return new Dropped(DropReason.TUNNEL_SOURCE);
    }
    Option<Integer> only =
        outer.device().flatMap(state.scenario()::device).map(ScenarioDevice::ifindex);
    Result route = state.routes().output(outer.remote(), only);
    if (route.kind() == Kind.LOCAL) {
      return new NotModelled(NotModelledReason.LOCAL);
    }
    if (route.kind() != Kind.UNICAST) {
      return new Dropped(DropReason.NO_ROUTE);
    }
    if (route.ifindex() == tunnel.device().ifindex()) {
      return new Dropped(DropReason.TUNNEL_LOOP);
    }
    if (state.device(route.ifindex()).kind() == ScenarioDevice.Kind.OUT_OF_SCOPE) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    return wrap(new Passage(inner, tunnel, packet, outer, route), payload.get(), own);
  }

  /**
   * One packet on its way into a tunnel.
   *
   * @param inner the IP packet
   * @param tunnel the device
   * @param packet what goes in
   * @param outer how the outer header is filled
   * @param route where the outer packet goes
   */
  record Passage(
      Outgoing inner, RouterTunnel tunnel, PlainPacket packet, PlainOuter outer, Result route) {
    /** Length of the IP packet, with tags in front of it if there are any. */
    int length() {
      return packet.bytes().length - ethernet();
    }

    /** Bytes of the inner Ethernet header. */
    int ethernet() {
      return packet.type().equals(InnerType.ETHERNET) ? LinkFrame.HEADER : 0;
    }

    /** True if no tag stands between the inner Ethernet header and the IP packet. */
    boolean isBare() {
      return length() == inner.packet().length;
    }

    IpFamily family() {
      return outer.remote().family();
    }
  }

  private RouterOutcome wrap(Passage passage, PlainPayload payload, Seq<OwnHeader> own) {
    PlainOuter outer = passage.outer();
    Option<IpAddress> local =
        outer.local().orElse(() -> state.routes().source(passage.route(), outer.remote()));
    if (local.isEmpty()) {
      return new Dropped(DropReason.TUNNEL_SOURCE);
    }
    Outgoing inner = passage.inner();
    OuterFields fields = OuterFields.of(outer.policy(), inner, passage.isBare());
    OuterHeader header = new OuterHeader(local.get(), outer.remote(), fields, payload.carrier());
    byte[] packet = header.around(payload.bytes(), outer.policy().udp(), state, inner);
    Either<RouterOutcome, Boolean> fits =
        new OuterMtu(state, output).judge(passage, packet.length, fields.df());
    if (fits.isLeft()) {
      return fits.getLeft();
    }
    if (passage.family() == IpFamily.V4 && fields.df() && !fits.get()) {
      packet = header.withoutDf(packet);
    }
    int shim = payload.bytes().length - passage.packet().bytes().length;
    int inFront = packet.length - payload.bytes().length;
    Seq<OwnHeader> headers =
        header
            .own(outer.policy().udp())
            .appendAll(ofCodec(passage.tunnel().codec(), inFront))
            .appendAll(own.map(o -> o.shifted(inFront + shim)));
    return output.send(
        inner.inside(
            packet,
            passage.family(),
            headers,
            passage.route(),
            new OwnPacket(state, outer.remote())));
  }

  private static Seq<OwnHeader> ofCodec(PlainTunnel codec, int at) {
    return List.<OwnHeader>empty()
        .appendAll(codec.checksumAt().map(sum -> new OwnHeader.Checksum(at + sum, at)))
        .appendAll(codec.sequenceAt().map(number -> new OwnHeader.Sequence(at + number)));
  }

  /**
   * An ICMP error about a packet that we made goes to ourselves: a lower path MTU to the tunnel's
   * other end is learned from it, and so this and later packets depend on it.
   *
   * @param state the router
   * @param remote the tunnel's other end
   */
  private record OwnPacket(RouterState state, IpAddress remote) implements IcmpRules {
    @Override
    public RouterOutcome tooBig(int mtu) {
      state.learnMtu(remote, mtu);
      return new NotModelled(NotModelledReason.PMTU);
    }

    @Override
    public RouterOutcome error(DropReason silent) {
      return new NotModelled(NotModelledReason.PMTU);
    }
  }
}
