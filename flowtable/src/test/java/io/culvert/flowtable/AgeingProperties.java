package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * A table larger than a tick looks at, beside a plain map from flow to the time at which it may go.
 */
class AgeingProperties {
  private static final long MS = 1_000_000;
  private static final int FLOWS = 12_000;

  private final Map<Integer, Long> deadlines = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private long nowMs;
  private long tickMs;
  private int told;

  @BeforeTry
  void forget() {
    deadlines.clear();
    wrong.clear();
    nowMs = 0;
    told = 0;
  }

  private static int number(FlowTuple tuple) {
    return (tuple.sourcePort() << 14) | tuple.destinationPort();
  }

  private static FlowTuple tuple(int number) {
    return new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 17, number >>> 14, number & 0x3fff);
  }

  private Site site() {
    Site site = Site.of(Site.config().withFlows(FLOWS, 1));
    site.table()
        .listener(
            new FlowListener() {
              @Override
              public void removed(Flow flow, Cause cause, FlowCounters counters) {
                told++;
                Long deadline = deadlines.remove(number(flow.tuple()));
                if (deadline == null || deadline > nowMs || cause != Cause.EXPIRED) {
                  wrong.add(flow.tuple() + " " + cause + " at " + nowMs + ", due " + deadline);
                }
              }
            });
    return site;
  }

  private void offer(List<RoutedOffer> offers, Way out, Way back, int number, int timeoutMs) {
    FlowOffer flow = new FlowOffer(tuple(number), LAN, Duration.ofMillis(timeoutMs));
    offers.add(new RoutedOffer(flow, out, back));
    if (timeoutMs != 0) {
      deadlines.put(number, nowMs + timeoutMs);
    } else {
      deadlines.remove(number);
    }
  }

  /** No flow goes early, none goes later than a round and a tick after its time. */
  @Property(tries = 15)
  void shouldExpireEachFlowInTimeAndNotBefore(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 300) int step) {
    Site site = site();
    FlowTable table = site.table();
    table.tick(0);
    Way out = table.way(ip("10.1.0.2"), ip("10.4.0.2")).get();
    Way back = table.way(ip("10.4.0.2"), ip("10.1.0.2")).get();
    while (nowMs < 6000) {
      List<RoutedOffer> offers = new ArrayList<>();
      for (int i = random.nextInt(3000); i > 0 && nowMs < 3000; i--) {
        int timeoutMs = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2000);
        offer(offers, out, back, random.nextInt(FLOWS), timeoutMs);
      }
      assertThat(table.offerAll(offers).refusals()).isEmpty();
      tickMs = nowMs;
      nowMs += 1 + random.nextInt(step);
      int before = told;
      int size = table.size();
      assertThat(table.tick(nowMs * MS)).isEqualTo(told - before).isEqualTo(size - table.size());
      assertThat(wrong).isEmpty();
      long latest = tickMs - Ageing.ROUND_MS;
      assertThat(deadlines.values()).allMatch(deadline -> deadline > latest - step);
    }
    assertThat(deadlines).isEmpty();
  }

  /** All at once: no tick does more than it may, and all of it is done in time. */
  @Property(tries = 1)
  void shouldRemoveManyInSeveralTicks() {
    FlowTable table = Site.of(Site.config().withFlows(FLOWS, 1)).table();
    table.tick(0);
    Way out = table.way(ip("10.1.0.2"), ip("10.4.0.2")).get();
    Way back = table.way(ip("10.4.0.2"), ip("10.1.0.2")).get();
    List<RoutedOffer> offers = new ArrayList<>();
    for (int number = 0; number < FLOWS; number++) {
      offer(offers, out, back, number, 10);
    }
    assertThat(table.offerAll(offers).accepted()).isEqualTo(FLOWS);
    int most = Ageing.MOST_WORK / Ageing.REMOVAL;
    assertThat(table.tick(60_000 * MS)).isEqualTo(most);
    assertThat(table.tick(60_001 * MS)).isEqualTo(FLOWS - most);
    assertThat(table.tick(60_002 * MS)).isZero();
    // Entries are used again from here on.
    assertThat(table.offerAll(offers).accepted()).isEqualTo(FLOWS);
  }

  /** Stale flows go when their grace is over; new staleness in the middle gives all a new one. */
  @Property(tries = 1)
  void shouldForgetStaleFlowsInOneRoundUnlessMoreBecomeStale() {
    FlowTable table = Site.of(Site.config().withFlows(FLOWS, 1)).table();
    table.tick(0);
    Way out = table.way(ip("10.1.0.2"), ip("10.4.0.2")).get();
    Way back = table.way(ip("10.4.0.2"), ip("10.1.0.2")).get();
    List<RoutedOffer> offers = new ArrayList<>();
    for (int number = 0; number < FLOWS; number++) {
      offer(offers, out, back, number, 0);
    }
    table.offerAll(offers);
    table.policyChanged();
    assertThat(table.tick(29_999 * MS)).isZero();
    int gone = table.tick(30_000 * MS);
    assertThat(gone).isBetween(Ageing.WHOLE, FLOWS - 1);
    table.policyChanged();
    for (int ms = 30_001; ms < 60_000; ms += 100) {
      assertThat(table.tick(ms * MS)).isZero();
    }
    for (int ms = 60_000; ms <= 61_000; ms += 100) {
      gone += table.tick(ms * MS);
    }
    assertThat(gone).isEqualTo(FLOWS);
    assertThat(table.removals().get(Cause.INVALIDATED)).contains((long) FLOWS);
  }
}
