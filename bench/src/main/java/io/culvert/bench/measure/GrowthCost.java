package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What it does to bursts that a table grows: one thread forwards bursts of flows that are there
 * from the beginning, while another one offers flows at a steady rate, to a table that has room for
 * all and to one that doubles its room again and again. The time of each burst is kept.
 */
public final class GrowthCost {
  private static final int TUNNELS = 64;
  private static final int FIRST = 1 << 16;
  private static final int LAST = 1 << 20;
  private static final int ESTABLISHED = FIRST / 2;
  private static final int BULK = 64;
  private static final long OFFERS_A_SECOND = 250_000;
  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final long WARM_UP_NS = 3_000_000_000L;
  private static final int MOST_BURSTS = 4_000_000;
  private static final double[] SHARES = {0.5, 0.99, 0.999, 0.9999};
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Topology topology = new Topology(TUNNELS, 0);
  private final Flows flows = new Flows(LAST, TUNNELS);
  private final TrafficGenerator traffic =
      new TrafficGenerator(topology, new Flows(ESTABLISHED, TUNNELS));
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
  private final long[] wall = new long[MOST_BURSTS];
  private final long[] own = new long[MOST_BURSTS];
  private int bursts;
  private volatile boolean isOver;
  private volatile @Nullable Throwable failure;

  private GrowthCost() {}

  /**
   * Measures.
   *
   * @param rounds turns of each table
   */
  public static String report(int rounds) {
    GrowthCost cost = new GrowthCost();
    Samples[][] samples = new Samples[2][2 * SHARES.length];
    for (Samples[] of : samples) {
      Arrays.setAll(of, _ -> new Samples(rounds));
    }
    for (int round = 0; round < rounds; round++) {
      cost.run(false, samples[0]);
      cost.run(true, samples[1]);
    }
    return table(rounds, samples);
  }

  private static String table(int rounds, Samples[][] samples) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Bursts of %d frames of %,d flows, while %,d flows are offered, %,d a second;"
                    + " medians of %d rounds, microseconds%n",
                BURST,
                ESTABLISHED,
                LAST - ESTABLISHED,
                OFFERS_A_SECOND,
                rounds));
    text.append(String.format("%-34s%10s%10s%10s%10s%n", "", "50 %", "99 %", "99.9 %", "99.99 %"));
    String[] names = {"room for all", "grows from " + FIRST + " to " + LAST};
    for (int clock = 0; clock < 2; clock++) {
      for (int which = 0; which < 2; which++) {
        text.append(String.format("%-34s", names[which] + (clock == 0 ? "" : ", CPU time")));
        for (int share = 0; share < SHARES.length; share++) {
          double ns = samples[which][clock * SHARES.length + share].median();
          text.append(String.format(Locale.ROOT, "%10.1f", ns / 1000));
        }
        text.append(System.lineSeparator());
      }
    }
    return text.toString();
  }

  private void run(boolean grows, Samples[] samples) {
    FlowTableConfig config =
        FlowTableConfig.defaults()
            .withFlows(LAST, 1)
            .withMemory(grows ? TableMemory.growing(FIRST, 1) : TableMemory.whole());
    RoutedTable routed = new RoutedTable(config, topology, flows);
    FlowTable table = routed.table;
    routed.fill(0, ESTABLISHED, Duration.ZERO);
    Worker worker = table.newWorker(FrameMemory.SEGMENT);
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NS) {
      bursts = 0;
      forward(worker);
    }
    bursts = 0;
    isOver = false;
    long before = table.memoryUse().nativeBytes();
    Thread control = Thread.ofPlatform().daemon().start(() -> offerSteadily(routed));
    while (!isOver && bursts < MOST_BURSTS) {
      forward(worker);
    }
    join(control);
    check(grows, before, table.memoryUse().nativeBytes());
    keep(wall, samples, 0);
    keep(own, samples, SHARES.length);
  }

  private void join(Thread control) {
    try {
      control.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void check(boolean grows, long before, long after) {
    if (failure != null) {
      throw new IllegalStateException("offers failed", failure);
    }
    if (grows != after > 8 * before) {
      throw new IllegalStateException("the table grew from " + before + " to " + after + " bytes");
    }
  }

  private void forward(Worker worker) {
    traffic.fill(burst, Way.INTO_TUNNEL, FRAME);
    long forwarded = worker.count(Reason.NONE);
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    worker.process(burst);
    wall[bursts] = System.nanoTime() - start;
    own[bursts] = THREADS.getCurrentThreadCpuTime() - cpu;
    bursts++;
    if (worker.count(Reason.NONE) != forwarded + BURST) {
      throw new IllegalStateException("not every frame was forwarded");
    }
  }

  private void offerSteadily(RoutedTable table) {
    try {
      long start = System.nanoTime();
      for (int flow = ESTABLISHED; flow < LAST; flow += BULK) {
        table.fill(flow, flow + BULK, Duration.ZERO);
        long due = start + (flow - ESTABLISHED) * 1_000_000_000L / OFFERS_A_SECOND;
        while (due - System.nanoTime() > 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      isOver = true;
    }
  }

  private void keep(long[] times, Samples[] samples, int at) {
    Arrays.sort(times, 0, bursts);
    for (int share = 0; share < SHARES.length; share++) {
      samples[at + share].add((double) times[Math.min(bursts - 1, (int) (SHARES[share] * bursts))]);
    }
  }
}
