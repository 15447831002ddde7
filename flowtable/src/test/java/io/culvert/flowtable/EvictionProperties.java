package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.vavr.control.Either;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** A full table beside a plain map from flow to when it was seen last and what it carried. */
class EvictionProperties {
  private static final long MS = 1_000_000;

  private final Map<Integer, Long> lastMs = new HashMap<>();
  private final Map<Integer, Long> packets = new HashMap<>();
  private long nowMs;
  private long evicted;

  @BeforeTry
  void forget() {
    lastMs.clear();
    packets.clear();
    nowMs = 0;
    evicted = 0;
  }

  private static FlowTuple tuple(int port) {
    return new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 17, port, 2000);
  }

  private static byte[] frame(int port) {
    return fromHost(
        Packets.ipv4("10.1.0.2", "10.4.0.2", 17, Packets.udp(port, 2000, Packets.payload(10))));
  }

  private Site site(int flows, Duration leastIdle) {
    Site site = Site.of(Site.config().withFlows(flows, 1).withWhenFull(WhenFull.evict(leastIdle)));
    site.table()
        .listener(
            new FlowListener() {
              @Override
              public void removed(Flow flow, Cause cause, FlowCounters counters) {
                assertThat(cause).isEqualTo(Cause.EVICTED);
                int port = flow.tuple().sourcePort();
                long idleMs = nowMs - Objects.requireNonNull(lastMs.remove(port));
                assertThat(idleMs).isGreaterThanOrEqualTo(leastIdle.toMillis());
                assertThat(counters.originalPackets()).isEqualTo(packets.remove(port));
                evicted++;
              }
            });
    site.table().tick(0);
    return site;
  }

  private void send(Site site, int port) {
    boolean isThere = lastMs.containsKey(port);
    assertThat(site.rig().send(LAN, frame(port)).reason())
        .isEqualTo(isThere ? Reason.NONE : Reason.MISS);
    if (isThere) {
      lastMs.put(port, nowMs);
      packets.merge(port, 1L, Long::sum);
    }
  }

  private Either<OffloadError, Flow> offer(Site site, int port) {
    Either<OffloadError, Flow> taken =
        site.table().offer(new FlowOffer(tuple(port), LAN, Duration.ZERO));
    if (taken.isRight()) {
      lastMs.put(port, nowMs);
      packets.putIfAbsent(port, 0L);
    }
    return taken;
  }

  /**
   * Up to 128 flows are looked at all of them, so that the model knows who goes: those that were
   * idle longest, and only if they were idle for long enough.
   */
  @Property(tries = 60)
  void shouldEvictTheLongestIdleOfThoseLookedAt(
      @ForAll Random random,
      @ForAll @IntRange(min = 0, max = 7) int log,
      @ForAll @IntRange(min = 1, max = 400) int leastIdleMs) {
    int capacity = 1 << log;
    Site site = site(capacity, Duration.ofMillis(leastIdleMs));
    site.rig().withoutExplaining();
    for (int turn = 0; turn < 400; turn++) {
      int port = 1 + random.nextInt(2 * capacity);
      if (random.nextInt(3) == 0) {
        nowMs += random.nextInt(50);
        site.table().tick(nowMs * MS);
      } else if (random.nextBoolean()) {
        send(site, port);
      } else {
        judge(site, port, capacity, leastIdleMs);
      }
      assertThat(site.table().size()).isEqualTo(lastMs.size());
    }
    assertThat(site.table().removals().get(Cause.EVICTED).getOrElse(0L)).isEqualTo(evicted);
  }

  private void judge(Site site, int port, int capacity, int leastIdleMs) {
    Map<Integer, Long> before = new HashMap<>(lastMs);
    Either<OffloadError, Flow> taken = offer(site, port);
    if (before.containsKey(port) || before.size() < capacity) {
      assertThat(taken.isRight()).isTrue();
      return;
    }
    long oldest = before.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    if (nowMs - oldest < leastIdleMs) {
      assertThat(taken.getLeft()).isEqualTo(new OffloadError.NoneIdle(128, leastIdleMs));
      assertThat(lastMs).isEqualTo(before);
      return;
    }
    assertThat(taken.isRight()).isTrue();
    before.forEach((flow, last) -> {
      if (!lastMs.containsKey(flow)) {
        // Nobody who stays was idle for longer.
        assertThat(lastMs.values()).allMatch(stays -> stays >= last);
      }
    });
  }

  /** Flows that see packets stay, however many others come and go. */
  @Property(tries = 3)
  void shouldKeepEstablishedFlowsThroughAFlood(@ForAll Random random) {
    int capacity = 1024;
    Site site = site(capacity, Duration.ofMillis(100));
    site.rig().withoutExplaining();
    for (int port = 1; port <= 100; port++) {
      assertThat(offer(site, port).isRight()).isTrue();
    }
    int next = 1000;
    long refused = 0;
    for (int round = 0; round < 40; round++) {
      nowMs += 50;
      site.table().tick(nowMs * MS);
      for (int port = 1; port <= 100; port++) {
        send(site, port); // some of them more often
        if (random.nextBoolean()) {
          send(site, port);
        }
      }
      for (int flood = 0; flood < 500; flood++) {
        refused += offer(site, next++).isLeft() ? 1 : 0;
      }
    }
    for (int port = 1; port <= 100; port++) {
      assertThat(lastMs).containsKey(port);
      send(site, port);
    }
    assertThat(evicted).isGreaterThan(5000);
    assertThat(refused).isLessThan(15_000);
  }
}
