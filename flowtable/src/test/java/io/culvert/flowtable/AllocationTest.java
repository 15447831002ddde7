package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker allocates nothing per burst, whatever becomes of the frames. */
class AllocationTest {
  private static final int BURST = 32;
  private static final int BURSTS = 1_000;
  // What the measuring takes and a late compilation may; a small object a burst would be 16,000.
  private static final long TOLERANCE = 1_000;
  private static final int SLOT = 256;

  private final MethodHandle allocated = allocatedBytes();
  private final MemorySegment pool = Arena.ofAuto().allocate(BURST * SLOT, 64);
  private final FrameBurst burst = new FrameBurst(pool, BURST);
  private Object last = "";

  /** By reflection: this module reads neither of the two that offer it. */
  private static MethodHandle allocatedBytes() {
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
      return MethodHandles.publicLookup()
          .unreflect(type.getMethod("getCurrentThreadAllocatedBytes"))
          .bindTo(threads);
    } catch (ReflectiveOperationException missing) {
      throw new LinkageError("no ThreadMXBean", missing);
    }
  }

  private long measure(Runnable once) throws Throwable {
    for (int warmUp = 0; warmUp < BURSTS; warmUp++) {
      once.run();
    }
    long before = (long) allocated.invokeExact();
    for (int n = 0; n < BURSTS; n++) {
      once.run();
    }
    return (long) allocated.invokeExact() - before;
  }

  private void process(Worker worker, List<byte[]> frames, int port) {
    burst.clear();
    for (int i = 0; i < BURST; i++) {
      byte[] frame = frames.get(i % frames.size());
      long slot = (long) i * SLOT;
      MemorySegment.copy(frame, 0, pool, ValueLayout.JAVA_BYTE, slot + 70, frame.length);
      burst.add(slot, slot + 70, frame.length, port, 0);
    }
    worker.process(burst);
  }

  private static Site site(MatchMode match) {
    Site site = Site.of(match);
    for (String there : new String[] {"10.2.0.2", "10.4.0.2", "10.6.0.2", "2001:db8:2::2"}) {
      site.accept(there);
    }
    return site;
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldAllocateNothingPerBurstWhenForwardingAndPushing(MatchMode match) throws Throwable {
    Worker worker = site(match).table().newWorker(pool);
    List<byte[]> frames =
        List.of(
            fromHost(packet("10.4.0.2")),
            fromHost(packet("10.2.0.2")),
            fromHost(packet("10.6.0.2")),
            fromHost(packet("2001:db8:2::2")));
    assertThat(measure(() -> process(worker, frames, LAN))).isLessThan(TOLERANCE);
    assertThat(worker.count(Reason.NONE)).isEqualTo(2L * BURSTS * BURST);
  }

  @Test
  void shouldAllocateNothingPerBurstWhenOnline() throws Throwable {
    Worker worker = site(MatchMode.EXACT).table().newWorker(pool);
    List<byte[]> frames = List.of(fromHost(packet("10.4.0.2")), fromHost(packet("10.2.0.2")));
    worker.online();
    assertThat(
            measure(() -> {
              process(worker, frames, LAN);
              worker.quiescent();
            }))
        .isLessThan(TOLERANCE);
    worker.offline();
    assertThat(worker.count(Reason.NONE)).isEqualTo(2L * BURSTS * BURST);
  }

  /** In a table that grows a worker takes anew where the index is, for each part of a burst. */
  @Test
  void shouldAllocateNothingPerBurstInATableThatGrows() throws Throwable {
    Site site = Site.of(Site.config().withMemory(TableMemory.growing(1, 1)));
    List<byte[]> frames = new ArrayList<>();
    for (String there : new String[] {"10.2.0.2", "10.4.0.2", "2001:db8:2::2"}) {
      site.accept(there);
      frames.add(fromHost(packet(there)));
    }
    Worker worker = site.table().newWorker(pool);
    assertThat(measure(() -> process(worker, frames, LAN))).isLessThan(TOLERANCE);
    assertThat(worker.count(Reason.NONE)).isEqualTo(2L * BURSTS * BURST);
  }

  @Test
  void shouldAllocateNothingPerBurstWhenTranslating() throws Throwable {
    Site site = Site.exact();
    List<byte[]> frames = new ArrayList<>();
    for (String there : new String[] {"10.4.0.2", "10.2.0.2", "2001:db8:2::2"}) {
      String own = there.contains(":") ? "2001:db8:ff::1" : "192.0.2.1";
      FlowTuple tuple = Site.tuple(there);
      FlowTuple reply =
          new FlowTuple(tuple.destination(), FakeNetwork.ip(own), tuple.protocol(), 2000, 61_000);
      site.accept(new FlowOffer(tuple, reply, LAN, Duration.ZERO));
      frames.add(fromHost(packet(there)));
    }
    Worker worker = site.table().newWorker(pool);
    assertThat(measure(() -> process(worker, frames, LAN))).isLessThan(TOLERANCE);
    assertThat(worker.count(Reason.NONE)).isEqualTo(2L * BURSTS * BURST);
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldAllocateNothingPerBurstWhenPopping(MatchMode match) throws Throwable {
    Worker worker = site(match).table().newWorker(pool);
    byte[] nested = Packets.inToy("172.16.0.2", "172.16.0.1", 8, answer("10.6.0.2"));
    List<byte[]> frames =
        List.of(
            fromGateway(fromPeer(answer("10.2.0.2"))),
            fromGateway(fromPeer(answer("2001:db8:2::2"))),
            fromGateway(fromPeer(nested)));
    assertThat(measure(() -> process(worker, frames, WAN))).isLessThan(TOLERANCE);
    assertThat(worker.count(Reason.NONE)).isEqualTo(2L * BURSTS * BURST);
  }

  @Test
  void shouldAllocateNothingPerBurstForTheSlowPath() throws Throwable {
    Worker worker = site(MatchMode.EXACT).table().newWorker(pool);
    List<byte[]> frames = new ArrayList<>();
    byte[] good = fromGateway(fromPeer(answer("10.2.0.2")));
    for (int at = 0; at < good.length; at += 3) {
      frames.add(Packets.with(good, at, good[at] ^ 0x55));
    }
    assertThat(measure(() -> process(worker, frames, WAN))).isLessThan(TOLERANCE);
    assertThat(worker.count(Reason.MISS)).isLessThan(2L * BURSTS * BURST);
  }

  /** Negative control: one small object a burst is seen. */
  @Test
  void shouldNoticeAnAllocationPerBurst() throws Throwable {
    Worker worker = site(MatchMode.EXACT).table().newWorker(pool);
    List<byte[]> frames = List.of(fromHost(packet("10.4.0.2")));
    long bytes =
        measure(() -> {
          process(worker, frames, LAN);
          last = new long[] {last.hashCode()};
        });
    assertThat(bytes).isGreaterThan(16L * BURSTS);
  }
}
