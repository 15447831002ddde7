package io.culvert.bench.traffic;

import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The router of the kernel patch: clients behind eth0, an underlay behind eth1, IPIP tunnels to
 * remote routers, the default route into the first one.
 *
 * <p>Further tunnels get a route for one server each, and filler routes make the routing table a
 * usual one. One description for everybody: the flow table asks it as a {@link Network}, the
 * classic path builds its tables from the lists, and {@link #scenario} says it in the words of
 * {@code ip}.
 */
public final class Topology implements Network {
  /** eth0: the clients. */
  public static final int CLIENT_PORT = 1;

  /** eth1: the underlay. */
  public static final int UNDERLAY_PORT = 2;

  /** Index of tun0; the others follow. */
  public static final int FIRST_TUNNEL = 3;

  /** Most tunnels. */
  public static final int MOST_TUNNELS = 4096;

  /** Router's own address on the underlay: the near end of all tunnels. */
  public static final int UNDERLAY_ADDRESS = 0xc0a80101;

  private static final int CLIENT_SIDE_ADDRESS = 0xc0a80002;
  private static final int TUNNEL_ADDRESS = 0xc0a86401;
  private static final int CLIENT_GATEWAY = 0xc0a8000a;
  private static final int UNDERLAY_GATEWAY = 0xc0a80102;
  // So that 1,500 byte frames still fit with the outer header.
  private static final int UNDERLAY_MTU = 1600;
  private static final int TUNNEL_MTU = UNDERLAY_MTU - 20;

  /** A route: more than {@link Route} says, because it has a prefix. */
  public record RouteEntry(IpPrefix prefix, Route route) {}

  /** A neighbour. */
  public record Neighbour(int ifindex, Ipv4Address address, MacAddress mac) {}

  private final int tunnels;
  private final Map<Integer, Device> devices = new HashMap<>();
  private final Map<String, Device> devicesByName = new HashMap<>();
  private final List<RouteEntry> routes = new ArrayList<>();
  private final Map<Long, Route> routesByPrefix = new HashMap<>();
  private final List<Neighbour> neighbours = new ArrayList<>();
  private final List<Ipv4Address> addresses = new ArrayList<>();

  /**
   * A router.
   *
   * @param tunnels 1..{@link #MOST_TUNNELS}
   * @param fillerRoutes routes that no frame takes
   */
  public Topology(int tunnels, int fillerRoutes) {
    if (tunnels < 1 || tunnels > MOST_TUNNELS || fillerRoutes < 0) {
      throw new IllegalArgumentException(
          "topology: tunnels=" + tunnels + " fillerRoutes=" + fillerRoutes);
    }
    this.tunnels = tunnels;
    add(port(CLIENT_PORT, "eth0", 0x02_00_00_00_00_01L, 1500));
    add(port(UNDERLAY_PORT, "eth1", 0x02_00_00_00_00_11L, UNDERLAY_MTU));
    for (int tunnel = 0; tunnel < tunnels; tunnel++) {
      add(tunnelDevice(tunnel));
    }
    addresses.add(new Ipv4Address(CLIENT_SIDE_ADDRESS));
    addresses.add(new Ipv4Address(UNDERLAY_ADDRESS));
    addresses.add(new Ipv4Address(TUNNEL_ADDRESS));
    neighbours.add(neighbour(CLIENT_PORT, CLIENT_GATEWAY, 0x02_00_00_00_00_0aL));
    neighbours.add(neighbour(UNDERLAY_PORT, UNDERLAY_GATEWAY, 0x02_00_00_00_00_12L));
    addRoutes(fillerRoutes);
  }

  private static Device port(int ifindex, String name, long mac, int mtu) {
    return new Device.Port(ifindex, name, new MacAddress(mac), mtu, true);
  }

  private static Neighbour neighbour(int ifindex, int address, long mac) {
    return new Neighbour(ifindex, new Ipv4Address(address), new MacAddress(mac));
  }

  private Device tunnelDevice(int tunnel) {
    Settings settings =
        Settings.of("ipip")
            .with("local", new Ipv4Address(UNDERLAY_ADDRESS))
            .with("remote", new Ipv4Address(remote(tunnel)));
    return new Device.Virtual(FIRST_TUNNEL + tunnel, "tun" + tunnel, settings, TUNNEL_MTU, true);
  }

  private void add(Device device) {
    devices.put(device.ifindex(), device);
    devicesByName.put(device.name(), device);
  }

  private void addRoutes(int fillers) {
    add(0xc0a80000, 24, CLIENT_PORT, 0);
    add(0xc0a80100, 24, UNDERLAY_PORT, 0);
    add(0xc0a86400, 24, FIRST_TUNNEL, 0);
    add(0x0a000000, 8, CLIENT_PORT, CLIENT_GATEWAY);
    add(0xac100000, 12, UNDERLAY_PORT, UNDERLAY_GATEWAY);
    add(0, 0, FIRST_TUNNEL, 0xc0a86402);
    for (int tunnel = 1; tunnel < tunnels; tunnel++) {
      add(server(tunnel), 32, FIRST_TUNNEL + tunnel, 0);
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int wanted = routes.size() + fillers; routes.size() < wanted; ) {
      int length = random.nextInt(16, 25);
      int address = random.nextInt(20 << 24, 100 << 24) & (-1 << (32 - length));
      if (!routesByPrefix.containsKey(key(address, length))) {
        add(address, length, UNDERLAY_PORT, UNDERLAY_GATEWAY);
      }
    }
  }

  private void add(int address, int length, int ifindex, int gateway) {
    Option<IpAddress> via = gateway == 0 ? Option.none() : Option.some(new Ipv4Address(gateway));
    Route route = new Route(ifindex, via, Option.none());
    routes.add(new RouteEntry(new IpPrefix(new Ipv4Address(address), length), route));
    routesByPrefix.put(key(address, length), route);
  }

  private static long key(int address, int length) {
    return (long) length << 32 | (address & 0xffff_ffffL);
  }

  /** The number of tunnels. */
  public int tunnels() {
    return tunnels;
  }

  /** The far end of a tunnel. */
  public static int remote(int tunnel) {
    return tunnel == 0 ? UNDERLAY_GATEWAY : 0xac100000 + tunnel;
  }

  /** The server behind a tunnel. */
  public static int server(int tunnel) {
    return 0xc6120001 + tunnel;
  }

  /** All devices. */
  public List<Device> devices() {
    return devices.values().stream().sorted((a, b) -> a.ifindex() - b.ifindex()).toList();
  }

  /** A real port. */
  public Device.Port port(int ifindex) {
    return (Device.Port) device(ifindex).get();
  }

  /** All routes, in no order. */
  public List<RouteEntry> routes() {
    return List.copyOf(routes);
  }

  /** All neighbours. */
  public List<Neighbour> neighbours() {
    return List.copyOf(neighbours);
  }

  /** The router's own addresses. */
  public List<Ipv4Address> addresses() {
    return List.copyOf(addresses);
  }

  @Override
  public Option<Device> device(int ifindex) {
    return Option.of(devices.get(ifindex));
  }

  @Override
  public Option<Device> device(String name) {
    return Option.of(devicesByName.get(name));
  }

  @Override
  public Option<Route> route(RouteQuery query) {
    if (query.destination() instanceof Ipv4Address(int bits)) {
      for (int length = 32; length >= 0; length--) {
        int network = length == 0 ? 0 : bits & (-1 << (32 - length));
        Route route = routesByPrefix.get(key(network, length));
        if (route != null && query.device().forAll(only -> only == route.ifindex())) {
          return Option.some(route);
        }
      }
    }
    return Option.none();
  }

  @Override
  public Option<MacAddress> neighbour(int ifindex, IpAddress nextHop) {
    return io.vavr.collection.List.ofAll(neighbours)
        .find(known -> known.ifindex() == ifindex && known.address().equals(nextHop))
        .map(Neighbour::mac);
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return addresses.contains(address);
  }

  /** This router as a scenario file: what {@code ip -batch} would make of a Linux host. */
  public String scenario() {
    return Scenario.of(this);
  }
}
