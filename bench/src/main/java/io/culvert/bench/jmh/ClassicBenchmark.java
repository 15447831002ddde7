package io.culvert.bench.jmh;

import io.culvert.bench.classic.ClassicRouter;
import io.culvert.bench.measure.ClassicPath;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.worker.FrameBurst;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The same frames by the classic path: routes, rules, neighbours, per packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClassicBenchmark {
  private static final int ROUTES = 1000;
  private static final int BURST = 64;

  /** Which way. */
  @Param public Way way = Way.INTO_TUNNEL;

  /** Rules of the forward chain, all tried. */
  @Param({"32", "0"})
  public int rules;

  /** Flows, in pseudo-random order. */
  @Param("1000")
  public int flows;

  /** Tunnels that the flows are spread over in turn. */
  @Param({"1024", "1"})
  public int tunnels;

  private TrafficGenerator traffic;
  private ClassicPath path;
  private FrameBurst frames;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public ClassicBenchmark() {}

  /** Builds the router, and checks that it forwards. */
  @Setup
  public void setUp() {
    Topology topology = new Topology(tunnels, ROUTES);
    traffic = new TrafficGenerator(topology, new Flows(flows, tunnels));
    path = new ClassicPath("classic path", new ClassicRouter(topology, rules));
    frames = new FrameBurst(FrameMemory.SEGMENT, BURST);
    traffic.fill(frames, way, Frames.LENGTH);
    path.process(frames);
    if (path.forwarded() != BURST) {
      throw new IllegalStateException("the classic path forwarded " + path.forwarded());
    }
  }

  /** Writes frames and forwards them. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long forward() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += BURST) {
      traffic.fill(frames, way, Frames.LENGTH);
      path.process(frames);
    }
    return path.forwarded();
  }

  /** Only writes frames. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long materialise() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += BURST) {
      traffic.fill(frames, way, Frames.LENGTH);
    }
    return frames.offset(0);
  }
}
