package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.snapshot.Snapshot;
import io.culvert.flowtable.worker.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * A whole table with its worker beside a plain map: what is done to the one is done to the other,
 * and told from the rules alone. The flows are numbered: by the toy tunnel, by the bare one, plain,
 * and over IPv6 in the toy tunnel, in turns.
 */
final class FlowTableMap {
  static final int FLOWS = 40;
  private static final int KINDS = 4;
  private static final int TIMEOUT_MS = 1000;
  private static final int PAYLOAD = 10;
  private static final long MS = 1_000_000;

  private static final class Entry {
    long[] packets = {0, 0}; // from the LAN, to it
    boolean isTurned;
    boolean isStale;
    long lastMs;
  }

  private final Map<Integer, Entry> flows = new TreeMap<>();
  private final Map<FlowListener.Cause, Long> left = new HashMap<>();
  private Site site = site();
  private long nowMs;
  private int pathMtu = Integer.MAX_VALUE;
  private int fast;
  private int slow;

  FlowTableMap() {
    site.table().tick(0);
  }

  private static Site site() {
    return Site.of(
        Site.config().withFlows(64, 16).withMemory(TableMemory.growing(2, 1)).withTemplates(64));
  }

  private static String there(int flow) {
    return new String[] {"10.2.0.2", "10.3.0.2", "10.4.0.2", "2001:db8:2::2"}[flow % KINDS];
  }

  private static int far(int flow) {
    return new int[] {TOY, BARE, WAN, TOY}[flow % KINDS];
  }

  private static boolean isSix(int flow) {
    return flow % KINDS == 3;
  }

  private static String here(int flow) {
    return isSix(flow) ? "2001:db8:1::2" : "10.1.0.2";
  }

  private static FlowTuple tuple(int flow) {
    return new FlowTuple(ip(here(flow)), ip(there(flow)), 17, 1000 + flow, 2000);
  }

  private static byte[] packet(int flow, boolean isBack) {
    String from = isBack ? there(flow) : here(flow);
    String to = isBack ? here(flow) : there(flow);
    byte[] udp =
        Packets.udp(
            isBack ? 2000 : 1000 + flow, isBack ? 1000 + flow : 2000, Packets.payload(PAYLOAD));
    return isSix(flow) ? Packets.ipv6(from, to, 17, udp) : Packets.ipv4(from, to, 17, udp);
  }

  private static byte[] fromFar(int flow, byte... packet) {
    return Site.fromGateway(
        switch (flow % KINDS) {
          case 1 -> Packets.inBare("192.0.2.8", "192.0.2.1", packet);
          case 2 -> packet;
          default -> Site.fromPeer(packet);
        });
  }

  private static FlowOffer offer(int flow, boolean isTurned) {
    Duration timeout = Duration.ofMillis(TIMEOUT_MS);
    return isTurned
        ? new FlowOffer(tuple(flow).reversed(), far(flow), timeout)
        : new FlowOffer(tuple(flow), LAN, timeout);
  }

  void offer(int flow, int times, boolean isTurned) {
    for (int number = flow; number < flow + times; number++) {
      int offered = number % FLOWS;
      site.accept(offer(offered, isTurned));
      Entry entry = flows.computeIfAbsent(offered, _ -> new Entry());
      entry.isTurned = isTurned;
      entry.isStale = false;
      entry.lastMs = nowMs;
    }
  }

  void remove(int flow, boolean isTurned) {
    Entry entry = flows.get(flow);
    boolean isNamed = entry != null && entry.isTurned == isTurned;
    FlowTuple name = isTurned ? tuple(flow).reversed() : tuple(flow);
    assertThat(site.table().remove(name, isTurned ? far(flow) : LAN)).isEqualTo(isNamed);
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
    byte[] packet = packet(flow, isBack);
    Reason reason =
        isBack
            ? site.rig().send(WAN, fromFar(flow, packet)).reason()
            : site.rig().send(LAN, Site.fromHost(packet)).reason();
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
    return device == LAN || device == WAN || device == far(flow);
  }

  void teardown(int device) {
    assertThat(site.table().teardown(device))
        .isEqualTo(drop(FlowListener.Cause.REMOVED, flow -> passes(flow, device)));
  }

  /** Of the toy tunnel, IPv6 in it included. */
  void pathMtu(int mtu) {
    int concerned = site.table().pathMtu(ip("192.0.2.9"), mtu).get();
    assertThat(concerned).isEqualTo(mtu < pathMtu ? stale(flow -> far(flow) == TOY) : 0);
    pathMtu = Math.min(pathMtu, mtu);
  }

  void tick(int ms) {
    nowMs += ms;
    int expired =
        drop(FlowListener.Cause.EXPIRED, flow -> nowMs - entry(flow).lastMs >= TIMEOUT_MS);
    assertThat(site.table().tick(nowMs * MS)).isEqualTo(expired);
  }

  /** Another table takes over, which knows no path MTU, nor what left before. */
  void restart() {
    Site old = site;
    site = site();
    site.table().tick(0);
    long restored = site.table().restore(snapshot(old.table()), Admission.ALL).restored();
    flows.values().removeIf(entry -> entry.isStale);
    assertThat(restored).isEqualTo(flows.size());
    flows.values().forEach(entry -> entry.lastMs -= nowMs);
    nowMs = 0;
    left.clear();
    pathMtu = Integer.MAX_VALUE;
  }

  private static Snapshot snapshot(FlowTable table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Snapshot.write(table, out);
      return Snapshot.read(new ByteArrayInputStream(out.toByteArray())).get();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The table has what the map has, to the packet. */
  void check() {
    FlowTable table = site.table();
    assertThat(table.size()).isEqualTo(flows.size());
    assertThat(table.removals().toJavaMap()).isEqualTo(left);
    Map<FlowTuple, FlowCounters> expected = new HashMap<>();
    flows.forEach((flow, entry) -> {
      long bytes = packet(flow, false).length;
      FlowCounters counters =
          new FlowCounters(
              entry.packets[0],
              entry.packets[0] * bytes,
              entry.packets[1],
              entry.packets[1] * bytes);
      expected.put(
          entry.isTurned ? tuple(flow).reversed() : tuple(flow),
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
