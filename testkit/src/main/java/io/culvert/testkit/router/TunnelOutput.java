package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Kind;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Into a tunnel over IPv4: {@code ip_tunnel_xmit} of Linux, in its order. */
final class TunnelOutput {
  private static final int HEADER = 20;
  private static final int LEAST_IPV6_MTU = 1280;

  /** Linux's limit for devices that send through each other. */
  private static final int MOST_TUNNELS = 8;

  private final RouterState state;
  private final Output output;

  TunnelOutput(RouterState state, Output output) {
    this.state = state;
    this.output = output;
  }

  RouterOutcome send(Outgoing inner, RouterTunnel tunnel) {
    InnerType type = InnerType.of(inner.family());
    if (!tunnel.codec().carries(type)) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    if (inner.depth() >= MOST_TUNNELS) {
      return new Dropped(DropReason.TUNNEL_LOOP);
    }
    Either<String, byte[]> payload = tunnel.codec().encode(new PlainPacket(type, inner.packet()));
    if (payload.isLeft()) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    OuterSettings outer = tunnel.outer();
    if (!state.routes().isLocal(outer.local())) {
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
    return fit(inner, tunnel, payload.get(), route);
  }

  /** {@code tnl_update_pmtu}: the sender is told what fits, if it has asked for that. */
  private RouterOutcome fit(Outgoing inner, RouterTunnel tunnel, byte[] payload, Result route) {
    boolean df = tunnel.outer().df() || inner.df();
    int most = output.mtu(route);
    int learned = state.learnedMtu(tunnel.outer().remote());
    int outerLength = HEADER + payload.length;
    if (outerLength > learned && learned < most) {
      return new NotModelled(NotModelledReason.PMTU);
    }
    if (outerLength > most) {
      int innerMtu = df ? most - (outerLength - inner.packet().length) : output.mtu(inner.route());
      boolean isTold =
          inner.family() == IpFamily.V4
              ? inner.df()
              : innerMtu >= LEAST_IPV6_MTU && inner.packet().length > innerMtu;
      if (isTold) {
        return inner.icmp().tooBig(innerMtu);
      }
      // The kernel tells only itself that the outer packet is too big.
      return df ? new Dropped(DropReason.OUTER_MTU) : new NotModelled(NotModelledReason.FRAGMENT);
    }
    int shim = payload.length - inner.packet().length;
    byte[] packet = Octets.join(header(inner, tunnel, outerLength, df), payload);
    return output.send(
        inner.inside(packet, IpFamily.V4, shim, route, new OwnPacket(state, tunnel)));
  }

  private byte[] header(Outgoing inner, RouterTunnel tunnel, int totalLength, boolean df) {
    OuterSettings outer = tunnel.outer();
    byte[] header = new byte[HEADER];
    Octets.put8(header, 0, 0x45);
    Octets.put8(header, 1, outer.tos(inner.tos()));
    Octets.put16(header, 2, totalLength);
    Octets.put16(header, 4, state.nextId());
    Octets.put16(header, 6, df ? 0x4000 : 0);
    Octets.put8(header, 8, outer.ttl() == 0 ? inner.ttl() : outer.ttl());
    Octets.put8(
        header,
        9,
        tunnel.codec().carrier() instanceof Carrier.IpProtocolCarrier c ? c.number() : 0);
    System.arraycopy(outer.local().bytes(), 0, header, 12, 4);
    System.arraycopy(outer.remote().bytes(), 0, header, 16, 4);
    Octets.fillHeaderChecksum(header);
    return header;
  }

  /**
   * An ICMP error about a packet that we made goes to ourselves: a lower path MTU to the tunnel's
   * other end is learned from it, and so this and later packets depend on it.
   *
   * @param state the router
   * @param tunnel the tunnel that the packet comes from
   */
  private record OwnPacket(RouterState state, RouterTunnel tunnel) implements IcmpRules {
    @Override
    public RouterOutcome tooBig(int mtu) {
      state.learnMtu(tunnel.outer().remote(), mtu);
      return new NotModelled(NotModelledReason.PMTU);
    }

    @Override
    public RouterOutcome error(DropReason silent) {
      return new NotModelled(NotModelledReason.PMTU);
    }
  }
}
