package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.WhenFull;
import io.culvert.flowtable.admission.Admission;
import java.time.Duration;
import java.util.Locale;

/**
 * What established flows keep of their rate while another thread offers spoofed ones: first with
 * the offers alone, then with the spoofed flows' frames among the worker's too.
 */
public final class FloodCost {
  private static final int TUNNELS = 64;
  private static final int ESTABLISHED = 1000;
  private static final int CAPACITY = 1 << 16;
  private static final int SPOOFED = 1 << 23;
  private static final int BATCHES = 4000;

  /** What becomes of the offers. */
  private enum Answer {
    FULL("table full, refused"),
    EVICT("table full, idle make room"),
    ADMISSION("an admission refuses");

    private final String label;

    Answer(String label) {
      this.label = label;
    }
  }

  private final Answer answer;
  private final boolean isInOrder;
  private final int batches;
  private final RoutedTable table;
  private final Lane lane;
  private final Samples quiet;
  private final Samples offers;
  private final Samples both;
  private final Samples before;
  private long evicted;

  private FloodCost(Answer answer, boolean isInOrder, int batches, int rounds) {
    this.answer = answer;
    this.isInOrder = isInOrder;
    this.batches = batches;
    Flows all = new Flows(ESTABLISHED + SPOOFED, TUNNELS);
    Topology topology = new Topology(TUNNELS, 0);
    WhenFull whenFull =
        answer == Answer.EVICT ? WhenFull.evict(Duration.ofMillis(100)) : WhenFull.refuse();
    table =
        new RoutedTable(
            FlowTableConfig.defaults().withFlows(CAPACITY, 1).withWhenFull(whenFull),
            topology,
            all);
    table.fill(0, ESTABLISHED, Duration.ofDays(1));
    lane = new Lane(table.table, new TrafficGenerator(topology, all), 0, 0, ESTABLISHED);
    if (answer == Answer.ADMISSION) {
      table.table.admission(Admission.excluding("spoofed", _ -> true));
    }
    quiet = new Samples(rounds);
    offers = new Samples(rounds);
    both = new Samples(rounds);
    before = new Samples(rounds);
  }

  /**
   * Measures.
   *
   * @param rounds turns of each side
   */
  public static String report(int rounds) {
    return report(rounds, BATCHES);
  }

  static String report(int rounds, int batches) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d established flows; another thread offers up to 1,000,000 spoofed ones a second"
                    + " (%,d different), room for %,d; %d rounds.%nns of the worker's CPU for each"
                    + " established frame; KEPT: of the rate of the quiet turns, with quartiles;"
                    + " FRAMES: one in %d is a spoofed flow's%n%-28s %-8s %8s %8s %25s %25s %10s"
                    + " %10s%n",
                ESTABLISHED,
                SPOOFED,
                CAPACITY,
                rounds,
                Lane.STRANGER_SHARE,
                "what becomes of them",
                "tuples",
                "before",
                "quiet",
                "offers: ns, kept",
                "and frames: ns, kept",
                "offered/s",
                "evicted"));
    for (Answer answer : Answer.values()) {
      text.append(new FloodCost(answer, false, batches, rounds).measure(rounds));
      text.append(new FloodCost(answer, true, batches, rounds).measure(rounds));
    }
    return text.toString();
  }

  private String measure(int rounds) {
    Samples keptOffers = new Samples(rounds);
    Samples keptBoth = new Samples(rounds);
    try (SpoofedOffers flood = new SpoofedOffers(table, ESTABLISHED, SPOOFED, isInOrder)) {
      lane.slice(batches);
      for (int round = 0; round < rounds; round++) {
        before.add(lane.slice(batches));
      }
      flooded(flood, true); // Fills the table, and warms both up.
      for (int round = 0; round < rounds; round++) {
        double still = lane.slice(batches);
        double offered = flooded(flood, false);
        double mixed = flooded(flood, true);
        quiet.add(still);
        offers.add(offered);
        both.add(mixed);
        keptOffers.add(still / offered);
        keptBoth.add(still / mixed);
      }
      verify(flood);
      return row(keptOffers, keptBoth, flood.rate());
    }
  }

  private double flooded(SpoofedOffers flood, boolean hasFrames) {
    lane.strangers(ESTABLISHED, hasFrames ? SPOOFED : 0);
    flood.start();
    try {
      return lane.slice(batches);
    } finally {
      flood.pause();
      lane.strangers(0, 0);
    }
  }

  /** Every established flow is there, as it was offered once; the flood was one. */
  private void verify(SpoofedOffers flood) {
    Flows flows = table.flows();
    for (int flow = 0; flow < ESTABLISHED; flow++) {
      if (table.table.flow(flows.tuple(flow), Topology.CLIENT_PORT).isEmpty()) {
        throw new IllegalStateException("an established flow is gone: " + flow);
      }
    }
    if (flood.offered() == 0) {
      throw new IllegalStateException("nothing was offered");
    }
    evicted = table.table.removals().values().sum().longValue();
  }

  private String row(Samples keptOffers, Samples keptBoth, double rate) {
    return String.format(
        Locale.ROOT,
        "%-28s %-8s %8.1f %8.1f %6.1f, %.3f (%.3f..%.3f) %6.1f, %.3f (%.3f..%.3f) %,10.0f %,10d%n",
        answer.label,
        isInOrder ? "in order" : "random",
        before.median(),
        quiet.median(),
        offers.median(),
        keptOffers.median(),
        keptOffers.quantile(0.25),
        keptOffers.quantile(0.75),
        both.median(),
        keptBoth.median(),
        keptBoth.quantile(0.25),
        keptBoth.quantile(0.75),
        rate,
        evicted);
  }
}
