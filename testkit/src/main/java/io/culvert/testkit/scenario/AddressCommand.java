package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** {@code address add}, {@code del} and {@code flush}. */
final class AddressCommand {
  private static final List<String> VERBS = List.of("add", "change", "replace", "delete", "flush");

  private static final Seq<String> WORDS =
      List.of(
          "dev DEVICE",
          "peer PREFIX",
          "broadcast ADDRESS",
          "scope SCOPE",
          "label LABEL",
          "metric N",
          "valid_lft T",
          "preferred_lft T",
          "nodad",
          "noprefixroute",
          "home",
          "mngtmpaddr",
          "autojoin",
          "optimistic");

  /** Words with a value that changes nothing that is modelled. */
  private static final Seq<String> IGNORED =
      List.of("scope", "label", "metric", "valid_lft", "preferred_lft", "proto");

  private static final Seq<String> FLAGS =
      List.of("nodad", "home", "mngtmpaddr", "autojoin", "optimistic", "secondary", "permanent");

  private final ScenarioBuilder router;
  private Option<IpPrefix> prefix = Option.none();
  private Option<IpPrefix> peer = Option.none();
  private Option<IpAddress> broadcast = Option.none();
  private Option<String> device = Option.none();
  private boolean prefixRoute = true;

  AddressCommand(ScenarioBuilder router) {
    this.router = router;
  }

  void run(Words words) {
    String verb = words.choose(VERBS);
    Token first = words.peek();
    while (!words.isAtEnd()) {
      word(words);
    }
    if (device.isEmpty()) {
      throw words.unexpected(List.of("dev DEVICE"));
    }
    String name = device.get();
    if (verb.equals("flush")) {
      router.removeAddresses(a ->
          a.device().equals(name)
              && words.family().forAll(f -> f == a.prefix().address().family()));
      return;
    }
    IpPrefix own =
        prefix.getOrElseThrow(() -> words.unexpected(List.of("an IP address with its /LENGTH")));
    if (verb.equals("delete")) {
      router.removeAddresses(a -> a.device().equals(name) && a.prefix().equals(own));
      return;
    }
    add(verb, first, new ScenarioAddress(name, own, peer, broadcast, prefixRoute));
  }

  private void add(String verb, Token at, ScenarioAddress address) {
    boolean exists =
        router
            .build()
            .addresses()
            .exists(a ->
                a.device().equals(address.device())
                    && a.prefix().equals(address.prefix())
                    && a.peer().equals(address.peer()));
    if (exists && verb.equals("add")) {
      throw new ScenarioMistake(
          at, "address " + address.prefix() + " exists", List.of("another address"));
    }
    if (!exists) {
      router.address(address);
    }
  }

  private void word(Words words) {
    String next = words.peek().text();
    if (words.accept("dev")) {
      device = Option.some(DeviceName.known(words, router));
    } else if (words.accept("peer") || words.accept("remote")) {
      peer = Option.some(words.prefix());
    } else if (words.accept("broadcast") || words.accept("brd")) {
      broadcast(words);
    } else if (words.accept("noprefixroute")) {
      prefixRoute = false;
    } else if (FLAGS.contains(next)) {
      words.take();
    } else if (IGNORED.contains(next)) {
      words.take();
      words.take("a value");
    } else if (prefix.isEmpty()) {
      words.accept("local");
      prefix = Option.some(own(words));
    } else {
      throw words.unexpected(WORDS);
    }
  }

  private static IpPrefix own(Words words) {
    Token token = words.peek();
    IpPrefix own = words.prefix();
    if (words.family().exists(f -> f != own.address().family())) {
      throw Words.mistake(token, "an address of the family asked for");
    }
    return own;
  }

  /** {@code +} means the last address of the subnet, which is a broadcast address anyway. */
  private void broadcast(Words words) {
    if (!words.accept("+") && !words.accept("-")) {
      broadcast = Option.some(words.address());
    }
  }
}
