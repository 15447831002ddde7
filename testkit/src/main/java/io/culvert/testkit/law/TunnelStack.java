package io.culvert.testkit.law;

import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Settings;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * Virtual devices over each other between two routers, each with clients behind its other port.
 *
 * <pre>
 * client 10.0.0.10        - eth0 [near] eth1 === 192.168.1.0/24 === eth1 [far] eth0 - 10.9.0.10        server
 *        2001:db8:a::10                                                               2001:db8:b::10
 * </pre>
 *
 * @param layers the devices, outermost first; none for plain routing
 * @param first number of the outermost layer in the address plan, so that a part of a stack has the
 *     addresses that it has in the whole
 */
public record TunnelStack(Seq<StackLayer> layers, int first) {
  /** Index of the port with the clients. */
  public static final int CLIENT_PORT = 1;

  /** Index of the port to the other router. */
  public static final int TUNNEL_PORT = 2;

  static final IpAddress CLIENT = address("10.0.0.10");
  static final IpAddress SERVER = address("10.9.0.10");
  private static final IpAddress CLIENT6 = address("2001:db8:a::10");
  private static final IpAddress SERVER6 = address("2001:db8:b::10");

  /**
   * A whole stack of tunnels that carry IPv4 over IPv4.
   *
   * @param tunnels settings of each device without {@code local} and {@code remote}
   */
  public TunnelStack(Seq<Settings> tunnels) {
    this(tunnels.map(StackLayer::ipv4), 0);
  }

  /** A whole stack; each layer can lie on the one before. */
  public static TunnelStack of(Seq<StackLayer> layers) {
    return new TunnelStack(layers, 0);
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

    int host() {
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

    IpAddress hostAddress(IpFamily family) {
      return family == IpFamily.V4
          ? this == NEAR ? CLIENT : SERVER
          : this == NEAR ? CLIENT6 : SERVER6;
    }
  }

  /** A stack of the layers {@code [from, to)}. */
  public TunnelStack part(int from, int to) {
    return new TunnelStack(layers.slice(from, to), first + from);
  }

  /** Number of layers. */
  public int depth() {
    return layers.size();
  }

  /** Families of the hosts' packets that fit in. */
  public Seq<IpFamily> families() {
    return layers.isEmpty() ? List.of(IpFamily.values()) : layers.last().carried();
  }

  /** The flow of the hosts, seen from the client. */
  public static FlowTuple flow(IpFamily family) {
    return new FlowTuple(
        Side.NEAR.hostAddress(family),
        Side.FAR.hostAddress(family),
        PlainFrames.UDP,
        HostPacket.SOURCE_PORT,
        HostPacket.DESTINATION_PORT);
  }

  /** The family in which a packet is sent: the one that it asks for, if that fits in. */
  IpFamily family(HostPacket packet) {
    IpFamily wish = packet.isV6() ? IpFamily.V6 : IpFamily.V4;
    return families().contains(wish) ? wish : families().head();
  }

  /**
   * A packet as the hosts of this stack send it: of a family that fits in, and without a mark that
   * the fast path leaves to the slow one, as it does where a tag hides the packet from the tunnel's
   * header that shows the mark.
   */
  HostPacket fit(HostPacket packet) {
    PlainFrames.Ip fields = packet.fields();
    // ECT(1) and CE have bit 0; left are Not-ECT and ECT(0).
    int tos = hidesMarks() ? fields.tos() & 0xfe : fields.tos();
    return new HostPacket(
        new PlainFrames.Ip(tos, fields.ttl(), fields.flags(), fields.id()),
        packet.payload(),
        packet.padding(),
        family(packet) == IpFamily.V6);
  }

  private boolean hidesMarks() {
    int bridge = layers.indexWhere(layer -> layer.kind() == StackLayer.Kind.BRIDGE);
    return bridge >= 0 && layers.drop(bridge).exists(StackLayer::isOnEthernet);
  }

  /**
   * Bytes of the shim of each layer, outermost first, around an IP packet.
   *
   * @param registry with the providers of all layers
   */
  public Seq<Integer> shims(EncapRegistry registry) {
    return StackHeaders.of(this, registry, families().head())
        .parts()
        .map(part -> part.shim().length());
  }

  /** One of the routers. */
  public Scenario scenario(Side side) {
    return StackScenario.of(this, side);
  }

  /** A frame of the host behind a router's client port, to the other host. */
  byte[] fromHost(Side side, HostPacket packet) {
    IpFamily family = family(packet);
    return fit(packet)
        .frame(
            side.mac(CLIENT_PORT),
            side.hostMac(),
            side.hostAddress(family),
            side.other().hostAddress(family));
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  @Override
  public String toString() {
    return layers.mkString(" | ");
  }
}
