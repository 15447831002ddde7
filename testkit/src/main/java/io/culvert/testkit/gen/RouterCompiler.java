package io.culvert.testkit.gen;

import static io.culvert.testkit.gen.AddressPlan.address;
import static io.culvert.testkit.gen.AddressPlan.mac;
import static io.culvert.testkit.gen.AddressPlan.nothing;
import static io.culvert.testkit.gen.AddressPlan.prefix;
import static io.culvert.testkit.gen.AddressPlan.via;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.Settings;
import io.culvert.testkit.gen.RouterPlan.Kind;
import io.culvert.testkit.law.StackLayer;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.ArrayList;

/** Lays out a router by the {@link AddressPlan}. */
final class RouterCompiler {
  private static final int LEAST_MTU = 68;

  private final DeviceSettings devices;
  private final ScenarioBuilder router = new ScenarioBuilder();
  private final ArrayList<Place> places = new ArrayList<>();
  private final ArrayList<Underlay> ports = new ArrayList<>();
  private final ArrayList<Underlay> tunnels = new ArrayList<>();

  /**
   * Things beside the tunnels.
   *
   * @param defaultRoute 0: none; 1 and 2: by a port; 3: by the last tunnel
   * @param special kind of a more specific route inside the first tunnel's network: 0: none, 1:
   *     blackhole, 2: unreachable, 3: by port 0
   * @param gatewayMtu MTU of the routes through gateways, as what it lies below the port's; 0 for
   *     none
   * @param down index of a device that is down; 0 for none
   */
  record Extras(int defaultRoute, int special, int gatewayMtu, int down) {}

  RouterCompiler(EncapRegistry registry) {
    devices = new DeviceSettings(registry);
  }

  RouterPlan compile(Kind kind, List<Integer> portMtus, List<TunnelPlan> plans, Extras extras) {
    for (int p = 0; p < portMtus.size(); p++) {
      port(p, portMtus.get(p), extras);
    }
    plans.forEach(plan -> tunnel(kind, tunnels.size(), plan));
    extras(extras);
    String down =
        extras.down() <= ports.size() ? "eth" + (extras.down() - 1) : "tun" + (extras.down() - 4);
    router.find(down).forEach(d -> router.change(d.name(), device -> device.withUp(false)));
    return new RouterPlan(kind, router.build(), List.ofAll(places), devices.passing());
  }

  private void port(int p, int mtu, Extras extras) {
    String name = "eth" + p;
    String net4 = AddressPlan.port(p, IpFamily.V4);
    String net6 = AddressPlan.port(p, IpFamily.V6);
    router
        .port(name, mac(1, p))
        .change(name, d -> d.withMtu(mtu))
        .address(name, prefix(net4 + "1/24"))
        .address(name, prefix(net6 + "1/64"));
    for (String net : List.of(net4, net6)) {
      router
          .neighbour(name, address(net + "2"), mac(2, p))
          .neighbour(name, address(net + "10"), mac(3, p));
    }
    Option<Integer> routeMtu =
        extras.gatewayMtu() == 0 ? Option.none() : Option.some(mtu - extras.gatewayMtu());
    router.route(via(AddressPlan.beyond(p, IpFamily.V4), net4 + "2", name, routeMtu));
    router.route(via(AddressPlan.beyond(p, IpFamily.V6), net6 + "2", name, Option.none()));
    Underlay port =
        new Underlay(
            name,
            p + 1,
            mtu,
            routeMtu.getOrElse(mtu),
            p + 1,
            Option.none(),
            Option.some(mac(1, p)),
            net4,
            net6,
            mac(3, p),
            List.empty());
    ports.add(port);
    place("link of " + name, port, mtu, net4 + "10", net6 + "10");
    place(
        "behind the gateway of " + name,
        port.from(mac(2, p)),
        port.gatewayMtu(),
        "10." + (50 + p) + ".1.5",
        "2001:db8:" + (50 + p) + "::5");
  }

  private void place(String name, Underlay way, int mtu, String... hosts) {
    List<IpAddress> addresses =
        List.of(hosts).map(AddressPlan::address).filter(host -> way.carries(host.family()));
    if (addresses.isEmpty()) {
      return;
    }
    places.add(
        new Place(
            name,
            way.device(),
            way.port(),
            mac(1, way.port() - 1),
            way.sender(),
            way.outers(),
            addresses,
            mtu));
  }

  private void tunnel(Kind kind, int i, TunnelPlan plan) {
    StackLayer layer = kind == Kind.SAME_REMOTE ? plan.layer().told() : plan.layer();
    Underlay below = below(kind, i, layer);
    String name = "tun" + i;
    Option<Addresses> ends = layer.outer().map(family -> ends(kind, i, plan, below, family));
    boolean isBound = plan.isBound() || (kind == Kind.SAME_ENDS && plan.canBind());
    Settings ours =
        DeviceSettings.place(layer, layer.settings(), ends, below, isBound).with("peer", mac(4, i));
    Settings theirs =
        DeviceSettings.place(layer, layer.peer(), ends.map(Addresses::reversed), below, false)
            .with("peer", below.address().getOrElse(mac(4, i)));
    if (!devices.isNew(layer, ours, below.name())) {
      // The kernel would not make the second of two tags with one id either.
      return;
    }
    int overhead = devices.overhead(layer, ours);
    int mtu = Math.max(LEAST_MTU, below.mtu() - overhead + plan.lie().mtuChange());
    boolean isFar = ends.exists(e -> !isOnLink(e.destination(), below));
    int way = (isFar ? below.gatewayMtu() : below.mtu()) - overhead;
    Option<MacAddress> own =
        layer.kind() == StackLayer.Kind.BRIDGE ? Option.some(mac(6, i)) : below.address();
    device(name, layer, ours, mtu, below, own);
    MacAddress hop =
        layer.kind() == StackLayer.Kind.TAG ? mac(5, i) : isFar ? gateway(below) : mac(4, i);
    if (below.isEthernet() && ends.isDefined() && !isFar) {
      hop = neighbour(below, ends.get().destination(), hop);
    }
    Option<Outer.Stations> frame =
        Option.when(
            layer.kind() == StackLayer.Kind.BRIDGE, () -> new Outer.Stations(own.get(), mac(5, i)));
    Underlay through = below.from(hop);
    int fits = Math.min(mtu, way);
    Underlay made =
        new Underlay(
            name,
            ports.size() + i + 1,
            fits,
            fits,
            below.port(),
            Option.some(layer),
            layer.isEthernet() ? own : Option.none(),
            AddressPlan.device(i, IpFamily.V4),
            AddressPlan.device(i, IpFamily.V6),
            through.sender(),
            through
                .outers()
                .append(new Outer(ends.map(Addresses::reversed), devices.peer(theirs), frame)));
    tunnels.add(made);
    behind(i, made, plan.lie().routeMtu());
  }

  /** What a device lies on: in a nest the last one that carries it, else a port. */
  private Underlay below(Kind kind, int i, StackLayer layer) {
    Option<Underlay> last =
        List.ofAll(tunnels).reverse().find(candidate -> candidate.canCarry(layer));
    boolean isNest = kind == Kind.NESTED || kind == Kind.DEEP;
    return isNest && last.isDefined()
        ? last.get()
        : ports.get(kind == Kind.SAME_REMOTE ? 1 : (i + 1) % ports.size());
  }

  /** Own and other end, as on transmit. */
  private Addresses ends(Kind kind, int i, TunnelPlan plan, Underlay below, IpFamily family) {
    String net = below.net(family);
    boolean isFar = plan.lie().behindGateway() && below.isPort() && kind != Kind.SAME_ENDS;
    String far = AddressPlan.beyond(below.port() - 1, family, 20 + i);
    if (kind == Kind.SAME_REMOTE) {
      String local = net + (60 + i);
      router.address(below.name(), prefix(local + (family == IpFamily.V4 ? "/32" : "/128")));
      return new Addresses(address(local), address(isFar && i == 0 ? far : net + "2"));
    }
    Option<Addresses> twin =
        Option.when(kind == Kind.SAME_ENDS && i > 0 && plan.canBind(), () -> tunnels.getFirst())
            .flatMap(first -> first.outers().head().ends())
            .map(Addresses::reversed)
            .filter(first -> first.source().family() == family);
    return twin.getOrElse(
        () -> new Addresses(address(net + "1"), address(isFar ? far : net + (20 + i))));
  }

  private static boolean isOnLink(IpAddress remote, Underlay below) {
    return remote.toString().startsWith(below.net(remote.family()));
  }

  private MacAddress gateway(Underlay below) {
    return below.isPort() ? mac(2, below.port() - 1) : mac(5, below.device() - ports.size() - 1);
  }

  /** The station with an address on a device's link; a new one unless it is there already. */
  private MacAddress neighbour(Underlay below, IpAddress remote, MacAddress station) {
    if (remote.toString().equals(below.net(remote.family()) + "2")) {
      return gateway(below);
    }
    router.neighbour(below.name(), remote, station);
    return station;
  }

  private void device(
      String name,
      StackLayer layer,
      Settings settings,
      int mtu,
      Underlay below,
      Option<MacAddress> own) {
    Settings needed = layer.kind() == StackLayer.Kind.SESSION ? settings : settings.without("peer");
    switch (layer.kind()) {
      case TAG, SESSION -> router.above(name, below.name(), needed, mtu, layer.isEthernet());
      case TUNNEL -> router.tunnel(name, needed, mtu);
      case BRIDGE -> router.ethernetTunnel(name, needed, mtu, own.get());
    }
  }

  private void behind(int i, Underlay tunnel, int routeMtu) {
    int routed = routeMtu == 0 ? tunnel.mtu() : Math.max(LEAST_MTU, tunnel.mtu() - routeMtu);
    Option<Integer> mtu = Option.when(routeMtu != 0, routed);
    for (IpFamily family : IpFamily.values()) {
      boolean isV4 = family == IpFamily.V4;
      if (!tunnel.carries(family)) {
        continue;
      }
      String net = tunnel.net(family);
      router.address(tunnel.name(), prefix(net + (isV4 ? "1/24" : "1/64")));
      String beyond = AddressPlan.behind(i, family);
      if (tunnel.isEthernet()) {
        router
            .neighbour(tunnel.name(), address(net + "2"), mac(5, i))
            .neighbour(tunnel.name(), address(net + "9"), mac(5, i))
            .route(via(beyond, net + "2", tunnel.name(), mtu));
      } else {
        router.route(
            new ScenarioRoute(
                ScenarioRoute.Kind.UNICAST,
                prefix(beyond),
                Option.none(),
                Option.some(tunnel.name()),
                mtu,
                0));
      }
    }
    place(
        "behind " + tunnel.name(),
        tunnel,
        Math.min(tunnel.mtu(), routed),
        "10." + (100 + i) + ".1.5",
        "10." + (100 + i) + ".7.5",
        tunnel.net4() + "9",
        "2001:db8:" + (100 + i) + "::5",
        tunnel.net6() + "9");
  }

  private void extras(Extras extras) {
    Option<Underlay> last = List.ofAll(tunnels).lastOption().filter(t -> t.carries(IpFamily.V4));
    int port = extras.defaultRoute() % ports.size();
    Underlay way =
        extras.defaultRoute() == 3 && last.isDefined()
            ? last.get()
            : ports.get(port).from(mac(2, port));
    if (extras.defaultRoute() != 0) {
      router.route(
          way.isEthernet()
              ? via("0.0.0.0/0", way.net4() + "2", way.name(), Option.none())
              : ScenarioRoute.onLink(prefix("0.0.0.0/0"), way.name()));
    }
    String special = "10.100.7.0/24";
    switch (extras.special()) {
      case 1 -> router.route(nothing(ScenarioRoute.Kind.BLACKHOLE, special));
      case 2 -> router.route(nothing(ScenarioRoute.Kind.UNREACHABLE, special));
      case 3 -> router.route(via(special, "10.0.0.2", "eth0", Option.none()));
      default -> {}
    }
    place("behind the default route", way, way.mtu(), "203.0.113.5");
  }
}
