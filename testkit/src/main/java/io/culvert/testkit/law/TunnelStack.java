package io.culvert.testkit.law;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Settings;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * Tunnels over tunnels between two routers, each with clients behind its other port.
 *
 * <pre>
 * client 10.0.0.10 - eth0 [near] eth1 === 192.168.1.0/24 === eth1 [far] eth0 - 10.9.0.10 server
 * </pre>
 *
 * @param layers settings of each tunnel device without {@code local} and {@code remote}, outermost
 *     first; none for plain routing
 * @param first number of the outermost layer in the address plan, so that a part of a stack has the
 *     addresses that it has in the whole
 */
public record TunnelStack(Seq<Settings> layers, int first) {
  /** Index of the port with the clients. */
  public static final int CLIENT_PORT = 1;

  /** Index of the port to the other router. */
  public static final int TUNNEL_PORT = 2;

  static final IpAddress CLIENT = address("10.0.0.10");
  static final IpAddress SERVER = address("10.9.0.10");

  private static final int PORT_MTU = 9000;
  private static final int MTU_STEP = 100;

  /** A whole stack. */
  public TunnelStack(Seq<Settings> layers) {
    this(layers, 0);
  }

  /** One of the two routers. */
  public enum Side {
    /** The client's. */
    NEAR,
    /** The server's. */
    FAR;

    /** The other one. */
    public Side other() {
      return this == NEAR ? FAR : NEAR;
    }

    private int host() {
      return this == NEAR ? 1 : 2;
    }

    /** MAC address of a port. */
    MacAddress mac(int port) {
      return new MacAddress(0x02_00_00_00_00_00L | host() << 8 | port);
    }

    /** MAC address of the host behind the client port. */
    MacAddress hostMac() {
      return new MacAddress(0x02_00_00_00_ff_00L | host());
    }

    IpAddress hostAddress() {
      return this == NEAR ? CLIENT : SERVER;
    }
  }

  /** A stack of the layers {@code [from, to)}. */
  public TunnelStack part(int from, int to) {
    return new TunnelStack(layers.slice(from, to), first + from);
  }

  /** Number of tunnels. */
  public int depth() {
    return layers.size();
  }

  /**
   * Bytes of the shim of each layer, outermost first.
   *
   * @param registry with the providers of all layers
   */
  public Seq<Integer> shims(EncapRegistry registry) {
    return StackHeaders.of(this, registry).shims();
  }

  /** One of the routers. */
  public Scenario scenario(Side side) {
    int own = side.host();
    int peer = side.other().host();
    ScenarioBuilder router =
        new ScenarioBuilder()
            .port("eth0", side.mac(CLIENT_PORT))
            .port("eth1", side.mac(TUNNEL_PORT))
            .change("eth0", d -> d.withMtu(PORT_MTU))
            .change("eth1", d -> d.withMtu(PORT_MTU))
            .address("eth0", prefix(clients(side) + "1/24"))
            .address("eth1", prefix(underlay(0) + own + "/24"))
            .neighbour("eth0", side.hostAddress(), side.hostMac())
            .neighbour("eth1", address(underlay(0) + peer), side.other().mac(TUNNEL_PORT));
    String below = "eth1";
    for (int i = 0; i < layers.size(); i++) {
      below = "tun" + i;
      Settings settings =
          layers
              .get(i)
              .with("local", address(underlay(i) + own))
              .with("remote", address(underlay(i) + peer));
      router
          .tunnel(below, settings, PORT_MTU - MTU_STEP * (i + 1))
          .address(below, prefix(underlay(i + 1) + own + "/24"));
    }
    IpPrefix behind = prefix(clients(side.other()) + "0/24");
    router.route(
        layers.isEmpty()
            ? ScenarioRoute.via(behind, address(underlay(0) + peer), below)
            : ScenarioRoute.onLink(behind, below));
    return router.build();
  }

  /** The network that layer {@code i} of this part lies on. */
  private String underlay(int i) {
    int number = first + i;
    return number == 0 ? "192.168.1." : "10.200." + (number - 1) + ".";
  }

  private static String clients(Side side) {
    return side == Side.NEAR ? "10.0.0." : "10.9.0.";
  }

  /** A frame of the host behind a router's client port, to the other host. */
  byte[] fromHost(Side side, HostPacket packet) {
    return packet.frame(
        side.mac(CLIENT_PORT), side.hostMac(), side.hostAddress(), side.other().hostAddress());
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }

  @Override
  public String toString() {
    return List.ofAll(layers)
        .map(s -> s.linkType() + " " + s.values().mkString(" "))
        .mkString(" | ");
  }
}
