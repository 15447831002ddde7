package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.RoutedOffer;
import io.culvert.flowtable.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table under traffic: the first of its flows are established, and bursts of them are forwarded
 * into their tunnels; more are offered by known ways. One worker.
 */
final class BusyTable {
  static final int BURST = 64;
  static final int FRAME = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Flows flows;
  private final FlowTable table;
  private final Way[] ways;
  private final Way back;
  private final TrafficGenerator traffic;
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
  private final Worker worker;

  /**
   * A table with its established flows.
   *
   * @param config without templates
   * @param flows all that will be offered, established ones first
   * @param established how many are offered now
   */
  BusyTable(FlowTableConfig config, Flows flows, int established) {
    this.flows = flows;
    Topology topology = new Topology(flows.tunnels(), 0);
    table =
        new FlowTable(
            config.withTemplates(2 * flows.tunnels() + 2), EncapRegistry.load(), topology);
    table.addPort(Topology.CLIENT_PORT);
    table.addPort(Topology.UNDERLAY_PORT);
    table.tick(0);
    ways = new Way[flows.tunnels()];
    Arrays.setAll(ways, tunnel -> way(tunnel, false));
    back = way(0, true);
    traffic = new TrafficGenerator(topology, new Flows(established, flows.tunnels()));
    worker = table.newWorker(FrameMemory.SEGMENT);
    for (int from = 0; from < established; from += 4096) {
      int to = Math.min(established, from + 4096);
      if (offer(from, to) != to - from) {
        throw new IllegalStateException("established flows were refused");
      }
    }
  }

  private Way way(int flow, boolean isReply) {
    var tuple = isReply ? flows.replyTuple(flow) : flows.tuple(flow);
    return table.way(tuple.source(), tuple.destination()).getOrElseThrow(BusyTable::refused);
  }

  private static IllegalStateException refused(OffloadError error) {
    return new IllegalStateException("refused: " + error.message());
  }

  FlowTable table() {
    return table;
  }

  /** The offers of some flows. */
  List<RoutedOffer> offers(int from, int to) {
    List<RoutedOffer> offers = new ArrayList<>(to - from);
    for (int flow = from; flow < to; flow++) {
      offers.add(new RoutedOffer(flows.tuple(flow), ways[flows.tunnel(flow)], back));
    }
    return offers;
  }

  /** Offers some flows; how many were taken. */
  int offer(int from, int to) {
    return table.offerAll(offers(from, to)).accepted();
  }

  /** Writes the frames of the next burst of established flows. */
  void fill() {
    traffic.fill(burst, io.culvert.bench.traffic.Way.INTO_TUNNEL, FRAME);
  }

  /** Forwards the burst; each of its frames, or it is an error. */
  void forward() {
    long before = worker.count(Reason.NONE);
    worker.process(burst);
    if (worker.count(Reason.NONE) != before + BURST) {
      throw new IllegalStateException("not every frame was forwarded");
    }
  }

  /** Nanoseconds of this thread's own time that a frame takes, without its writing. */
  double nanosPerFrame(int bursts, Runnable betweenBursts) {
    long start = cpuTime();
    for (int n = 0; n < bursts; n++) {
      fill();
    }
    long middle = cpuTime();
    for (int n = 0; n < bursts; n++) {
      fill();
      forward();
      betweenBursts.run();
    }
    return (cpuTime() - middle - (middle - start)) / ((double) bursts * BURST);
  }

  /** Nanoseconds of processor that this thread has had. */
  static long cpuTime() {
    return THREADS.getCurrentThreadCpuTime();
  }
}
