package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * What a second worker brings: two threads, each with a worker of one table, its own frames and the
 * same flows, against one of them alone, in turns. Wall time, since it is about throughput; how
 * much of it each thread had a processor is told with it.
 */
public final class WorkersScaling {
  private static final int TUNNELS = 1024;
  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final int BURSTS = 1 << 13;
  private static final int WARM_UP = 8;

  private final FlowTable table;
  private final List<Hand> hands = new ArrayList<>();
  private final Samples shares = new Samples(10_000);

  /** A thread's worker and frames: every second burst's slots of the one pool. */
  private final class Hand {
    final TrafficGenerator traffic;
    final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    final Worker worker = table.newWorker(FrameMemory.SEGMENT);
    long spentNs;

    Hand(Topology topology, Flows flows, int number) {
      traffic = new TrafficGenerator(topology, flows);
      traffic.skip(number * BURST);
    }

    void run(boolean forwards) {
      long start = BusyTable.cpuTime();
      long before = worker.count(Reason.NONE);
      for (int n = 0; n < BURSTS; n++) {
        traffic.fill(burst, Way.INTO_TUNNEL, FRAME);
        traffic.skip(BURST);
        if (forwards) {
          worker.process(burst);
        }
      }
      if (worker.count(Reason.NONE) - before != (forwards ? (long) BURSTS * BURST : 0)) {
        throw new IllegalStateException("not every frame was forwarded");
      }
      spentNs = BusyTable.cpuTime() - start;
    }
  }

  private WorkersScaling(int count) {
    Topology topology = new Topology(TUNNELS, 0);
    Flows flows = new Flows(count, TUNNELS);
    table =
        new FlowTable(
            FlowTableConfig.defaults()
                .withFlows(count, 1)
                .withTemplates(2 * TUNNELS + 2)
                .withWorkers(2),
            EncapRegistry.load(),
            topology);
    table.addPort(Topology.CLIENT_PORT);
    table.addPort(Topology.UNDERLAY_PORT);
    for (int flow = 0; flow < count; flow++) {
      table
          .offer(
              new FlowOffer(
                  flows.tuple(flow), flows.replyTuple(flow), Topology.CLIENT_PORT, Duration.ZERO))
          .getOrElseThrow(error -> new IllegalStateException(error.message()));
    }
    for (int number = 0; number < 2; number++) {
      hands.add(new Hand(topology, flows, number));
    }
  }

  /** Nanoseconds of wall time for a slice by the first so many hands. */
  private double slice(int workers, boolean forwards) {
    CountDownLatch ready = new CountDownLatch(workers);
    List<Thread> threads = new ArrayList<>();
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    for (Hand hand : hands.subList(1, workers)) {
      threads.add(Thread.ofPlatform().start(() -> run(hand, ready, forwards, failures)));
    }
    ready.countDown();
    while (ready.getCount() > 0) {
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    hands.getFirst().run(forwards);
    for (Thread thread : threads) {
      join(thread);
    }
    long wall = System.nanoTime() - start;
    if (!failures.isEmpty()) {
      throw failures.element();
    }
    if (workers == 2 && forwards) {
      shares.add((hands.get(0).spentNs + hands.get(1).spentNs) / (2.0 * wall));
    }
    return wall;
  }

  private static void run(
      Hand hand, CountDownLatch ready, boolean forwards, Queue<RuntimeException> failures) {
    ready.countDown();
    while (ready.getCount() > 0) {
      Thread.onSpinWait();
    }
    try {
      hand.run(forwards);
    } catch (RuntimeException failure) {
      failures.add(failure);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Nanoseconds of wall time for the forwarding of a slice, without the writing of its frames. */
  private double work(int workers) {
    double filling = slice(workers, false);
    return slice(workers, true) - filling;
  }

  private String row(int count, int rounds) {
    Samples one = new Samples(rounds);
    Samples two = new Samples(rounds);
    Samples gain = new Samples(rounds);
    for (int round = -WARM_UP; round < rounds; round++) {
      double alone = work(1);
      double both = work(2);
      if (round >= 0) {
        one.add(alone / ((double) BURSTS * BURST));
        two.add(both / ((double) BURSTS * BURST));
        gain.add(2 * alone / both);
      }
    }
    return String.format(
        Locale.ROOT,
        "%,-12d%10.1f%10.1f   %.2f (%.2f..%.2f)%11.0f %%%n",
        count,
        one.median(),
        two.median(),
        gain.median(),
        gain.quantile(0.25),
        gain.quantile(0.75),
        100 * shares.median());
  }

  /**
   * Measures.
   *
   * @param rounds turns of one and of both
   * @param flows numbers of flows, a table each
   */
  public static String report(int rounds, int... flows) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "One worker and two of the same table, in turns: %d rounds of %,d frames a worker;"
                    + " wall ns a frame of each, frames a second of both against one, processor time"
                    + " that both had%n%-12s%10s%10s%22s%13s%n",
                rounds,
                BURSTS * BURST,
                "flows",
                "one",
                "two",
                "gain (quartiles)",
                "had"));
    Arrays.stream(flows)
        .forEach(count -> text.append(new WorkersScaling(count).row(count, rounds)));
    return text.toString();
  }
}
