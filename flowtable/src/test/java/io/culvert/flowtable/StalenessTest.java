package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.NESTED;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changed sends flows to the slow path until they are offered again; time removes them. */
class StalenessTest {
  private static final long MS = 1_000_000;
  private static final String[] ALL = {"10.2.0.2", "10.3.0.2", "10.4.0.2", "10.6.0.2"};

  private final Site site = Site.exact();
  private final FlowTable table = site.table();
  private final List<String> events = new ArrayList<>();

  @BeforeEach
  void listen() {
    table.listener(
        new FlowListener() {
          @Override
          public void added(Flow flow) {
            events.add("added " + flow.tuple().destination());
          }

          @Override
          public void refreshed(Flow flow) {
            events.add("refreshed " + flow.tuple().destination());
          }

          @Override
          public void removed(Flow flow, Cause cause, FlowCounters counters) {
            events.add(cause + " " + flow.tuple().destination() + " " + counters.originalPackets());
          }
        });
  }

  private Reason out(String there) {
    return site.rig().send(LAN, fromHost(packet(there))).reason();
  }

  private void acceptAll() {
    for (String there : ALL) {
      site.accept(there);
    }
  }

  private static FlowOffer timed(String there, Duration timeout) {
    return new FlowOffer(tuple(there), LAN, timeout);
  }

  @Test
  void shouldSendEveryFlowToTheSlowPathWhenThePolicyChangedUntilItIsOfferedAgain() {
    acceptAll();
    table.policyChanged();
    for (String there : ALL) {
      assertThat(out(there)).isEqualTo(Reason.STALE);
      site.accept(there);
      assertThat(out(there)).isEqualTo(Reason.NONE);
    }
    assertThat(site.rig().send(WAN, fromGateway(answer("10.4.0.2"))).reason())
        .isEqualTo(Reason.NONE);
    assertThat(table.size()).isEqualTo(ALL.length);
    assertThat(events).filteredOn(event -> event.startsWith("refreshed")).hasSize(ALL.length);
  }

  @Test
  void shouldInvalidateExactlyTheFlowsThatUseADevice() {
    acceptAll();
    assertThat(table.invalidate(BARE)).isEqualTo(1);
    assertThat(out("10.3.0.2")).isEqualTo(Reason.STALE);
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    assertThat(table.invalidate(TOY)).isEqualTo(2);
    assertThat(out("10.2.0.2")).isEqualTo(Reason.STALE);
    assertThat(out("10.6.0.2")).isEqualTo(Reason.STALE);
    assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
    assertThat(table.invalidate(NESTED)).isEqualTo(1);
    assertThat(table.invalidate(LAN)).isEqualTo(4);
    assertThat(table.invalidate(99)).isZero();
    assertThat(site.rig().send(WAN, fromGateway(answer("10.4.0.2"))).reason())
        .isEqualTo(Reason.STALE);
    acceptAll();
    for (String there : ALL) {
      assertThat(out(there)).isEqualTo(Reason.NONE);
    }
  }

  @Test
  void shouldExpireAFlowExactlyWhenItWasIdleForItsTimeout() {
    table.tick(7 * MS);
    site.accept(timed("10.4.0.2", Duration.ofMillis(100)));
    assertThat(table.tick(107 * MS - 1)).isZero();
    assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
    assertThat(table.tick(205 * MS)).isZero();
    // The packet was seen when the clock stood at 99 ms.
    assertThat(table.tick(206 * MS - 1)).isZero();
    assertThat(table.tick(206 * MS)).isEqualTo(1);
    assertThat(out("10.4.0.2")).isEqualTo(Reason.MISS);
    assertThat(events).containsExactly("added 10.4.0.2", "EXPIRED 10.4.0.2 1");
  }

  @Test
  void shouldKeepAFlowAliveByEitherDirection() {
    table.tick(0);
    site.accept(timed("10.4.0.2", Duration.ofMillis(100)));
    for (int ms = 90; ms <= 900; ms += 90) {
      assertThat(table.tick(ms * MS)).isZero();
      if (ms % 180 == 0) {
        assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
      } else {
        assertThat(site.rig().send(WAN, fromGateway(answer("10.4.0.2"))).reason())
            .isEqualTo(Reason.NONE);
      }
    }
    assertThat(table.tick(1000 * MS)).isEqualTo(1);
  }

  @Test
  void shouldCountTimeFromTheFirstTickWhereverItsZeroIs() {
    for (long zero : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE - 50 * MS, -3}) {
      Site other = Site.exact();
      assertThat(other.table().tick(zero)).isZero();
      other.accept(timed("10.4.0.2", Duration.ofMillis(100)));
      assertThat(other.table().tick(zero + 99 * MS)).isZero();
      assertThat(other.table().tick(zero + 100 * MS)).isEqualTo(1);
    }
  }

  @Test
  void shouldIgnoreAClockThatGoesBack() {
    table.tick(1000 * MS);
    site.accept(timed("10.4.0.2", Duration.ofMillis(100)));
    assertThat(table.tick(1060 * MS)).isZero();
    assertThat(table.tick(900 * MS)).isZero();
    assertThat(table.tick(Long.MIN_VALUE / 2)).isZero();
    assertThat(table.tick(1099 * MS)).isZero();
    assertThat(table.tick(1100 * MS)).isEqualTo(1);
  }

  @Test
  void shouldNeverExpireAFlowWithoutTimeout() {
    table.tick(0);
    site.accept("10.4.0.2");
    for (long day : new long[] {1, 24, 25, 30, 49, 50, 1000}) {
      assertThat(table.tick(Duration.ofDays(day).toNanos())).isZero();
    }
    assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
  }

  /** The longest timeout there is, over the wrap of the 32-bit millisecond clock. */
  @Test
  void shouldTellTimeAcrossTheWrapOfItsClock() {
    table.tick(0);
    for (long hour = 0; hour < 1200; hour += 12) {
      table.tick(Duration.ofHours(hour).toNanos());
      if (hour % 576 == 0) {
        site.accept(timed("10.4.0.2", Duration.ofDays(24)));
      }
      assertThat(table.size()).isEqualTo(1);
    }
  }

  /** A gap longer than the 32-bit clock can tell, as between two captures of other months. */
  @Test
  void regression_shouldExpireFlowsAfterAGapOfAMonth() {
    for (int days : new int[] {24, 25, 30, 45, 50, 60, 365, 10_000}) {
      Site other = Site.exact();
      other.table().tick(0);
      other.accept(timed("10.4.0.2", Duration.ofSeconds(30)));
      assertThat(other.table().tick(Duration.ofDays(days).toNanos())).as("%d", days).isEqualTo(1);
    }
  }

  @Test
  void shouldGiveStaleFlowsAGraceAndThenRemoveThem() {
    table.tick(0);
    acceptAll();
    table.tick(1000 * MS);
    table.policyChanged();
    site.accept("10.4.0.2");
    assertThat(table.tick(30_999 * MS)).isZero();
    assertThat(out("10.2.0.2")).isEqualTo(Reason.STALE);
    assertThat(table.tick(31_000 * MS)).isEqualTo(3);
    assertThat(table.size()).isEqualTo(1);
    assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
    assertThat(out("10.2.0.2")).isEqualTo(Reason.MISS);
    assertThat(events)
        .contains("INVALIDATED 10.2.0.2 0", "INVALIDATED 10.3.0.2 0", "INVALIDATED 10.6.0.2 0");
    assertThat(table.tick(Duration.ofDays(1).toNanos())).isZero();
  }

  @Test
  void shouldExpireAStaleFlowThatIsIdle() {
    table.tick(0);
    site.accept(timed("10.4.0.2", Duration.ofMillis(100)));
    table.policyChanged();
    assertThat(out("10.4.0.2")).isEqualTo(Reason.STALE);
    assertThat(table.tick(100 * MS)).isEqualTo(1);
    assertThat(events).contains("EXPIRED 10.4.0.2 0");
  }

  @Test
  void shouldTearDownTheFlowsOverADeviceAtOnceAndNoOthers() {
    acceptAll();
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    events.clear();
    assertThat(table.teardown(Site.TOY)).isEqualTo(2); // its own, and what is nested in it
    assertThat(events).containsExactlyInAnyOrder("REMOVED 10.2.0.2 1", "REMOVED 10.6.0.2 0");
    assertThat(out("10.2.0.2")).isEqualTo(Reason.MISS);
    assertThat(out("10.6.0.2")).isEqualTo(Reason.MISS);
    assertThat(out("10.3.0.2")).isEqualTo(Reason.NONE);
    assertThat(out("10.4.0.2")).isEqualTo(Reason.NONE);
    assertThat(table.teardown(Site.TOY)).isZero();
    assertThat(table.teardown(4711)).isZero();
  }
}
