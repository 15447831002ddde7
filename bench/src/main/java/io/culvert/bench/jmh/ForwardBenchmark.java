package io.culvert.bench.jmh;

import io.culvert.bench.classic.ClassicRouter;
import io.culvert.bench.measure.Agreement;
import io.culvert.bench.measure.ClassicPath;
import io.culvert.bench.measure.FlowtablePath;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.worker.FrameBurst;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole way of a frame through the flow table, into and out of an IPIP tunnel: every check,
 * counters and timeouts included.
 *
 * <p>{@code forward} writes the frames anew and forwards them; {@code materialise} only writes
 * them. The difference is the work.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
  /** Which way. */
  @Param public Way way = Way.INTO_TUNNEL;

  /** Flows, in pseudo-random order. */
  @Param({"1000", "65536", "1000000"})
  public int flows;

  /** Tunnels that the flows are spread over in turn. */
  @Param({"1024", "1"})
  public int tunnels;

  /** Frames of a burst. */
  @Param({"64", "1", "16", "256"})
  public int burst;

  /** How tunnel stacks are compared. */
  @Param({"EXACT", "HASH64"})
  public MatchMode match = MatchMode.EXACT;

  private TrafficGenerator traffic;
  private FlowtablePath path;
  private FrameBurst frames;
  private long forwardedBefore;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public ForwardBenchmark() {}

  /** Offers the flows, and checks the frames sent against the classic path's. */
  @Setup
  public void setUp() {
    Topology topology = new Topology(tunnels, 0);
    Flows all = new Flows(flows, tunnels);
    traffic = new TrafficGenerator(topology, all);
    path = new FlowtablePath(topology, all, match);
    ClassicPath classic = new ClassicPath("classic path", new ClassicRouter(topology, 0));
    Agreement.check(List.of(classic, path), traffic, Frames.LENGTH)
        .ifPresent(difference -> {
          throw new IllegalStateException(difference);
        });
    frames = new FrameBurst(FrameMemory.SEGMENT, burst);
  }

  /** Remembers how much was forwarded. */
  @Setup(Level.Iteration)
  public void before() {
    forwardedBefore = path.forwarded();
  }

  /** A frame that was not forwarded spoils the figure. */
  @TearDown(Level.Iteration)
  public void after() {
    long slow = path.worker().count(io.culvert.flowtable.worker.Reason.MISS);
    if (slow != 0 || path.forwarded() < forwardedBefore) {
      throw new IllegalStateException(slow + " frames were not forwarded");
    }
  }

  /** Writes frames and forwards them. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long forward() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += burst) {
      traffic.fill(frames, way, Frames.LENGTH);
      path.process(frames);
    }
    return frames.offset(0);
  }

  /** Only writes frames. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long materialise() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += burst) {
      traffic.fill(frames, way, Frames.LENGTH);
    }
    return frames.offset(0);
  }
}
