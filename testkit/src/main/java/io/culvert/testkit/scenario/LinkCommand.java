package io.culvert.testkit.scenario;

import io.vavr.collection.List;

/** {@code link add} and {@code link set}. */
final class LinkCommand {
  private static final List<String> VERBS = List.of("add", "set");

  static final int LEAST_MTU = 68;
  static final int MOST_MTU = 65535;

  private final ScenarioBuilder router;
  private final TunnelFactory tunnels;

  LinkCommand(ScenarioBuilder router, TunnelFactory tunnels) {
    this.router = router;
    this.tunnels = tunnels;
  }

  void run(Words words) {
    if (words.choose(VERBS).equals("add")) {
      new LinkAdd(words, router, tunnels).run();
    } else {
      new LinkSet(words, router).run();
    }
  }

  /** Takes a queue length or count, which changes nothing that is modelled. */
  static boolean acceptIgnoredNumber(Words words) {
    boolean known =
        words.accept("txqueuelen")
            || words.accept("qlen")
            || words.accept("numtxqueues")
            || words.accept("numrxqueues");
    if (known) {
      words.number(0, Integer.MAX_VALUE);
    }
    return known;
  }
}
