package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTableConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What ageing costs the packet path: the worker without ticks, with a tick each 50 ms by its own
 * thread, whose time counts, and with ticks by another thread, in turns.
 *
 * <p>The table's clock stands still without ticks, so that no turn changes another one's flows.
 */
public final class AgeingCost {
  private static final int TUNNELS = 1024;
  private static final int TICK_MS = 50;
  private static final long MS = 1_000_000;
  private static final int TICKS = 8;

  /** As many as of a million flows with a timeout of 30 s, if none is seen again. */
  private static final double SHARE_A_SECOND = 1 / 30.0;

  private final int flows;
  private final boolean isExpiring;
  private final RoutedTable table;
  private final Lane lane;
  private final Samples without;
  private final Samples own;
  private final Samples other;
  private final Samples ownRatio;
  private final Samples otherRatio;
  private long nowMs;
  private long ticks;
  private long expired;

  private AgeingCost(int flows, boolean isExpiring, int rounds) {
    this.flows = flows;
    this.isExpiring = isExpiring;
    Flows all = new Flows(2 * flows, TUNNELS);
    Topology topology = new Topology(TUNNELS, 0);
    table = new RoutedTable(FlowTableConfig.defaults().withFlows(2 * flows, 1), topology, all);
    // A timeout that ticks have to compare, but that nothing reaches: the clock moves by minutes.
    table.fill(0, flows, Duration.ofDays(1));
    lane = new Lane(table.table, new TrafficGenerator(topology, all), 0, 0, flows);
    without = new Samples(rounds);
    own = new Samples(rounds);
    other = new Samples(rounds);
    ownRatio = new Samples(rounds);
    otherRatio = new Samples(rounds);
  }

  /**
   * Measures.
   *
   * @param flows active flows
   * @param rounds turns of each side
   */
  public static String report(int flows, int rounds) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d flows, all active, a tick each %d ms; ns of CPU a frame, %d rounds, ratio to"
                    + " no ticks with quartiles%n%-24s %9s %29s %29s%n",
                flows,
                TICK_MS,
                rounds,
                "flows that expire",
                "no ticks",
                "ticks by the worker's thread",
                "ticks by another thread"));
    text.append(new AgeingCost(flows, false, rounds).measure(rounds));
    text.append(new AgeingCost(flows, true, rounds).measure(rounds));
    return text.toString();
  }

  private String measure(int rounds) {
    try (ExecutorService ticker = Executors.newSingleThreadExecutor()) {
      turn(false); // Warm-up.
      turn(true);
      ticks = 0;
      expired = 0;
      for (int round = 0; round < rounds; round++) {
        double plain = turn(false);
        double ticked = turn(true);
        double beside = beside(ticker);
        without.add(plain);
        own.add(ticked);
        other.add(beside);
        ownRatio.add(ticked / plain);
        otherRatio.add(beside / plain);
      }
    }
    if (ticks == 0 || isExpiring == (expired == 0)) {
      throw new IllegalStateException("ticks=" + ticks + " expired=" + expired);
    }
    return row();
  }

  private String row() {
    String kind =
        isExpiring
            ? String.format(Locale.ROOT, "%,.0f a second", expired * 1000.0 / (ticks * TICK_MS))
            : "none";
    return String.format(
        Locale.ROOT,
        "%-24s %9.1f %8.1f, %.3f (%.3f..%.3f) %8.1f, %.3f (%.3f..%.3f)%n",
        kind,
        without.median(),
        own.median(),
        ownRatio.median(),
        ownRatio.quantile(0.25),
        ownRatio.quantile(0.75),
        other.median(),
        otherRatio.median(),
        otherRatio.quantile(0.25),
        otherRatio.quantile(0.75));
  }

  /** Some ticks' time of frames, on this thread; nanoseconds a frame, of ticks too. */
  private double turn(boolean isTicking) {
    if (isTicking) {
      offerMore();
    }
    long spent = 0;
    long frames = 0;
    for (int n = 0; n < TICKS; n++) {
      // The work of 50 ms, so that a tick is spread over as many frames as in earnest.
      for (long end = spent + TICK_MS * MS; spent < end; frames += Lane.BATCH) {
        spent += lane.batch();
      }
      if (isTicking) {
        long start = Lane.cpuTime();
        tick();
        spent += Lane.cpuTime() - start;
      }
    }
    return spent / (double) frames;
  }

  private void tick() {
    nowMs += TICK_MS;
    ticks++;
    expired += table.table.tick(nowMs * MS);
  }

  /** Flows that nobody uses, for the time of a turn; outside the time that counts. */
  private void offerMore() {
    if (isExpiring) {
      int more = (int) Math.max(1, flows * SHARE_A_SECOND * TICKS * TICK_MS / 1000);
      int from = flows + (int) (ticks / TICKS * more % (flows - more));
      table.fill(from, from + more, Duration.ofMillis(TICK_MS));
    }
  }

  private double beside(ExecutorService ticker) {
    offerMore();
    var ticking =
        ticker.submit(() -> {
          for (int n = 0; n < TICKS; n++) {
            LockSupport.parkNanos(TICK_MS * MS);
            tick();
          }
        });
    long spent = 0;
    long frames = 0;
    do {
      spent += lane.batch();
      frames += Lane.BATCH;
    } while (!ticking.isDone());
    try {
      ticking.get(1, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException("ticks by another thread", failed);
    }
    return spent / (double) frames;
  }
}
