package io.culvert.bench;

import io.culvert.bench.measure.FlowtablePath;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.worker.FrameBurst;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code culvert slice}: one side of a paired measurement, driven by {@code bench/compare}. For
 * each line read it forwards frames for a while and prints a line: nanoseconds a frame in all, of
 * them for writing frames, bytes allocated a frame.
 */
@Command(name = "slice", hidden = true, description = "One side of bench/compare.")
final class SliceCommand implements Callable<Integer> {
  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final int WARM_UP_SLICES = 6;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(names = "--flows", description = "flows")
  private int flows = 1000;

  @Option(names = "--tunnels", description = "tunnels")
  private int tunnels = 1024;

  @Option(names = "--out-of", description = "out of the tunnels, not into them")
  private boolean outOf;

  @Option(names = "--match", converter = MatchConverter.class, description = "match mode")
  private MatchMode match = MatchMode.EXACT;

  @Option(names = "--nat", description = "translate addresses and ports")
  private boolean nat;

  @Option(names = "--huge-pages", description = "the table's memory in huge pages")
  private boolean hugePages;

  @Option(names = "--frames", description = "frames of a slice")
  private int frames = 2_000_000;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  SliceCommand() {}

  @Override
  public Integer call() throws IOException {
    Topology topology = new Topology(tunnels, 0);
    Flows all = new Flows(flows, tunnels, nat);
    TrafficGenerator traffic = new TrafficGenerator(topology, all);
    FlowtablePath path = new FlowtablePath(topology, all, match, memory());
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    for (int i = 0; i < WARM_UP_SLICES; i++) {
      slice(traffic, path, burst, false);
      slice(traffic, path, burst, true);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("ready");
    out.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      double fill = slice(traffic, path, burst, false);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      double both = slice(traffic, path, burst, true);
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      out.printf(Locale.ROOT, "%.3f %.3f %.6f%n", both, fill, allocated / (double) frames);
      out.flush();
    }
    return 0;
  }

  private TableMemory memory() {
    return hugePages ? TableMemory.whole().withHugePages() : TableMemory.whole();
  }

  /** Nanoseconds a frame. */
  private double slice(
      TrafficGenerator traffic, FlowtablePath path, FrameBurst burst, boolean forward) {
    Way way = outOf ? Way.OUT_OF_TUNNEL : Way.INTO_TUNNEL;
    long before = path.forwarded();
    long start = System.nanoTime();
    int bursts = frames / BURST;
    for (int n = 0; n < bursts; n++) {
      traffic.fill(burst, way, FRAME);
      if (forward) {
        path.process(burst);
      }
    }
    double ns = (System.nanoTime() - start) / ((double) bursts * BURST);
    if (forward && path.forwarded() - before != (long) bursts * BURST) {
      throw CliException.failed("slice: not every frame was forwarded");
    }
    return ns;
  }
}
