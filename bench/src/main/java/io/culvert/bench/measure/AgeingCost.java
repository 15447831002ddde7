package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.FlowTableConfig;
import java.util.Locale;

/**
 * What ageing costs the packet path: frames of a table with many flows, with the worker's own
 * thread calling {@code tick} between bursts and without, in turns.
 *
 * <p>The table's clock runs {@value #PACE} times as fast as time, so that a table with timeouts of
 * 30 seconds is walked through every few seconds of the measurement. In one table traffic keeps all
 * flows alive; in the other one some more are offered all the time and expire, and the time for
 * offering them is not counted.
 */
public final class AgeingCost {
  private static final int TUNNELS = 1024;
  private static final int PACE = 6;
  private static final long TICK_MS = 10;
  private static final long MS = 1_000_000;
  private static final int BURSTS = 1 << 14;
  private static final int WARM_UP = 4;
  private static final int PIECES = 512;

  private final int established;
  private final int passing;
  private final BusyTable busy;
  private int next;
  private long nowMs;
  private long lastTickNs;
  private long spentOnOffers;
  private long spentOnTicks;

  private AgeingCost(int established, int passing) {
    this.established = established;
    this.passing = passing;
    next = established;
    busy =
        new BusyTable(
            FlowTableConfig.defaults().withFlows(established + passing, 1),
            new Flows(established + passing, TUNNELS),
            established);
  }

  /** Between two bursts: a tick when its time has come. */
  private void tick() {
    long now = System.nanoTime();
    if (now - lastTickNs < TICK_MS * MS) {
      return;
    }
    lastTickNs = now;
    nowMs += PACE * TICK_MS;
    long start = BusyTable.cpuTime();
    busy.table().tick(nowMs * MS);
    long middle = BusyTable.cpuTime();
    spentOnTicks += middle - start;
    offerMore();
    spentOnOffers += BusyTable.cpuTime() - middle;
  }

  private void offerMore() {
    if (passing > 0) {
      int to = Math.min(established + passing, next + passing / PIECES);
      busy.offer(next, to);
      next = to == established + passing ? established : to;
    }
  }

  private double slice(Runnable between) {
    spentOnOffers = 0;
    double ns = busy.nanosPerFrame(BURSTS, between);
    return ns - spentOnOffers / ((double) BURSTS * BusyTable.BURST);
  }

  private String row(String name, int rounds) {
    Samples without = new Samples(rounds);
    Samples with = new Samples(rounds);
    Samples ratio = new Samples(rounds);
    for (int round = -WARM_UP; round < rounds; round++) {
      spentOnTicks = round == 0 ? 0 : spentOnTicks;
      double off = slice(() -> {});
      double on = slice(this::tick);
      if (round >= 0) {
        without.add(off);
        with.add(on);
        ratio.add(on / off);
      }
    }
    double frames = (double) rounds * BURSTS * BusyTable.BURST;
    return String.format(
        Locale.ROOT,
        "%-26s%9.1f%9.1f   %.3f (%.3f..%.3f)%9.2f%,12d%n",
        name,
        without.median(),
        with.median(),
        ratio.median(),
        ratio.quantile(0.25),
        ratio.quantile(0.75),
        spentOnTicks / frames,
        busy.table().removals().get(Cause.EXPIRED).getOrElse(0L));
  }

  /**
   * Measures.
   *
   * @param flows established ones
   * @param rounds turns with and without ticks
   */
  public static String report(int flows, int rounds) {
    return String.format(
            Locale.ROOT,
            "%,d flows, timeout 30 s, a tick each %d ms by the worker's thread, a clock %d times as"
                + " fast; %d rounds of %,d frames, CPU ns a frame%n%-26s%9s%9s%24s%9s%12s%n",
            flows,
            TICK_MS,
            PACE,
            rounds,
            BURSTS * BusyTable.BURST,
            "",
            "without",
            "with",
            "ratio (quartiles)",
            "ticks",
            "expired")
        + new AgeingCost(flows, 0).row("all stay", rounds)
        + new AgeingCost(flows, flows / 16).row("a sixteenth comes and goes", rounds);
  }
}
