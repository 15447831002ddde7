package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * The way out of the IP layer: into a tunnel or session, or to a neighbour in an Ethernet frame.
 */
final class Output {
  private final RouterState state;
  private final TunnelOutput tunnels;

  Output(RouterState state) {
    this.state = state;
    tunnels = new TunnelOutput(state, this);
  }

  /** The largest packet that a route takes: its own MTU, at most its device's. */
  int mtu(Result route) {
    int device = state.device(route.ifindex()).mtu();
    return Math.min(route.mtu().getOrElse(device), device);
  }

  /** Sends a packet that fits the route. */
  RouterOutcome send(Outgoing out) {
    ScenarioDevice device = state.device(out.route().ifindex());
    if (device.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    return switch (device.kind()) {
      case PORT -> framed(out, device);
      case VIRTUAL ->
          state
              .tunnel(device.ifindex())
              .map(tunnel -> device.isEthernet() ? framed(out, device) : packet(out, tunnel))
              .getOrElse(() -> new NotModelled(NotModelledReason.DEVICE));
      case LOOPBACK -> new NotModelled(NotModelledReason.LOCAL);
      case OUT_OF_SCOPE -> new NotModelled(NotModelledReason.DEVICE);
    };
  }

  /** Into a device that carries IP packets. */
  private RouterOutcome packet(Outgoing out, RouterTunnel tunnel) {
    PlainPacket packet = new PlainPacket(InnerType.of(out.family()), out.packet(), out.priority());
    if (!tunnel.isOnEthernet()) {
      return tunnels.send(out, tunnel, packet, out.own());
    }
    if (state.isClosed(tunnel.device().ifindex())) {
      return new Dropped(DropReason.DEVICE_DOWN);
    }
    Option<ScenarioDevice> below = state.below(tunnel);
    Option<MacAddress> own = below.flatMap(state::address);
    if (own.isEmpty() || tunnel.codec().peer().isEmpty()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    LinkFrame frame =
        new LinkFrame(
            tunnel.codec().peer().get(),
            own.get(),
            out.family().etherType(),
            out.packet(),
            out.own());
    return tagged(frame, tunnel, below.get(), out);
  }

  /** To a neighbour on a device that carries Ethernet frames. */
  private RouterOutcome framed(Outgoing out, ScenarioDevice device) {
    Option<MacAddress> neighbour = state.neighbour(device, out.nextHop());
    Option<MacAddress> own = state.address(device);
    if (neighbour.isEmpty() || own.isEmpty()) {
      return new NotModelled(NotModelledReason.NEIGHBOUR);
    }
    return transmit(
        new LinkFrame(
            neighbour.get(), own.get(), out.family().etherType(), out.packet(), out.own()),
        device,
        out);
  }

  /** Sends a frame by a device, whatever is below it. */
  private RouterOutcome transmit(LinkFrame frame, ScenarioDevice device, Outgoing out) {
    if (!device.isUp()) {
      return new Dropped(DropReason.DEVICE_DOWN);
    }
    if (device.kind() == ScenarioDevice.Kind.PORT) {
      SentFrame sent = new SentFrame(device.ifindex(), frame.bytes(), frame.ownInFrame());
      return new Forwarded(List.of(sent), out.forwarding());
    }
    Option<RouterTunnel> tunnel = state.tunnel(device.ifindex());
    if (tunnel.isEmpty() || device.master().isDefined()) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    if (tunnel.get().isOnEthernet()) {
      return state
          .below(tunnel.get())
          .map(below -> tagged(frame, tunnel.get(), below, out))
          .getOrElse(() -> new NotModelled(NotModelledReason.DEVICE));
    }
    return tunnels.send(
        out,
        tunnel.get(),
        new PlainPacket(InnerType.ETHERNET, frame.bytes(), out.priority()),
        frame.ownInFrame());
  }

  /** Puts the content of a frame behind a tag or a session header. */
  private RouterOutcome tagged(
      LinkFrame frame, RouterTunnel tunnel, ScenarioDevice below, Outgoing out) {
    InnerType type = new InnerType(InnerType.ETHERTYPE, frame.type());
    if (!tunnel.codec().carries(type)) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    Either<String, PlainPayload> payload =
        tunnel.codec().encode(new PlainPacket(type, frame.content(), out.priority()));
    if (payload.isLeft()
        || !(payload.get().carrier() instanceof Carrier.EtherTypeCarrier carrier)) {
      return new Dropped(DropReason.UNSUPPORTED_INNER);
    }
    return transmit(frame.behind(carrier.number(), payload.get().bytes()), below, out);
  }
}
