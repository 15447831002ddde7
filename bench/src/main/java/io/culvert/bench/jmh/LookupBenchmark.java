package io.culvert.bench.jmh;

import io.culvert.bench.measure.FlowtablePath;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import java.util.SplittableRandom;
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

/**
 * Flow lookup as the packet path does it: frames out of tunnels, parsed, keyed and looked up in
 * bursts of 64. A miss ends at the lookup and comes back untouched; a hit is forwarded as well, so
 * hits are dearer by checks and rewriting. Frames are written anew each time, see {@link
 * ForwardBenchmark#materialise}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
  private static final int BURST = 64;
  private static final int TUNNELS = 1024;
  private static final int ORDER = 1 << 20;

  /** What is looked up. */
  public enum Traffic {
    /** Flows of the table. */
    HIT,
    /** Flows that were never offered, by known tunnels. */
    MISS,
    /** Half and half. */
    MIXED
  }

  /** Flows of the table. */
  @Param({"1000", "65536", "1000000"})
  public int flows;

  /** What is looked up. */
  @Param public Traffic traffic = Traffic.HIT;

  /** How tunnel stacks are compared. */
  @Param({"EXACT", "HASH64"})
  public MatchMode match = MatchMode.EXACT;

  private final int[] order = new int[ORDER];
  private int next;
  private TrafficGenerator generator;
  private FlowtablePath path;
  private FrameBurst frames;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public LookupBenchmark() {}

  /** Offers the flows, and checks that as many frames are forwarded as the traffic says. */
  @Setup
  public void setUp() {
    Topology topology = new Topology(TUNNELS, 0);
    generator = new TrafficGenerator(topology, new Flows(2 * flows, TUNNELS));
    path = new FlowtablePath(topology, new Flows(flows, TUNNELS), match);
    frames = new FrameBurst(FrameMemory.SEGMENT, BURST);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < ORDER; i++) {
      order[i] =
          switch (traffic) {
            case HIT -> random.nextInt(flows);
            case MISS -> flows + random.nextInt(flows);
            case MIXED -> random.nextInt(2 * flows);
          };
    }
    for (int n = 0; n < 100; n++) {
      burst();
    }
    long hits = path.forwarded();
    long misses = path.worker().count(Reason.MISS);
    boolean isRight =
        hits + misses == 100L * BURST
            && (traffic != Traffic.HIT || misses == 0)
            && (traffic != Traffic.MISS || hits == 0);
    if (!isRight) {
      throw new IllegalStateException(traffic + ": " + hits + " hits, " + misses + " misses");
    }
  }

  private void burst() {
    frames.clear();
    for (int i = 0; i < BURST; i++) {
      int flow = order[next++ & (ORDER - 1)];
      generator.add(frames, i, flow, Way.OUT_OF_TUNNEL, Frames.LENGTH);
    }
    path.process(frames);
  }

  /** Writes frames and looks them up. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long lookUp() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += BURST) {
      burst();
    }
    return frames.offset(0);
  }
}
