package io.culvert.testkit.scenario;

import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** One {@code link add}. */
final class LinkAdd {
  private static final Seq<String> WORDS =
      List.of(
          "link DEVICE",
          "name NAME",
          "mtu BYTES",
          "address MAC",
          "up",
          "down",
          "txqueuelen N",
          "numtxqueues N",
          "numrxqueues N",
          "type TYPE");

  private final Words words;
  private final ScenarioBuilder router;
  private final TunnelFactory tunnels;
  private Option<Token> name = Option.none();
  private Option<String> link = Option.none();
  private Option<MacAddress> mac = Option.none();
  private Option<Integer> mtu = Option.none();
  private boolean up;

  LinkAdd(Words words, ScenarioBuilder router, TunnelFactory tunnels) {
    this.words = words;
    this.router = router;
    this.tunnels = tunnels;
  }

  void run() {
    Token start = words.peek();
    while (!words.accept("type")) {
      word();
    }
    Token named = name.getOrElseThrow(() -> Words.mistake(start, "a name for the new device"));
    ScenarioDevice device =
        router.create(named.text(), ScenarioDevice.Kind.VIRTUAL).withLink(link).withUp(up);
    ScenarioDevice made = tunnels.read(words, device, router);
    ScenarioDevice addressed = mac.map(made::withAddress).getOrElse(made);
    router.device(mtu.map(addressed::withMtu).getOrElse(addressed));
  }

  private void word() {
    if (words.accept("link")) {
      link = Option.some(DeviceName.known(words, router));
    } else if (words.accept("name") || words.accept("dev")) {
      name = Option.some(DeviceName.fresh(words, router));
    } else if (words.accept("mtu")) {
      mtu = Option.some(words.number(LinkCommand.LEAST_MTU, LinkCommand.MOST_MTU));
    } else if (words.accept("address")) {
      mac = Option.some(words.mac());
    } else if (words.isNext("up") || words.isNext("down")) {
      up = words.take().text().equals("up");
    } else if (!LinkCommand.acceptIgnoredNumber(words)) {
      if (name.isDefined() || words.isAtEnd()) {
        throw words.unexpected(WORDS);
      }
      name = Option.some(DeviceName.fresh(words, router));
    }
  }
}
