package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** {@code neighbour add}, {@code replace} and {@code delete}. */
final class NeighbourCommand {
  private static final List<String> VERBS = List.of("add", "change", "replace", "delete");

  private static final Seq<String> WORDS =
      List.of("lladdr MAC", "dev DEVICE", "nud STATE", "router", "extern_learn", "use", "managed");

  private static final List<String> STATES =
      List.of(
          "permanent",
          "noarp",
          "reachable",
          "stale",
          "delay",
          "probe",
          "failed",
          "incomplete",
          "none");

  /** States in which the kernel would have to ask for the MAC address. */
  private static final Seq<String> INVALID = List.of("failed", "incomplete", "none");

  private final ScenarioBuilder router;
  private Option<IpAddress> address = Option.none();
  private Option<MacAddress> mac = Option.none();
  private Option<String> device = Option.none();
  private boolean isValid = true;

  NeighbourCommand(ScenarioBuilder router) {
    this.router = router;
  }

  void run(Words words) {
    String verb = words.choose(VERBS);
    while (!words.isAtEnd()) {
      word(words);
    }
    IpAddress known =
        address.getOrElseThrow(() -> words.unexpected(List.of("the neighbour's IP address")));
    String name = device.getOrElseThrow(() -> words.unexpected(List.of("dev DEVICE")));
    if (verb.equals("delete") || !isValid) {
      router.removeNeighbour(name, known);
      return;
    }
    router.neighbour(
        name, known, mac.getOrElseThrow(() -> words.unexpected(List.of("lladdr MAC"))));
  }

  private void word(Words words) {
    if (words.accept("dev")) {
      device = Option.some(DeviceName.known(words, router));
    } else if (words.accept("lladdr")) {
      mac = Option.some(words.mac());
    } else if (words.accept("nud")) {
      isValid = !INVALID.contains(words.choose(STATES));
    } else if (words.accept("router")
        || words.accept("extern_learn")
        || words.accept("use")
        || words.accept("managed")) {
      return;
    } else if (address.isEmpty()) {
      words.accept("to");
      address = Option.some(words.address());
    } else {
      throw words.unexpected(WORDS);
    }
  }
}
