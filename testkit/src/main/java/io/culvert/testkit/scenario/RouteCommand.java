package io.culvert.testkit.scenario;

import io.culvert.testkit.scenario.ScenarioRoute.Kind;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Locale;

/**
 * {@code route add}, {@code replace} and {@code append}. A gateway without a device finds its
 * device at the end of the text, so that the order of the commands does not matter.
 */
final class RouteCommand {
  private static final List<String> VERBS = List.of("add", "change", "replace", "append");

  private static final Seq<String> KINDS =
      List.of("unicast", "blackhole", "unreachable", "prohibit");

  private static final Seq<String> WORDS =
      List.of(
          "via ADDRESS",
          "dev DEVICE",
          "metric N",
          "mtu BYTES",
          "src ADDRESS",
          "onlink",
          "proto PROTOCOL",
          "scope SCOPE",
          "table main");

  /** Words with a value that changes nothing that is modelled. */
  private static final Seq<String> IGNORED =
      List.of(
          "src",
          "proto",
          "protocol",
          "scope",
          "advmss",
          "hoplimit",
          "initcwnd",
          "initrwnd",
          "window",
          "rto_min",
          "cwnd",
          "reordering",
          "quickack",
          "congctl",
          "pref",
          "realms");

  private record Open(Token at, ScenarioRoute route) {}

  private final ScenarioBuilder router;
  private final java.util.List<Open> withoutDevice = new ArrayList<>();

  RouteCommand(ScenarioBuilder router) {
    this.router = router;
  }

  void run(Words words) {
    String verb = words.choose(VERBS);
    Kind kind =
        KINDS.contains(words.peek().text())
            ? Kind.valueOf(words.take().text().toUpperCase(Locale.ROOT))
            : Kind.UNICAST;
    words.accept("to");
    Token at = words.peek();
    Draft draft = new Draft(words, router);
    ScenarioRoute route = draft.read(kind, at);
    if (kind == Kind.UNICAST && route.device().isEmpty() && route.gateway().isEmpty()) {
      throw words.unexpected(List.of("via ADDRESS", "dev DEVICE"));
    }
    store(verb, at, route);
  }

  private void store(String verb, Token at, ScenarioRoute route) {
    boolean exists =
        router
            .routes()
            .appendAll(List.ofAll(withoutDevice).map(Open::route))
            .exists(
                r -> r.destination().equals(route.destination()) && r.metric() == route.metric());
    if (exists && verb.equals("add")) {
      throw new ScenarioMistake(
          at,
          "a route to " + route.destination() + " with metric " + route.metric() + " exists",
          List.of("another prefix or metric", "route replace", "route append"));
    }
    if (verb.equals("replace") || verb.equals("change")) {
      router.removeRoute(route.destination(), route.metric());
      withoutDevice.removeIf(o ->
          o.route().destination().equals(route.destination())
              && o.route().metric() == route.metric());
    }
    if (route.kind() != Kind.UNICAST || route.device().isDefined()) {
      router.route(route);
    } else if (!addThroughGateway(route)) {
      withoutDevice.add(new Open(at, route));
    }
  }

  /** Adds a route by the device that leads to its gateway now, if one does. */
  private boolean addThroughGateway(ScenarioRoute route) {
    Scenario now = router.build();
    RouteTable.Result hop = new RouteTable(now).output(route.gateway().get(), Option.none());
    Option<ScenarioDevice> device = now.device(hop.ifindex());
    if (hop.kind() != RouteTable.Kind.UNICAST || device.isEmpty()) {
      return false;
    }
    router.route(
        new ScenarioRoute(
            route.kind(),
            route.destination(),
            route.gateway(),
            device.map(ScenarioDevice::name),
            route.mtu(),
            route.metric()));
    return true;
  }

  /** Finds the devices that were left out; what is wrong with those that cannot be found. */
  Seq<ScenarioMistake> resolve() {
    return List.ofAll(withoutDevice)
        .reject(open -> addThroughGateway(open.route()))
        .map(open ->
            new ScenarioMistake(
                open.at(),
                "no device leads to the gateway " + open.route().gateway().get(),
                List.of("a gateway in a subnet of the router", "dev DEVICE")));
  }

  /** The words of one route. */
  private static final class Draft {
    private final Words words;
    private final ScenarioBuilder router;
    private Option<IpAddress> gateway = Option.none();
    private Option<String> device = Option.none();
    private Option<Integer> mtu = Option.none();
    private long metric;

    Draft(Words words, ScenarioBuilder router) {
      this.words = words;
      this.router = router;
    }

    ScenarioRoute read(Kind kind, Token at) {
      boolean isDefault = words.accept("default");
      Option<IpPrefix> prefix = isDefault ? Option.none() : Option.some(words.prefix());
      while (!words.isAtEnd()) {
        word();
      }
      IpFamily family =
          prefix
              .map(IpPrefix::address)
              .orElse(gateway)
              .map(IpAddress::family)
              .getOrElse(() -> words.family().getOrElse(IpFamily.V4));
      IpPrefix destination = prefix.getOrElse(everything(family));
      check(at, destination);
      return new ScenarioRoute(kind, destination, gateway, device, mtu, metric);
    }

    private static IpPrefix everything(IpFamily family) {
      return new IpPrefix(family == IpFamily.V4 ? new Ipv4Address(0) : new Ipv6Address(0, 0), 0);
    }

    private void check(Token at, IpPrefix destination) {
      IpFamily family = destination.address().family();
      if (words.family().exists(f -> f != family) || gateway.exists(g -> g.family() != family)) {
        throw Words.mistake(at, "a destination of the same family as -4, -6 and the gateway");
      }
      IpAddress first = Addresses.first(destination);
      if (!first.equals(destination.address())) {
        throw Words.mistake(
            at, "a prefix without host bits: " + first + "/" + destination.length());
      }
    }

    private void word() {
      String next = words.peek().text();
      if (words.accept("via")) {
        words.accept(words.isNext("inet6") ? "inet6" : "inet");
        gateway = Option.some(words.address());
      } else if (words.accept("dev")) {
        device = Option.some(DeviceName.known(words, router));
      } else if (words.accept("metric") || words.accept("priority") || words.accept("preference")) {
        metric = words.number(0, Integer.MAX_VALUE);
      } else if (words.accept("mtu")) {
        mtu = Option.some(words.number(68, 65535));
      } else if (words.accept("table")) {
        words.choose(List.of("main", "254"));
      } else if (words.accept("onlink")) {
        return;
      } else if (IGNORED.contains(next)) {
        words.take();
        words.take("a value");
      } else {
        throw words.unexpected(WORDS);
      }
    }
  }
}
