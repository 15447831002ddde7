package io.culvert.bench.jmh;

import io.culvert.bench.measure.StackPath;
import io.culvert.bench.measure.UsedModules;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
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
 * The whole way of a frame into and out of each kind of tunnel and stack, with its own modules
 * loaded or with all of them: 64-byte frames inside, in runs of eight of one tunnel.
 *
 * <p>{@code forward} writes the frames anew and forwards them; {@code materialise} only writes
 * them. The difference is the work. What is sent is compared with the reference router first.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StackBenchmark {
  private static final int FLOWS = 1000;
  private static final int TUNNELS = 64;
  private static final int RUN = 8;

  /** Which modules are loaded. */
  public enum Loaded {
    /** Those that the stack needs. */
    OWN,
    /** All that there are. */
    ALL
  }

  /** The tunnels. */
  @Param public Stack stack = Stack.IPIP;

  /** Which way: a push, or a pop. */
  @Param public Way way = Way.INTO_TUNNEL;

  /** The modules. */
  @Param public Loaded loaded = Loaded.OWN;

  /** Frames of a burst. */
  @Param({"64"})
  public int burst;

  private StackPath path;
  private FrameBurst frames;
  private long number;
  private long expected;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public StackBenchmark() {}

  /** Offers the flows, and checks what is sent against the reference router. */
  @Setup
  public void setUp() {
    EncapRegistry all = EncapRegistry.load();
    EncapRegistry registry =
        loaded == Loaded.ALL ? all : UsedModules.of(all, Stack.ours(TUNNELS, _ -> stack));
    path = new StackPath(FLOWS, TUNNELS, _ -> stack, registry, RUN);
    frames = new FrameBurst(FrameMemory.SEGMENT, burst);
  }

  /** Remembers how much was forwarded. */
  @Setup(Level.Iteration)
  public void before() {
    expected = path.forwarded();
  }

  /** A frame that was not forwarded spoils the figure. */
  @TearDown(Level.Iteration)
  public void after() {
    if (path.forwarded() != expected) {
      throw new IllegalStateException(
          "forwarded " + path.forwarded() + " frames of " + expected + ": " + stack);
    }
  }

  /** Writes frames and forwards them. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long forward() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += burst) {
      number = path.fill(frames, way, number);
      path.process(frames);
    }
    expected += Frames.PER_INVOCATION;
    return frames.offset(0);
  }

  /** Only writes frames. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long materialise() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += burst) {
      number = path.fill(frames, way, number);
    }
    return frames.offset(0);
  }
}
