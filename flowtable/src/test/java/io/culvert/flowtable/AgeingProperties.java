package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.fixture.Site;
import io.culvert.wire.IpAddress;
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
  private List<Ways> ways = List.of();

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

  /** Every other flow is of IPv6. */
  private static boolean isV6(int number) {
    return number % 2 != 0;
  }

  private static IpAddress host(boolean six) {
    return ip(six ? "2001:db8:1::2" : "10.1.0.2");
  }

  private static IpAddress server(boolean six) {
    return ip(six ? "2001:db8:4::2" : "10.4.0.2");
  }

  private static FlowTuple tuple(int number) {
    boolean six = isV6(number);
    return new FlowTuple(host(six), server(six), 17, number >>> 14, number & 0x3fff);
  }

  private record Ways(Way out, Way back) {
    static Ways of(FlowTable table, boolean six) {
      return new Ways(
          table.way(host(six), server(six)).get(), table.way(server(six), host(six)).get());
    }
  }

  /** A table whose clock runs. */
  private FlowTable table(FlowListener listener) {
    FlowTable table = Site.of(Site.config().withFlows(FLOWS, FLOWS)).table();
    table.listener(listener);
    table.tick(0);
    ways = List.of(Ways.of(table, false), Ways.of(table, true));
    return table;
  }

  private FlowListener judge() {
    return new FlowListener() {
      @Override
      public void removed(Flow flow, Cause cause, FlowCounters counters) {
        told++;
        Long deadline = deadlines.remove(number(flow.tuple()));
        if (deadline == null || deadline > nowMs || cause != Cause.EXPIRED) {
          wrong.add(flow.tuple() + " " + cause + " at " + nowMs + ", due " + deadline);
        }
      }
    };
  }

  private void offer(List<RoutedOffer> offers, int number, int timeoutMs) {
    FlowOffer flow = new FlowOffer(tuple(number), LAN, Duration.ofMillis(timeoutMs));
    Ways mine = ways.get(isV6(number) ? 1 : 0);
    offers.add(new RoutedOffer(flow, mine.out(), mine.back()));
    if (timeoutMs != 0) {
      deadlines.put(number, nowMs + timeoutMs);
    } else {
      deadlines.remove(number);
    }
  }

  private List<RoutedOffer> all(int timeoutMs) {
    List<RoutedOffer> offers = new ArrayList<>();
    for (int number = 0; number < FLOWS; number++) {
      offer(offers, number, timeoutMs);
    }
    return offers;
  }

  /** No flow goes early, none goes later than a round and a tick after its time. */
  @Property(tries = 8)
  void shouldExpireEachFlowInTimeAndNotBefore(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 300) int step) {
    FlowTable table = table(judge());
    while (nowMs < 6000) {
      List<RoutedOffer> offers = new ArrayList<>();
      for (int i = random.nextInt(Math.min(3000, 20 * step)); i > 0 && nowMs < 3000; i--) {
        int timeoutMs = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2000);
        offer(offers, random.nextInt(FLOWS), timeoutMs);
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
    FlowTable table = table(FlowListener.NONE);
    List<RoutedOffer> offers = all(10);
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
    FlowTable table = table(FlowListener.NONE);
    table.offerAll(all(0));
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
