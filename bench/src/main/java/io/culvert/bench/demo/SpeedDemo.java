package io.culvert.bench.demo;

import io.culvert.bench.CliException;
import io.culvert.bench.classic.ClassicRouter;
import io.culvert.bench.measure.Agreement;
import io.culvert.bench.measure.ClassicPath;
import io.culvert.bench.measure.FlowtablePath;
import io.culvert.bench.measure.ForwardingPath;
import io.culvert.bench.measure.Measurement;
import io.culvert.bench.measure.Measurement.Kind;
import io.culvert.bench.measure.Measurement.Result;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what the kernel patch measured: into and out of an IPIP tunnel, the classic path against
 * the flow table; and exact match against hash in the same run.
 */
public final class SpeedDemo {
  /** Frames of a burst. */
  static final int BURST = 64;

  /** Lengths of the frames, in bytes from the destination MAC on, without FCS. */
  static final int[] FRAME_LENGTHS = {64, 1500};

  private static final int FILLER_ROUTES = 1000;

  private final Topology topology;
  private final Flows flows;
  private final int rules;
  private final PrintWriter out;

  /**
   * A measurement.
   *
   * @param flows number of flows
   * @param tunnels number of tunnels that they are spread over
   * @param rules rules of the classic path's forward chain
   * @param out where the report goes
   */
  public SpeedDemo(int flows, int tunnels, int rules, PrintWriter out) {
    topology = new Topology(tunnels, FILLER_ROUTES);
    this.flows = new Flows(flows, tunnels);
    this.rules = rules;
    this.out = out;
  }

  /** Verifies that the paths agree, measures them, reports. */
  public List<Result> run(Duration warmUp, Duration measuring) {
    out.printf("%nMeasured in memory on this machine, one thread, no network:%n");
    out.printf("  %s%n", Machine.describe());
    out.printf(
        "  %,d flows, %,d tunnel%s, pseudo-random order, bursts of %d; classic path: %,d routes,"
            + " %d rules%n",
        flows.count(),
        flows.tunnels(),
        flows.tunnels() == 1 ? "" : "s",
        BURST,
        topology.routes().size(),
        rules);
    out.flush();
    TrafficGenerator traffic = new TrafficGenerator(topology, flows);
    List<ForwardingPath> paths =
        List.of(
            new ClassicPath("classic path", new ClassicRouter(topology, rules)),
            new FlowtablePath(topology, flows, MatchMode.EXACT),
            new FlowtablePath(topology, flows, MatchMode.HASH64));
    List<Kind> kinds = new ArrayList<>();
    for (Way way : Way.values()) {
      for (int length : FRAME_LENGTHS) {
        kinds.add(new Kind(way, length));
      }
    }
    for (int length : FRAME_LENGTHS) {
      Agreement.check(paths, traffic, length)
          .ifPresent(difference -> {
            throw CliException.failed("the paths do not send the same frames: " + difference);
          });
    }
    List<Result> results = new Measurement(traffic, BURST, kinds, paths).run(warmUp, measuring);
    new SpeedReport(results, paths.size()).print(out);
    out.flush();
    return results;
  }
}
