package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.classic.ClassicRouter;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.worker.FrameBurst;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fast path allocates nothing per packet; the measuring method would notice if it did. */
class AllocationTest {
  private static final int FLOWS = 1000;
  private static final int FRAMES = 1_000_000;
  // What the measuring itself and a late compilation may take; a byte a frame would be 1,000,000.
  private static final long TOLERANCE = 512;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Topology topology = new Topology(16, 100);
  private final Flows flows = new Flows(FLOWS, 16);
  private final TrafficGenerator traffic = new TrafficGenerator(topology, flows);
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, 64);

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldAllocateNothingPerPacketInTheFlowtable(MatchMode match) {
    ForwardingPath path = new FlowtablePath(topology, flows, match);
    run(path, FRAMES);
    assertThat(least(path, traffic)).isLessThan(TOLERANCE);
    assertThat(path.forwarded()).isGreaterThanOrEqualTo(2 * FRAMES);
  }

  @Test
  void shouldAllocateNothingPerPacketThatIsTranslated() {
    Flows translated = new Flows(FLOWS, 16, true);
    ForwardingPath path = new FlowtablePath(topology, translated, MatchMode.EXACT);
    TrafficGenerator frames = new TrafficGenerator(topology, translated);
    run(path, frames, FRAMES);
    assertThat(least(path, frames)).isLessThan(TOLERANCE);
    assertThat(path.forwarded()).isGreaterThanOrEqualTo(2 * FRAMES);
  }

  @Test
  void shouldAllocateNothingPerPacketInTheClassicPath() {
    ForwardingPath path = new ClassicPath("classic", new ClassicRouter(topology, 32));
    run(path, FRAMES);
    assertThat(least(path, traffic)).isLessThan(TOLERANCE);
    assertThat(path.forwarded()).isGreaterThanOrEqualTo(2 * FRAMES);
  }

  @Test
  void shouldNoticeAnAllocationPerBurst() {
    ForwardingPath path = new Wasteful(new ClassicPath("", new ClassicRouter(topology, 32)));
    run(path, FRAMES);
    assertThat(run(path, FRAMES)).isGreaterThan(FRAMES / 64 * 16L);
  }

  /** Of three runs: what the JVM allocates once, when it compiles anew, is in one of them only. */
  private long least(ForwardingPath path, TrafficGenerator generator) {
    long least = run(path, generator, FRAMES);
    for (int again = 0; again < 2; again++) {
      least = Math.min(least, run(path, generator, FRAMES));
    }
    return least;
  }

  /** Bytes allocated for that many frames, half of them each way. */
  private long run(ForwardingPath path, int frames) {
    return run(path, traffic, frames);
  }

  private long run(ForwardingPath path, TrafficGenerator generator, int frames) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int done = 0; done < frames; done += 2 * burst.capacity()) {
      generator.fill(burst, Way.INTO_TUNNEL, 64);
      path.process(burst);
      generator.fill(burst, Way.OUT_OF_TUNNEL, 64);
      path.process(burst);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** A path that is as it should not be. */
  private static final class Wasteful implements ForwardingPath {
    private final ForwardingPath path;
    private Object last = "";

    Wasteful(ForwardingPath path) {
      this.path = path;
    }

    @Override
    public String name() {
      return "wasteful after " + last;
    }

    @Override
    public void process(FrameBurst burst) {
      path.process(burst);
      last = new long[1];
    }

    @Override
    public long forwarded() {
      return path.forwarded();
    }

    @Override
    public int port(FrameBurst burst, int i) {
      return path.port(burst, i);
    }

    @Override
    public long offset(FrameBurst burst, int i) {
      return path.offset(burst, i);
    }

    @Override
    public int length(FrameBurst burst, int i) {
      return path.length(burst, i);
    }
  }
}
