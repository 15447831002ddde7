package io.culvert.testkit.law;

import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;

/**
 * Lays out one of the two routers of a {@link TunnelStack}, or the one in the middle of a {@link
 * Relay}, by an address plan in both families.
 */
final class StackScenario {
  private static final int PORT_MTU = 9000;
  private static final int MTU_STEP = 100;

  private final TunnelStack stack;
  private final Side side;
  private final ScenarioBuilder router;

  private StackScenario(TunnelStack stack, Side side, ScenarioBuilder router) {
    this.stack = stack;
    this.side = side;
    this.router = router;
  }

  /** A router with clients on its first port, and the stack on the second one. */
  static Scenario of(TunnelStack stack, Side side) {
    ScenarioBuilder router =
        ports(side.mac(TunnelStack.CLIENT_PORT), side.mac(TunnelStack.TUNNEL_PORT));
    for (IpFamily family : IpFamily.values()) {
      router
          .address("eth0", prefix(clients(side, family), 1, family))
          .neighbour("eth0", side.hostAddress(family), side.hostMac());
    }
    new StackScenario(stack, side, router).lay("eth1", "tun");
    return router.build();
  }

  /** The far router of one stack and the near one of another: a port and a stack for each. */
  static Scenario between(TunnelStack access, TunnelStack core) {
    ScenarioBuilder router =
        ports(Side.FAR.mac(TunnelStack.TUNNEL_PORT), Side.NEAR.mac(TunnelStack.TUNNEL_PORT));
    new StackScenario(access, Side.FAR, router).lay("eth0", "acc");
    new StackScenario(core, Side.NEAR, router).lay("eth1", "tun");
    return router.build();
  }

  private static ScenarioBuilder ports(MacAddress first, MacAddress second) {
    return new ScenarioBuilder()
        .port("eth0", first)
        .port("eth1", second)
        .change("eth0", d -> d.withMtu(PORT_MTU))
        .change("eth1", d -> d.withMtu(PORT_MTU));
  }

  /** The stack on a port, and the route into it. */
  private void lay(String port, String prefix) {
    network(0, port, true);
    String top = port;
    for (int i = 0; i < stack.depth(); i++) {
      String name = prefix + i;
      device(i, name, top);
      network(i + 1, name, stack.layers().get(i).isEthernet());
      top = name;
    }
    boolean isEthernet = stack.layers().isEmpty() || stack.layers().last().isEthernet();
    for (IpFamily family : IpFamily.values()) {
      IpPrefix behind = prefix(clients(side.other(), family), 0, family);
      router.route(
          isEthernet
              ? ScenarioRoute.via(behind, end(stack.depth(), side.other(), family), top)
              : ScenarioRoute.onLink(behind, top));
    }
  }

  private void device(int i, String name, String below) {
    StackLayer layer = stack.layers().get(i);
    Settings settings = side == Side.NEAR ? layer.settings() : layer.peer();
    int mtu = PORT_MTU - MTU_STEP * (i + 1);
    if (layer.outer().isDefined()) {
      IpFamily family = layer.outer().get();
      settings =
          layer.placed(settings, new Addresses(end(i, side, family), end(i, side.other(), family)));
    }
    switch (layer.kind()) {
      case TAG -> router.above(name, below, settings, mtu, true);
      case SESSION ->
          router.above(name, below, settings.with("peer", mac(side.other(), i)), mtu, false);
      case TUNNEL -> router.tunnel(name, settings, mtu);
      case BRIDGE -> router.ethernetTunnel(name, settings, mtu, mac(side, i + 1));
    }
  }

  /** Addresses of the device that layer {@code i} lies on, and its neighbour. */
  private void network(int i, String device, boolean isEthernet) {
    for (IpFamily family : IpFamily.values()) {
      router.address(device, prefix(underlay(i, family), side.host(), family));
      if (isEthernet) {
        router.neighbour(device, end(i, side.other(), family), mac(side.other(), i));
      }
    }
  }

  /** MAC address of the device that layer {@code i} lies on. */
  private MacAddress mac(Side whose, int i) {
    for (int layer = i - 1; layer >= 0; layer--) {
      if (stack.layers().get(layer).kind() != StackLayer.Kind.TAG) {
        long number = 0x40L + stack.first() + layer;
        return new MacAddress(0x02_00_00_00_00_00L | number << 16 | whose.host());
      }
    }
    return whose.mac(TunnelStack.TUNNEL_PORT);
  }

  private IpAddress end(int i, Side whose, IpFamily family) {
    return IpAddress.parse(underlay(i, family) + whose.host()).get();
  }

  /** The network that layer {@code i} of this part lies on, without the host's number. */
  private String underlay(int i, IpFamily family) {
    int number = stack.first() + i;
    return family == IpFamily.V6
        ? "2001:db8:c8:" + number + "::"
        : number == 0 ? "192.168.1." : "10.200." + (number - 1) + ".";
  }

  private static String clients(Side whose, IpFamily family) {
    return family == IpFamily.V6
        ? whose == Side.NEAR ? "2001:db8:a::" : "2001:db8:b::"
        : whose == Side.NEAR ? "10.0.0." : "10.9.0.";
  }

  private static IpPrefix prefix(String network, int host, IpFamily family) {
    return IpPrefix.parse(network + host + (family == IpFamily.V4 ? "/24" : "/64")).get();
  }
}
