package io.culvert.testkit.gen;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.gen.RouterPlan.Kind;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;

/**
 * Lays out a router by one address plan: port p is 10.0.p.0/24 with the gateway .2 to 10.(50+p)/16,
 * tunnel i is 10.200.i.0/24 and leads to 10.(100+i)/16.
 */
final class RouterCompiler {
  private static final int HEADER = 20;
  private static final int LEAST_MTU = 68;

  private final Seq<PlainCodec> codecs;
  private final ScenarioBuilder router = new ScenarioBuilder();
  private final ArrayList<Place> places = new ArrayList<>();
  private final ArrayList<Underlay> ports = new ArrayList<>();
  private final ArrayList<Underlay> tunnels = new ArrayList<>();

  /** What a tunnel can lie on: a device, with how frames that come through it look. */
  private record Underlay(
      String name, int device, int mtu, int gatewayMtu, int port, List<Outer> outers) {}

  /**
   * Things beside the tunnels.
   *
   * @param defaultRoute 0: none; 1 and 2: by a port; 3: by the first tunnel
   * @param special kind of a more specific route inside the first tunnel's network: 0: none, 1:
   *     blackhole, 2: unreachable, 3: by port 0
   * @param gatewayMtu MTU of the routes through gateways, as what it lies below the port's; 0 for
   *     none
   * @param down index of a device that is down; 0 for none
   */
  record Extras(int defaultRoute, int special, int gatewayMtu, int down) {}

  RouterCompiler(EncapRegistry registry) {
    codecs = PlainCodecs.of(registry.providers().map(Guarded::provider));
  }

  RouterPlan compile(Kind kind, List<Integer> portMtus, List<TunnelPlan> plans, Extras extras) {
    for (int p = 0; p < portMtus.size(); p++) {
      port(p, portMtus.get(p), extras);
    }
    for (int i = 0; i < plans.size(); i++) {
      tunnel(kind, i, plans.get(i));
    }
    extras(extras);
    String down =
        extras.down() <= ports.size() ? "eth" + (extras.down() - 1) : "tun" + (extras.down() - 4);
    router.find(down).forEach(d -> router.change(d.name(), device -> device.withUp(false)));
    return new RouterPlan(kind, router.build(), List.ofAll(places));
  }

  private void port(int p, int mtu, Extras extras) {
    String name = "eth" + p;
    String net = "10.0." + p + ".";
    router
        .port(name, mac(1, p))
        .change(name, d -> d.withMtu(mtu))
        .address(name, prefix(net + "1/24"))
        .address(name, prefix("2001:db8:" + p + "::1/64"))
        .neighbour(name, address(net + "2"), mac(2, p))
        .neighbour(name, address(net + "10"), mac(3, p))
        .neighbour(name, address("2001:db8:" + p + "::2"), mac(2, p))
        .neighbour(name, address("2001:db8:" + p + "::10"), mac(3, p));
    Option<Integer> routeMtu =
        extras.gatewayMtu() == 0 ? Option.none() : Option.some(mtu - extras.gatewayMtu());
    router.route(route("10." + (50 + p) + ".0.0/16", net + "2", name, routeMtu));
    router.route(
        route("2001:db8:" + (50 + p) + "::/48", "2001:db8:" + p + "::2", name, Option.none()));
    int device = p + 1;
    ports.add(new Underlay(name, device, mtu, routeMtu.getOrElse(mtu), device, List.empty()));
    place("link of " + name, p, mac(3, p), mtu, net + "10", "2001:db8:" + p + "::10");
    place(
        "behind the gateway of " + name,
        p,
        mac(2, p),
        routeMtu.getOrElse(mtu),
        "10." + (50 + p) + ".1.5",
        "2001:db8:" + (50 + p) + "::5");
  }

  private void place(String name, int p, MacAddress sender, int mtu, String... hosts) {
    List<IpAddress> addresses = List.of(hosts).map(RouterCompiler::address);
    places.add(new Place(name, p + 1, p + 1, mac(1, p), sender, List.empty(), addresses, mtu));
  }

  private void tunnel(Kind kind, int i, TunnelPlan plan) {
    boolean onTunnel = (kind == Kind.NESTED || kind == Kind.DEEP) && i > 0;
    boolean isTwin = kind == Kind.SAME_ENDS && i > 0 && plan.canBind();
    Underlay below =
        onTunnel
            ? tunnels.get(i - 1)
            : ports.get(kind == Kind.SAME_REMOTE ? 1 : (i + 1) % ports.size());
    String net = onTunnel ? "10.200." + (i - 1) + "." : "10.0." + (below.port() - 1) + ".";
    boolean far = plan.lie().behindGateway() && !onTunnel && kind != Kind.SAME_ENDS;
    String remote = far ? "10." + (50 + below.port() - 1) + ".9." + (20 + i) : net + (20 + i);
    String local = net + "1";
    if (kind == Kind.SAME_REMOTE) {
      remote = far && i == 0 ? remote : net + "2";
      local = net + (60 + i);
      router.address(below.name(), prefix(local + "/32"));
    }
    if (isTwin) {
      Addresses twin = tunnels.getFirst().outers().head().ends();
      remote = twin.source().toString();
      local = twin.destination().toString();
    }
    boolean hasNeighbour = !onTunnel && !far && !remote.endsWith(".2");
    MacAddress sender = hasNeighbour ? mac(4, i) : mac(2, below.port() - 1);
    if (hasNeighbour) {
      router.neighbour(below.name(), address(remote), sender);
    }
    String name = "tun" + i;
    int device = ports.size() + i + 1;
    int way = (far ? below.gatewayMtu() : below.mtu()) - HEADER - plan.shim();
    int mtu = Math.max(LEAST_MTU, below.mtu() - HEADER - plan.shim() + plan.lie().mtuChange());
    var settings = plan.settings().with("local", address(local)).with("remote", address(remote));
    boolean isBound = plan.isBound() || (kind == Kind.SAME_ENDS && plan.canBind());
    router
        .tunnel(name, isBound ? settings.with("dev", below.name()) : settings, mtu)
        .address(name, prefix("10.200." + i + ".1/24"));
    Option<Integer> routeMtu =
        plan.lie().routeMtu() == 0
            ? Option.none()
            : Option.some(Math.max(LEAST_MTU, mtu - plan.lie().routeMtu()));
    router.route(
        new ScenarioRoute(
            ScenarioRoute.Kind.UNICAST,
            prefix("10." + (100 + i) + ".0.0/16"),
            Option.none(),
            Option.some(name),
            routeMtu,
            0));
    Addresses ends = new Addresses(address(remote), address(local));
    List<Outer> outers = below.outers().append(new Outer(ends, tunnel(settings)));
    int fits = Math.min(mtu, way);
    tunnels.add(new Underlay(name, device, fits, fits, below.port(), outers));
    MacAddress frames = onTunnel ? places.getLast().sender() : sender;
    behind(i, frames, routeMtu.getOrElse(fits));
  }

  /** The peer's tunnel to us. */
  private Option<PlainTunnel> tunnel(Settings ours) {
    Settings theirs =
        ours.with("local", ours.address("remote").get())
            .with("remote", ours.address("local").get());
    return codecs
        .find(codec -> codec.linkTypes().contains(ours.linkType()))
        .flatMap(codec -> codec.open(theirs).toOption());
  }

  private void behind(int i, MacAddress sender, int routeMtu) {
    Underlay tunnel = tunnels.get(i);
    places.add(
        new Place(
            "behind " + tunnel.name(),
            tunnel.device(),
            tunnel.port(),
            mac(1, tunnel.port() - 1),
            sender,
            tunnel.outers(),
            List.of("10." + (100 + i) + ".1.5", "10." + (100 + i) + ".7.5", "10.200." + i + ".9")
                .map(RouterCompiler::address),
            Math.min(tunnel.mtu(), routeMtu)));
  }

  private void extras(Extras extras) {
    Underlay way =
        extras.defaultRoute() == 3 && !tunnels.isEmpty()
            ? tunnels.getLast()
            : ports.get(extras.defaultRoute() % ports.size());
    if (extras.defaultRoute() != 0) {
      boolean isPort = way.outers().isEmpty();
      router.route(
          isPort
              ? route("0.0.0.0/0", "10.0." + (way.port() - 1) + ".2", way.name(), Option.none())
              : ScenarioRoute.onLink(prefix("0.0.0.0/0"), way.name()));
    }
    String special = "10.100.7.0/24";
    switch (extras.special()) {
      case 1 -> router.route(nothing(ScenarioRoute.Kind.BLACKHOLE, special));
      case 2 -> router.route(nothing(ScenarioRoute.Kind.UNREACHABLE, special));
      case 3 -> router.route(route(special, "10.0.0.2", "eth0", Option.none()));
      default -> {}
    }
    MacAddress sender = way.outers().isEmpty() ? mac(2, way.port() - 1) : places.getLast().sender();
    places.add(
        new Place(
            "behind the default route",
            way.device(),
            way.port(),
            mac(1, way.port() - 1),
            sender,
            way.outers(),
            List.of(address("203.0.113.5")),
            way.mtu()));
  }

  private static ScenarioRoute nothing(ScenarioRoute.Kind kind, String destination) {
    return new ScenarioRoute(
        kind, prefix(destination), Option.none(), Option.none(), Option.none(), 0);
  }

  private static ScenarioRoute route(
      String destination, String gateway, String device, Option<Integer> mtu) {
    return new ScenarioRoute(
        ScenarioRoute.Kind.UNICAST,
        prefix(destination),
        Option.some(address(gateway)),
        Option.some(device),
        mtu,
        0);
  }

  static MacAddress mac(int role, int number) {
    return new MacAddress(0x02_00_00_00_00_00L | (long) role << 8 | number);
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }
}
