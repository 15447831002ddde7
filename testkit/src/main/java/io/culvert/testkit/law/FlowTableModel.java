package io.culvert.testkit.law;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowListener;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.router.Forwarding;
import io.culvert.wire.IpProtocol;
import io.vavr.collection.List;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flow table as a plain map, fed by its listener and by what was done to it: which flows there
 * are, what they carried, when they were last seen, whether they are stale. Not for several
 * threads.
 */
final class FlowTableModel implements FlowListener {
  private static final int SYN = 0x02;

  private final Map<Key, Entry> flows = new LinkedHashMap<>();
  private final long closingMs;
  private long nowMs;
  private int step;
  private String problem = "";

  /**
   * Nothing yet.
   *
   * @param closingMs how long a closing TCP flow waits for a packet
   */
  FlowTableModel(long closingMs) {
    this.closingMs = closingMs;
  }

  private record Key(FlowTuple tuple, int ingress) {
    static Key of(Flow flow) {
      return new Key(flow.tuple(), flow.ingress());
    }

    static Key ofReply(Flow flow) {
      return new Key(flow.replyTuple(), flow.original().devices().head());
    }
  }

  private static final class Entry {
    final Flow flow;
    FlowCounters counters = FlowCounters.ZERO;
    final int step;
    long lastMs;
    boolean isStale;
    boolean isClosing;
    boolean isReopened;
    boolean isUncertain;

    Entry(Flow flow, long lastMs, int step) {
      this.flow = flow;
      this.lastMs = lastMs;
      this.step = step;
    }

    boolean isExpired(long nowMs, long closingMs) {
      long timeoutMs = flow.idleTimeout().toMillis();
      boolean isShorter = isClosing && (timeoutMs == 0 || closingMs < timeoutMs);
      long limitMs = isShorter ? closingMs : timeoutMs;
      return limitMs > 0 && nowMs - lastMs >= limitMs;
    }
  }

  private void fail(String what) {
    problem = problem.isEmpty() ? what : problem;
  }

  @Override
  public void added(Flow flow) {
    if (flows.put(Key.of(flow), new Entry(flow, nowMs, step)) != null) {
      fail("added twice: " + flow.tuple());
    }
  }

  @Override
  public void refreshed(Flow flow) {
    Entry same = flows.remove(Key.of(flow));
    Entry turned = same == null ? flows.remove(Key.ofReply(flow)) : null;
    Entry fresh = new Entry(flow, nowMs, step);
    if (same != null) {
      fresh.counters = same.counters;
    } else if (turned != null) {
      fresh.counters = turned.counters.reversed();
    } else {
      fail("refreshed, but it was not there: " + flow.tuple());
    }
    flows.put(Key.of(flow), fresh);
  }

  @Override
  public void removed(Flow flow, Cause cause, FlowCounters counters) {
    Entry entry = flows.remove(Key.of(flow));
    if (entry == null) {
      fail("removed, but it was not there: " + flow.tuple());
    } else if (!entry.counters.equals(counters)) {
      fail("removed with " + counters + " in place of " + entry.counters);
    } else if (cause == Cause.EXPIRED && !mayExpire(entry)) {
      fail("expired " + (nowMs - entry.lastMs) + " ms after its last packet: " + flow);
    } else if (cause == Cause.CLOSED && !entry.isReopened && !entry.isUncertain) {
      fail("closed, but no connection began in its place: " + flow);
    }
  }

  private boolean mayExpire(Entry entry) {
    return entry.isExpired(nowMs, closingMs)
        || (entry.isUncertain && nowMs - entry.lastMs >= closingMs);
  }

  /** Time is now so much, and the table will know before the next comparison. */
  void now(long ms) {
    nowMs = ms;
  }

  /** A packet arrives. */
  void begin() {
    step++;
  }

  /**
   * The fast path may have told a flow of a packet with SYN, FIN or RST of which nobody says whose
   * it is: the slow path did not forward it.
   */
  void edgeOfSomebody() {
    flows.values().stream()
        .filter(entry -> entry.flow.tuple().protocol() == IpProtocol.TCP)
        .forEach(entry -> entry.isUncertain = true);
  }

  /** The fast path has told the flow of a packet with SYN, FIN or RST, if it has one. */
  void edge(Forwarding f) {
    Key key = new Key(f.tuple(), f.ingressDevice());
    boolean isSyn = (f.tcpFlags() & SYN) != 0;
    for (Entry entry : flows.values()) {
      boolean isIt = Key.of(entry.flow).equals(key) || Key.ofReply(entry.flow).equals(key);
      // One that this very packet's slow path has offered is open again.
      if (isIt && entry.step != step && entry.isClosing == isSyn && !entry.isReopened) {
        entry.isClosing = true;
        entry.isReopened = isSyn;
        entry.isStale |= isSyn;
        entry.lastMs = nowMs;
      }
    }
  }

  /** Everything is stale. */
  void policyChanged() {
    flows.values().forEach(entry -> entry.isStale = true);
  }

  /** What uses a device is stale. */
  void invalidated(int ifindex) {
    flows.values().stream()
        .filter(e ->
            e.flow.original().devices().contains(ifindex)
                || e.flow.reply().devices().contains(ifindex))
        .forEach(entry -> entry.isStale = true);
  }

  /** The fast path forwarded a packet. */
  void forwarded(Forwarding f) {
    FlowTuple tuple = f.tuple();
    Key key = new Key(tuple, f.ingressDevice());
    @Nullable Entry original = flows.get(key);
    int bytes = f.packet().length;
    if (original != null) {
      count(original, new FlowCounters(1, bytes, 0, 0));
      return;
    }
    flows.values().stream()
        .filter(entry -> Key.ofReply(entry.flow).equals(key))
        .findFirst()
        .ifPresentOrElse(
            entry -> count(entry, new FlowCounters(0, 0, 1, bytes)),
            () -> fail("the fast path forwarded a packet of no flow: " + tuple));
  }

  private void count(Entry entry, FlowCounters more) {
    if (entry.isStale) {
      fail("the fast path forwarded a packet of a stale flow: " + entry.flow.tuple());
    }
    entry.counters = entry.counters.plus(more);
    entry.lastMs = nowMs;
  }

  /**
   * What differs between the table and the model; empty if nothing does.
   *
   * @param hasTicked true if the table's clock was the last that was touched
   */
  String difference(FlowTable table, boolean hasTicked) {
    if (!problem.isEmpty()) {
      return problem;
    }
    if (table.size() != flows.size()
        || !table.flows().toSet().equals(List.ofAll(flows.values()).map(e -> e.flow).toSet())) {
      return "flows " + table.flows().map(Flow::tuple) + " in place of " + flows.keySet();
    }
    for (Entry entry : flows.values()) {
      FlowCounters counters = table.counters(entry.flow);
      if (!counters.equals(entry.counters)) {
        return counters + " in place of " + entry.counters + " for " + entry.flow.tuple();
      }
      if (!table.flow(entry.flow.tuple(), entry.flow.ingress()).contains(entry.flow)) {
        return "no flow " + entry.flow.tuple() + " by device " + entry.flow.ingress();
      }
      if (entry.isReopened && hasTicked && !entry.isUncertain) {
        return "another connection began in its place, and it is still there: " + entry.flow;
      }
      if (entry.isExpired(nowMs, closingMs) && !entry.isUncertain) {
        return "idle for " + (nowMs - entry.lastMs) + " ms and still there: " + entry.flow;
      }
    }
    return "";
  }
}
