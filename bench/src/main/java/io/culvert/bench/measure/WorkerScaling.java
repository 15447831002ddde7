package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTableConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two workers of one table on two threads against one, in turns. Each has half of the flows and
 * half of the frames' memory.
 */
public final class WorkerScaling {
  private static final int TUNNELS = 1024;
  private static final int BATCHES = 4000;

  private final int flows;
  private final int batches;
  private final Lane single;
  private final Lane[] lanes = new Lane[2];
  private final Samples alone;
  private final Samples together;
  private final Samples toOne;
  private final Samples toSingle;
  private final Samples byWall;
  private final Samples share;

  /**
   * One worker's turn.
   *
   * @param ns processing, CPU time, a frame
   * @param cpu CPU time in all, nanoseconds, the writing of frames too
   * @param wall time in all, nanoseconds
   */
  private record Turn(double ns, long cpu, long wall) {}

  private WorkerScaling(int flows, int batches, int rounds) {
    this.flows = flows;
    this.batches = batches;
    Flows all = new Flows(flows, TUNNELS);
    Topology topology = new Topology(TUNNELS, 0);
    TrafficGenerator traffic = new TrafficGenerator(topology, all);
    FlowTableConfig config = FlowTableConfig.defaults().withFlows(flows, 1);
    RoutedTable forOne = new RoutedTable(config, topology, all);
    RoutedTable forTwo = new RoutedTable(config.withWorkers(2), topology, all);
    forOne.fill(0, flows, Duration.ZERO);
    forTwo.fill(0, flows, Duration.ZERO);
    single = new Lane(forOne.table, traffic, 0, 0, flows / 2);
    lanes[0] = new Lane(forTwo.table, traffic, 0, 0, flows / 2);
    lanes[1] = new Lane(forTwo.table, traffic, 1, flows / 2, flows / 2);
    alone = new Samples(rounds);
    together = new Samples(rounds);
    toOne = new Samples(rounds);
    toSingle = new Samples(rounds);
    byWall = new Samples(rounds);
    share = new Samples(2 * rounds);
  }

  /**
   * Measures, with 1,000 flows and with more.
   *
   * @param flows flows of the second row
   * @param rounds turns of each side
   */
  public static String report(int flows, int rounds) {
    return report(flows, rounds, BATCHES);
  }

  static String report(int flows, int rounds, int batches) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Two workers on two threads against one: frames a second of CPU of the processing,"
                    + " with quartiles; %d rounds%nBY WALL: frames a second of wall time, their"
                    + " writing included. CPU: what each of the two threads got of the time%n"
                    + "%-10s %7s %9s %19s %28s %8s %14s%n",
                rounds,
                "flows",
                "one, ns",
                "each, ns",
                "two / one",
                "two / one of a table for one",
                "by wall",
                "cpu (least)"));
    text.append(new WorkerScaling(Math.min(1000, flows), batches, rounds).measure(rounds));
    text.append(new WorkerScaling(flows, batches, rounds).measure(rounds));
    return text.toString();
  }

  private String measure(int rounds) {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      round(threads, false); // Warm-up.
      for (int round = 0; round < rounds; round++) {
        round(threads, true);
      }
    }
    return String.format(
        Locale.ROOT,
        "%,-10d %7.1f %9.1f %5.2f (%.2f..%.2f) %14.2f (%.2f..%.2f) %8.2f %5.2f (%.2f)%n",
        flows,
        alone.median(),
        together.median(),
        toOne.median(),
        toOne.quantile(0.25),
        toOne.quantile(0.75),
        toSingle.median(),
        toSingle.quantile(0.25),
        toSingle.quantile(0.75),
        byWall.median(),
        share.median(),
        share.quantile(0));
  }

  private void round(ExecutorService threads, boolean keep) {
    Turn ofTableForOne = run(threads, single)[0];
    Turn one = run(threads, lanes[0])[0];
    Turn[] two = run(threads, lanes);
    if (!keep) {
      return;
    }
    double rate = 1 / two[0].ns + 1 / two[1].ns;
    alone.add(one.ns);
    together.add(2 / rate);
    toOne.add(rate * one.ns);
    toSingle.add(rate * ofTableForOne.ns);
    byWall.add(2.0 * one.wall / Math.max(two[0].wall, two[1].wall));
    share.add((double) two[0].cpu / two[0].wall);
    share.add((double) two[1].cpu / two[1].wall);
  }

  /** Lets lanes run at the same time. */
  private Turn[] run(ExecutorService threads, Lane... which) {
    CountDownLatch start = new CountDownLatch(which.length);
    Future<?>[] running = new Future<?>[which.length];
    Turn[] turns = new Turn[which.length];
    for (int i = 0; i < which.length; i++) {
      int number = i;
      running[i] =
          threads.submit(() -> {
            start.countDown();
            start.await();
            turns[number] = turn(which[number]);
            return null;
          });
    }
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (Exception failed) {
        throw new IllegalStateException("a worker's thread", failed);
      }
    }
    return turns;
  }

  private Turn turn(Lane lane) {
    long wall = System.nanoTime();
    long cpu = Lane.cpuTime();
    double ns = lane.slice(batches);
    return new Turn(ns, Lane.cpuTime() - cpu, System.nanoTime() - wall);
  }
}
