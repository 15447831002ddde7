package io.culvert.testkit.scenario;

import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/** One {@code link set}: the device may stand before, between or behind what is set. */
final class LinkSet {
  private static final Seq<String> WORDS =
      List.of(
          "up",
          "down",
          "mtu BYTES",
          "address MAC",
          "addrgenmode MODE",
          "txqueuelen N",
          "multicast on|off",
          "allmulticast on|off",
          "arp on|off",
          "promisc on|off",
          "alias TEXT",
          "group GROUP",
          "master DEVICE",
          "nomaster");

  private static final Seq<String> SWITCHES =
      List.of("multicast", "allmulticast", "arp", "promisc", "dynamic", "trailers");

  private final Words words;
  private final ScenarioBuilder router;

  LinkSet(Words words, ScenarioBuilder router) {
    this.words = words;
    this.router = router;
  }

  void run() {
    Option<Token> name = Option.none();
    java.util.List<UnaryOperator<ScenarioDevice>> changes = new ArrayList<>();
    while (!words.isAtEnd()) {
      Option<UnaryOperator<ScenarioDevice>> change = change();
      if (change.isDefined()) {
        changes.add(change.get());
      } else if (name.isEmpty()) {
        words.accept("dev");
        name = Option.some(DeviceName.any(words));
      } else {
        throw words.unexpected(WORDS);
      }
    }
    String named = name.getOrElseThrow(() -> words.unexpected(List.of("a device's name"))).text();
    if (router.find(named).isEmpty()) {
      router.device(real(named));
    }
    changes.forEach(change -> router.change(named, change));
  }

  /** Nobody has added it, so it is there by itself: a real device, or one that pppd makes. */
  private ScenarioDevice real(String name) {
    if (name.equals("lo")) {
      return router.create(name, ScenarioDevice.Kind.LOOPBACK).withMtu(LinkCommand.MOST_MTU + 1);
    }
    ScenarioDevice port = router.create(name, ScenarioDevice.Kind.PORT);
    return name.matches("ppp[0-9]+")
        ? port.outOfScope("a PPP device that pppd makes", List.of("ppp"))
        : port;
  }

  private Option<UnaryOperator<ScenarioDevice>> change() {
    if (words.isNext("up") || words.isNext("down")) {
      boolean up = words.take().text().equals("up");
      return Option.some(d -> d.withUp(up));
    }
    if (words.accept("mtu")) {
      int mtu = words.number(LinkCommand.LEAST_MTU, LinkCommand.MOST_MTU);
      return Option.some(d -> d.withMtu(mtu));
    }
    if (words.accept("address")) {
      MacAddress mac = words.mac();
      return Option.some(d -> d.withAddress(mac));
    }
    if (words.accept("addrgenmode")) {
      String mode = words.choose(List.of("none", "eui64", "stable_secret", "random"));
      return Option.some(d -> d.withLinkLocal(!mode.equals("none")));
    }
    if (words.accept("master")) {
      String master = DeviceName.known(words, router);
      return Option.some(d -> d.withMaster(Option.some(master)));
    }
    if (words.accept("nomaster")) {
      return Option.some(d -> d.withMaster(Option.none()));
    }
    return acceptIgnored() ? Option.some(d -> d) : Option.none();
  }

  /** Words that change nothing that is modelled. */
  private boolean acceptIgnored() {
    if (SWITCHES.contains(words.peek().text())) {
      words.take();
      words.choose(List.of("on", "off"));
      return true;
    }
    if (words.accept("alias") || words.accept("group")) {
      words.take("a text");
      return true;
    }
    return LinkCommand.acceptIgnoredNumber(words);
  }
}
