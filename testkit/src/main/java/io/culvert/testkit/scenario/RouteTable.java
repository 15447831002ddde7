package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Route look-up as in Linux: first the table of local and broadcast addresses, then the main table;
 * longest prefix, then lowest metric, then first added. Slow on purpose: it reads every entry.
 */
public final class RouteTable {

  /** What the routing tables say about a destination. */
  public enum Kind {
    /** An address of the router. */
    LOCAL,
    /** A broadcast address of a subnet of the router. */
    BROADCAST,
    /** To be sent on. */
    UNICAST,
    /** Discarded. */
    BLACKHOLE,
    /** Answered with ICMP host unreachable. */
    UNREACHABLE,
    /** Answered with ICMP administratively prohibited. */
    PROHIBIT,
    /** No route. */
    NONE
  }

  /**
   * An answer.
   *
   * @param kind what to do
   * @param ifindex the device; 0 if there is none
   * @param gateway the next hop; none if the destination is on the link
   * @param mtu the route's own MTU
   */
  public record Result(Kind kind, int ifindex, Option<IpAddress> gateway, Option<Integer> mtu) {
    /** No route. */
    public static final Result NONE = new Result(Kind.NONE, 0, Option.none(), Option.none());
  }

  private record Entry(IpPrefix prefix, Result result, long metric) {}

  /** Metrics of connected and of added routes, where IPv6 has them. */
  private static final long CONNECTED_METRIC_V6 = 256;

  private static final long ADDED_METRIC_V6 = 1024;

  private final Scenario scenario;
  private final List<Entry> local = new ArrayList<>();
  private final List<Entry> main = new ArrayList<>();

  /** The tables of a router. */
  public RouteTable(Scenario scenario) {
    this.scenario = scenario;
    scenario.devices().forEach(this::addLinkLocal);
    scenario.addresses().forEach(this::addAddress);
    scenario.routes().forEach(this::addRoute);
  }

  /** The answer for a packet that came in by a device. */
  public Result input(IpAddress destination, int ingress) {
    // A link-local address means nothing without its link (rt6_need_strict in Linux).
    return Addresses.isLinkLocal(destination)
        ? find(destination, Option.some(ingress))
        : find(destination, Option.none());
  }

  /**
   * The answer for a packet of the router itself.
   *
   * @param device the only device that will do; if no route leads there by it, the destination is
   *     taken to be on its link, as in Linux
   */
  public Result output(IpAddress destination, Option<Integer> device) {
    Result result = find(destination, device);
    return result.kind() == Kind.NONE && device.exists(this::isUp)
        ? new Result(Kind.UNICAST, device.get(), Option.none(), Option.none())
        : result;
  }

  /**
   * The address that the router's own packets come from if nothing says another: of the addresses
   * of the device, one whose subnet has the next hop, else the first.
   *
   * @param route an answer for the destination
   */
  public Option<IpAddress> source(Result route, IpAddress destination) {
    IpAddress nextHop = route.gateway().getOrElse(destination);
    Seq<ScenarioAddress> own =
        scenario
            .device(route.ifindex())
            .toList()
            .flatMap(d -> scenario.addresses().filter(a -> a.device().equals(d.name())))
            .filter(a -> a.prefix().address().family() == destination.family());
    return own.find(a -> a.subnet().contains(nextHop))
        .orElse(own.headOption())
        .map(a -> a.prefix().address());
  }

  /** True if packets to this address are delivered to the router. */
  public boolean isLocal(IpAddress address) {
    return find(address, Option.none()).kind() == Kind.LOCAL;
  }

  /** True if this is a broadcast address of a subnet of the router. */
  public boolean isBroadcast(IpAddress address) {
    return find(address, Option.none()).kind() == Kind.BROADCAST;
  }

  /** True if the address is one of the router's, or a broadcast address of its subnets. */
  public boolean isLocalOrBroadcast(IpAddress address) {
    Kind kind = find(address, Option.none()).kind();
    return kind == Kind.LOCAL || kind == Kind.BROADCAST;
  }

  /** True if this is an address that was given to a device; not 127.0.0.1, not an anycast one. */
  public boolean isOwn(IpAddress address) {
    return scenario.addresses().exists(a -> a.prefix().address().equals(address))
        || scenario.devices().exists(d -> linkLocal(d).contains(address));
  }

  private boolean isUp(int ifindex) {
    return scenario.device(ifindex).exists(ScenarioDevice::isUp);
  }

  private Result find(IpAddress destination, Option<Integer> device) {
    return best(local, destination, device)
        .orElse(() -> best(main, destination, device))
        .getOrElse(Result.NONE);
  }

  private Option<Result> best(List<Entry> table, IpAddress destination, Option<Integer> device) {
    return Option.ofOptional(
        table.stream()
            .filter(e -> e.prefix().contains(destination))
            .filter(e -> device.forAll(only -> only == e.result().ifindex()))
            .filter(e -> isUsable(e, destination.family()))
            // The minimum of a stream is the first of those that are equal: the first added.
            .min(
                Comparator.<Entry>comparingInt(e -> -e.prefix().length())
                    .thenComparingLong(Entry::metric))
            .map(Entry::result));
  }

  /** An address stays local while its device is down; what leads through the device does not. */
  private boolean isUsable(Entry entry, IpFamily family) {
    if (entry.result().kind() != Kind.UNICAST && entry.result().kind() != Kind.BROADCAST) {
      return true;
    }
    return scenario
        .device(entry.result().ifindex())
        .exists(d -> family == IpFamily.V4 ? d.isUp() : d.carriesIpv6());
  }

  private static Option<IpAddress> linkLocal(ScenarioDevice device) {
    boolean has =
        device.kind() == ScenarioDevice.Kind.PORT && device.hasLinkLocal() && device.carriesIpv6();
    return has ? device.address().map(Addresses::linkLocal) : Option.none();
  }

  private void addLinkLocal(ScenarioDevice device) {
    linkLocal(device)
        .forEach(address -> {
          addLocal(Kind.LOCAL, address, device.ifindex());
          main.add(
              new Entry(new IpPrefix(address, 64), onLink(device.ifindex()), CONNECTED_METRIC_V6));
        });
  }

  private void addAddress(ScenarioAddress address) {
    int ifindex = scenario.device(address.device()).map(ScenarioDevice::ifindex).getOrElse(0);
    IpAddress own = address.prefix().address();
    IpPrefix subnet = address.subnet();
    addLocal(Kind.LOCAL, own, ifindex);
    if (own.family() == IpFamily.V4) {
      address.broadcast().forEach(b -> addLocal(Kind.BROADCAST, b, ifindex));
      // Only the last address of a subnet: the first is an ordinary one since Linux 5.14.
      if (subnet.length() < 31) {
        addLocal(Kind.BROADCAST, Addresses.last(subnet), ifindex);
      }
    } else if (subnet.length() < 127) {
      // The subnet-router anycast address of RFC 4291 §2.6.1.
      addLocal(Kind.LOCAL, Addresses.first(subnet), ifindex);
    }
    boolean isHost = subnet.length() == own.family().addressBits();
    boolean connected = address.hasPrefixRoute() && !(isHost && subnet.address().equals(own));
    if (connected) {
      long metric = own.family() == IpFamily.V4 ? 0 : CONNECTED_METRIC_V6;
      main.add(new Entry(subnet, onLink(ifindex), metric));
    }
  }

  private void addLocal(Kind kind, IpAddress address, int ifindex) {
    local.add(
        new Entry(
            new IpPrefix(address, address.family().addressBits()),
            new Result(kind, ifindex, Option.none(), Option.none()),
            0));
  }

  private static Result onLink(int ifindex) {
    return new Result(Kind.UNICAST, ifindex, Option.none(), Option.none());
  }

  private void addRoute(ScenarioRoute route) {
    boolean isV6 = route.destination().address().family() == IpFamily.V6;
    int ifindex =
        route.device().flatMap(scenario::device).map(ScenarioDevice::ifindex).getOrElse(0);
    Kind kind =
        switch (route.kind()) {
          case UNICAST -> Kind.UNICAST;
          case BLACKHOLE -> Kind.BLACKHOLE;
          case UNREACHABLE -> Kind.UNREACHABLE;
          case PROHIBIT -> Kind.PROHIBIT;
        };
    long metric = isV6 && route.metric() == 0 ? ADDED_METRIC_V6 : route.metric();
    main.add(
        new Entry(
            route.destination(), new Result(kind, ifindex, route.gateway(), route.mtu()), metric));
  }
}
