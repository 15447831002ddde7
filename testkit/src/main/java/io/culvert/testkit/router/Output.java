package io.culvert.testkit.router;

import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.scenario.RouteTable.Result;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Option;

/** The way out of the IP layer: into a tunnel, or to a neighbour in an Ethernet frame. */
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
      case PORT -> frame(out, device);
      case VIRTUAL ->
          state
              .tunnel(device.ifindex())
              .map(tunnel -> tunnels.send(out, tunnel))
              .getOrElse(() -> new NotModelled(NotModelledReason.DEVICE));
      case LOOPBACK -> new NotModelled(NotModelledReason.LOCAL);
      case OUT_OF_SCOPE -> new NotModelled(NotModelledReason.DEVICE);
    };
  }

  private RouterOutcome frame(Outgoing out, ScenarioDevice port) {
    Option<MacAddress> neighbour = state.neighbour(port, out.nextHop());
    if (neighbour.isEmpty()) {
      return new NotModelled(NotModelledReason.NEIGHBOUR);
    }
    byte[] header = new byte[14];
    put(header, 0, neighbour.get());
    put(header, 6, port.address().get());
    Octets.put16(header, 12, out.family().etherType());
    SentFrame frame = new SentFrame(port.ifindex(), Octets.join(header, out.packet()), out.shims());
    return new Forwarded(List.of(frame), out.forwarding());
  }

  private static void put(byte[] header, int at, MacAddress address) {
    for (int i = 0; i < 6; i++) {
      Octets.put8(header, at + i, (int) (address.bits() >> (40 - 8 * i)));
    }
  }
}
