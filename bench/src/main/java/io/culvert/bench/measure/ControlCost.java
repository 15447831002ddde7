package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.RoutedOffer;
import io.culvert.flowtable.Way;
import io.culvert.flowtable.WhenFull;
import io.culvert.flowtable.registry.EncapRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What flows cost the control path: offers a second on one core, ticks of a table with many flows,
 * offers to a full table. CPU time of the thread, so that neighbours on the machine count little;
 * the garbage collector's threads are not in it.
 */
public final class ControlCost {
  private static final int TUNNELS = 1024;
  private static final int BULK = 4096;
  private static final int FILLS = 5;
  private static final long TICK_MS = 10;
  private static final long MS = 1_000_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int capacity;
  private final Flows flows;
  private final FlowTable table;
  private final Way[] out = new Way[TUNNELS];
  private final Way back;
  private long nowMs;

  private ControlCost(int count, WhenFull whenFull) {
    Topology topology = new Topology(TUNNELS, 0);
    capacity = Integer.highestOneBit(count - 1) << 1;
    flows = new Flows(2 * capacity, TUNNELS);
    FlowTableConfig config =
        FlowTableConfig.defaults()
            .withFlows(count, 1)
            .withTemplates(2 * TUNNELS)
            .withWhenFull(whenFull);
    table = new FlowTable(config, EncapRegistry.load(), topology);
    table.addPort(Topology.CLIENT_PORT);
    table.addPort(Topology.UNDERLAY_PORT);
    table.tick(0);
    for (int tunnel = 0; tunnel < TUNNELS; tunnel++) {
      out[tunnel] = way(flows, tunnel, false);
    }
    back = way(flows, 0, true);
  }

  private Way way(Flows all, int flow, boolean isReply) {
    var tuple = isReply ? all.replyTuple(flow) : all.tuple(flow);
    return table.way(tuple.source(), tuple.destination()).getOrElseThrow(ControlCost::refused);
  }

  private static IllegalStateException refused(OffloadError error) {
    return new IllegalStateException("refused: " + error.message());
  }

  /** Offers some flows; nanoseconds that the table took. */
  private long offer(int from, int to) {
    List<RoutedOffer> offers = new ArrayList<>(BULK);
    long spent = 0;
    for (int flow = from; flow < to; ) {
      offers.clear();
      for (; offers.size() < BULK && flow < to; flow++) {
        offers.add(new RoutedOffer(flows.tuple(flow), out[flows.tunnel(flow)], back));
      }
      long start = THREADS.getCurrentThreadCpuTime();
      int taken = table.offerAll(offers).accepted();
      spent += THREADS.getCurrentThreadCpuTime() - start;
      if (taken != offers.size()) {
        throw new IllegalStateException("of " + offers.size() + " flows " + taken + " were taken");
      }
    }
    return spent;
  }

  /** Ticks for so long: how many, and the longest and the sum of their times in nanoseconds. */
  private long[] tick(long forMs) {
    long[] ticks = new long[3];
    for (long end = nowMs + forMs; nowMs < end && table.size() > 0; ticks[0]++) {
      nowMs += TICK_MS;
      long start = THREADS.getCurrentThreadCpuTime();
      table.tick(nowMs * MS);
      long spent = THREADS.getCurrentThreadCpuTime() - start;
      ticks[1] = Math.max(ticks[1], spent);
      ticks[2] += spent;
    }
    return ticks;
  }

  /**
   * Measures.
   *
   * @param count flows; for offers to an empty table four times as many
   */
  public static String report(int count) {
    StringBuilder text = new StringBuilder();
    for (int fill = 1; fill <= FILLS; fill++) {
      long spent = new ControlCost(4 * count, WhenFull.refuse()).offer(0, 4 * count);
      text.append(rate("to an empty table, their ways known", 4 * count, spent));
    }
    ControlCost full = new ControlCost(count, WhenFull.evict(Duration.ofSeconds(1)));
    full.offer(0, full.capacity);
    full.tick(2000);
    int more = full.capacity / 2;
    long spent = full.offer(full.capacity, full.capacity + more);
    return text.append(rate("to a full table, others make room", more, spent))
        .append(ticks(count))
        .toString();
  }

  private static String rate(String where, int count, long spent) {
    return String.format(
        Locale.ROOT, "%,d flows offered %s: %,.0f a second%n", count, where, count * 1e9 / spent);
  }

  private static String ticks(int count) {
    ControlCost all = new ControlCost(count, WhenFull.refuse());
    all.offer(0, count / 2);
    all.tick(15_000);
    all.offer(count / 2, count);
    long[] quiet = all.tick(14_990);
    // Half of them expire, the others are looked at.
    long[] busy = all.tick(2500);
    return String.format(
        Locale.ROOT,
        "%,d flows, a tick each %d ms:%n"
            + "  nothing to expire: longest %.3f ms, mean %.3f ms%n"
            + "  half of them expire: longest %.3f ms, mean %.3f ms of %d",
        count,
        TICK_MS,
        quiet[1] / 1e6,
        quiet[2] / 1e6 / quiet[0],
        busy[1] / 1e6,
        busy[2] / 1e6 / busy[0],
        busy[0]);
  }
}
