package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.Snapshots;
import io.culvert.flowtable.worker.Reason;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * A whole table with its worker beside a plain map: what is done to the one is done to the other,
 * and told from the rules alone.
 */
final class FlowTableMap {
  static final int FLOWS = 40;
  private static final int TIMEOUT_MS = 1000;
  private static final int CLOSING_MS = 750;

  /** Room for IPv6 flows: two less than there are. */
  private static final int SIXES = 8;

  private static final long MS = 1_000_000;
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int ACK = 16;

  private static final class Entry {
    long[] packets = {0, 0}; // from the LAN, to it
    boolean isTurned;
    boolean isStale;
    boolean isClosing;
    boolean isReopened;
    long lastMs;

    void offered(boolean fromBehind, long nowMs) {
      isTurned = fromBehind;
      isStale = false;
      isClosing = false;
      isReopened = false;
      lastMs = nowMs;
    }

    boolean isExpired(long nowMs) {
      return nowMs - lastMs >= (isClosing ? CLOSING_MS : TIMEOUT_MS);
    }
  }

  private final Map<Integer, Entry> flows = new TreeMap<>();
  private final Map<FlowListener.Cause, Long> left = new HashMap<>();
  private final Map<String, Long> refusals = new HashMap<>();
  private Site site = site();
  private boolean isClosed;
  private long nowMs;
  private int pathMtu = Integer.MAX_VALUE;
  private int fast;
  private int slow;

  FlowTableMap() {
    site.table().tick(0);
  }

  private static Site site() {
    Duration any = Duration.ofHours(1); // offers say how long
    return Site.of(
        Site.config()
            .withFlows(64, SIXES)
            .withMemory(TableMemory.growing(2, 1))
            .withTemplates(64)
            .withTimeouts(new Timeouts(any, any, Duration.ofMillis(CLOSING_MS))));
  }

  private static FlowOffer offer(int flow, boolean isTurned) {
    Duration timeout = Duration.ofMillis(TIMEOUT_MS);
    return isTurned
        ? new FlowOffer(NumberedFlows.tuple(flow).reversed(), NumberedFlows.far(flow), timeout)
        : new FlowOffer(NumberedFlows.tuple(flow), LAN, timeout);
  }

  void offer(int flow, int times, boolean isTurned) {
    for (int number = flow; number < flow + times; number++) {
      int offered = number % FLOWS;
      Option<String> refusal = refusal(offered);
      assertThat(site.table().offer(offer(offered, isTurned)).swap().toOption())
          .extracting(OffloadError::label)
          .containsExactlyElementsOf(refusal);
      if (refusal.isDefined()) {
        refusals.merge(refusal.get(), 1L, Long::sum);
      } else {
        flows.computeIfAbsent(offered, _ -> new Entry()).offered(isTurned, nowMs);
      }
    }
  }

  /** Why a flow is not taken. One that is there is nobody's question, and has its place. */
  private Option<String> refusal(int flow) {
    if (flows.containsKey(flow)) {
      return Option.none();
    }
    boolean isFull =
        NumberedFlows.isSix(flow)
            && flows.keySet().stream().filter(NumberedFlows::isSix).count() == SIXES;
    return isClosed ? Option.some("excluded-closed") : Option.when(isFull, "table-full");
  }

  /** New flows are refused from now on, or taken. */
  void admission(boolean closed) {
    isClosed = closed;
    site.table().admission(closed ? Admission.excluding("closed", _ -> true) : Admission.ALL);
  }

  void remove(int flow, boolean isTurned) {
    Entry entry = flows.get(flow);
    boolean isNamed = entry != null && entry.isTurned == isTurned;
    FlowTuple name = isTurned ? NumberedFlows.tuple(flow).reversed() : NumberedFlows.tuple(flow);
    assertThat(site.table().remove(name, isTurned ? NumberedFlows.far(flow) : LAN))
        .isEqualTo(isNamed);
    if (isNamed) {
      drop(FlowListener.Cause.REMOVED, number -> number == flow);
    }
  }

  private int drop(FlowListener.Cause cause, IntPredicate which) {
    List<Integer> gone = flows.keySet().stream().filter(which::test).toList();
    gone.forEach(flows::remove);
    if (!gone.isEmpty()) {
      left.merge(cause, (long) gone.size(), Long::sum);
    }
    return gone.size();
  }

  void send(int flow, boolean isBack) {
    Entry entry = flows.get(flow);
    Reason reason = sent(flow, isBack, ACK);
    if (entry == null) {
      slow++;
      // Nobody has told the table of a tunnel that no flow uses.
      assertThat(reason).isIn(Reason.MISS, Reason.PROTOCOL);
    } else if (entry.isStale) {
      slow++;
      assertThat(reason).isEqualTo(Reason.STALE);
    } else {
      fast++;
      assertThat(reason).isEqualTo(Reason.NONE);
      entry.packets[isBack ? 1 : 0]++;
      entry.lastMs = nowMs;
    }
  }

  private Reason sent(int flow, boolean isBack, int tcpFlags) {
    byte[] packet = NumberedFlows.packet(flow, isBack, tcpFlags);
    return isBack
        ? site.rig().send(WAN, NumberedFlows.fromFar(flow, packet)).reason()
        : site.rig().send(LAN, Site.fromHost(packet)).reason();
  }

  /**
   * The next TCP flow's connection begins or ends; the slow path's packet, also of a stale flow.
   */
  void edge(int near, boolean isBack, boolean isSyn) {
    int flow = isSyn && near % 4 != 0 ? closing(near) : NumberedFlows.tcp(near, FLOWS);
    Entry entry = flows.get(flow);
    Reason reason = sent(flow, isBack, isSyn ? SYN : FIN);
    if (entry == null) {
      assertThat(reason).isIn(Reason.TCP_STATE, Reason.PROTOCOL);
      return;
    }
    assertThat(reason).isEqualTo(Reason.TCP_STATE);
    if (isSyn && entry.isClosing && !entry.isReopened) {
      entry.isReopened = true;
      entry.isStale = true;
      entry.lastMs = nowMs;
    } else if (!isSyn && !entry.isClosing) {
      entry.isClosing = true;
      entry.lastMs = nowMs;
    }
  }

  /** Mostly one for which it means something: there are few. */
  private int closing(int near) {
    List<Integer> all = flows.keySet().stream().filter(flow -> entry(flow).isClosing).toList();
    return all.isEmpty() ? NumberedFlows.tcp(near, FLOWS) : all.get(near % all.size());
  }

  void policyChanged() {
    site.table().policyChanged();
    flows.values().forEach(entry -> entry.isStale = true);
  }

  void invalidate(int device) {
    assertThat(site.table().invalidate(device)).isEqualTo(stale(flow -> passes(flow, device)));
  }

  private int stale(IntPredicate which) {
    List<Integer> concerned = flows.keySet().stream().filter(which::test).toList();
    concerned.forEach(flow -> entry(flow).isStale = true);
    return concerned.size();
  }

  private Entry entry(int flow) {
    return Objects.requireNonNull(flows.get(flow));
  }

  private static boolean passes(int flow, int device) {
    return device == LAN || device == WAN || device == NumberedFlows.far(flow);
  }

  void teardown(int device) {
    assertThat(site.table().teardown(device))
        .isEqualTo(drop(FlowListener.Cause.REMOVED, flow -> passes(flow, device)));
  }

  /** Of the toy tunnel, IPv6 in it included. */
  void pathMtu(int mtu) {
    int concerned = site.table().pathMtu(ip("192.0.2.9"), mtu).get();
    assertThat(concerned)
        .isEqualTo(mtu < pathMtu ? stale(flow -> NumberedFlows.far(flow) == TOY) : 0);
    pathMtu = Math.min(pathMtu, mtu);
  }

  void tick(int ms) {
    nowMs += ms;
    int closed = drop(FlowListener.Cause.CLOSED, flow -> entry(flow).isReopened);
    int expired = drop(FlowListener.Cause.EXPIRED, flow -> entry(flow).isExpired(nowMs));
    assertThat(site.table().tick(nowMs * MS)).isEqualTo(closed + expired);
  }

  /** Another table takes over, which knows no path MTU, nor what left before. */
  void restart() {
    Site old = site;
    site = site();
    site.table().tick(0);
    long restored = site.table().restore(Snapshots.of(old.table()), Admission.ALL).restored();
    flows.values().removeIf(entry -> entry.isStale);
    assertThat(restored).isEqualTo(flows.size());
    flows.values().forEach(entry -> entry.lastMs -= nowMs);
    nowMs = 0;
    left.clear();
    refusals.clear();
    isClosed = false;
    pathMtu = Integer.MAX_VALUE;
  }

  /** The table has what the map has, to the packet. */
  void check() {
    FlowTable table = site.table();
    assertThat(table.size()).isEqualTo(flows.size());
    assertThat(table.removals().toJavaMap()).isEqualTo(left);
    assertThat(table.refusals().toJavaMap()).isEqualTo(refusals);
    Map<FlowTuple, FlowCounters> expected = new HashMap<>();
    flows.forEach((flow, entry) -> {
      long bytes = NumberedFlows.packet(flow, false, ACK).length;
      FlowCounters counters =
          new FlowCounters(
              entry.packets[0],
              entry.packets[0] * bytes,
              entry.packets[1],
              entry.packets[1] * bytes);
      expected.put(
          entry.isTurned ? NumberedFlows.tuple(flow).reversed() : NumberedFlows.tuple(flow),
          entry.isTurned ? counters.reversed() : counters);
    });
    Map<FlowTuple, FlowCounters> found = new HashMap<>();
    table.flows().forEach(flow -> found.put(flow.tuple(), table.counters(flow)));
    assertThat(found).isEqualTo(expected);
    table
        .dump()
        .forEach(status -> {
          FlowTuple name = status.flow().tuple();
          int flow = Math.min(name.sourcePort(), name.destinationPort()) - 1000;
          Entry entry = entry(flow);
          assertThat(status.isValid()).isEqualTo(!entry.isStale);
          assertThat(status.isClosing()).isEqualTo(entry.isClosing);
          assertThat(status.idleMs()).isEqualTo(nowMs - entry.lastMs);
        });
  }

  int fast() {
    return fast;
  }

  int slow() {
    return slow;
  }
}
