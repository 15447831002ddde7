package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.TcpState;
import io.culvert.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * When flows expire, and how long a stale one may wait. Used by one thread at a time.
 *
 * <p><em>Rounds:</em> flows are looked at in turn, by the number of their entries, each once in a
 * round. A round takes {@value #ROUND_MS} ms: each tick looks at as many flows as the time since
 * the last one is part of that, but at {@value #WHOLE} at least, so that small tables are seen
 * whole. A round begins when the first flow can have expired of those that the last one saw, and
 * when the end of a TCP connection was seen.
 *
 * <p><em>Bounds:</em> a tick looks at no more than {@value #MOST_WORK} flows; one that it removes
 * counts for {@value #REMOVAL}. What is left is the next tick's.
 */
final class Ageing {
  /** How long a stale flow without idle timeout may wait to be offered again. */
  private static final long STALE_GRACE_MS = 30_000;

  static final int WHOLE = 4096;
  static final int MOST_WORK = 1 << 16;
  static final int REMOVAL = 8;
  static final long ROUND_MS = 1000;

  private static final long NEVER = Long.MAX_VALUE;

  private final Flows flows;
  private final PacketState state;
  private final FlowRows[] rows;
  private final int closingMs;
  private long firstTickNs;
  private boolean ticked;
  private long nowMs;
  private long lastSweepMs;
  private long staleSinceMs = NEVER;
  // The round that is under way, if one is:
  private boolean isUnderWay;
  private boolean forgets;
  private int family;
  private int pair;
  // The earliest time at which a flow can expire that this round has seen, and the last one saw.
  private long earliestMs = NEVER;
  private long nextRoundMs = NEVER;

  Ageing(Flows flows, FlowMemory memory, PacketState state, Timeouts timeouts) {
    closingMs = timeouts.closingMillis();
    this.flows = flows;
    this.state = state;
    rows = new FlowRows[] {memory.rows(IpFamily.V4), memory.rows(IpFamily.V6)};
  }

  /** The table's clock in milliseconds. */
  long nowMs() {
    return nowMs;
  }

  /** A flow was added or offered again. */
  void added(FlowRecord flow) {
    int timeoutMs = limitMs(flow.rows(), flow.pair());
    if (timeoutMs != 0) {
      long deadlineMs = nowMs - flow.idleMs(state.clockMs()) + timeoutMs;
      earliestMs = Math.min(earliestMs, deadlineMs);
      nextRoundMs = Math.min(nextRoundMs, deadlineMs);
    }
  }

  /** Some flows have become stale: all that are wait from now on. */
  void stale() {
    staleSinceMs = nowMs;
    forgets = false;
  }

  /** Moves the clock on; going back does nothing. */
  void clock(long nowNanos) {
    if (!ticked) {
      ticked = true;
      firstTickNs = nowNanos;
    }
    long elapsedMs = (nowNanos - firstTickNs) / 1_000_000;
    if (elapsedMs > nowMs) {
      nowMs = elapsedMs;
      state.clockMs((int) nowMs);
      state.publish();
    }
  }

  /** Goes on with the round: removes what it sees that has expired or was stale for too long. */
  int sweep() {
    long elapsedMs = nowMs - lastSweepMs;
    lastSweepMs = nowMs;
    boolean graceIsOver =
        !forgets && staleSinceMs != NEVER && nowMs - staleSinceMs >= STALE_GRACE_MS;
    if (graceIsOver || (!isUnderWay && (state.takeTcpChanges() || nowMs >= nextRoundMs))) {
      begin(graceIsOver);
    }
    if (!isUnderWay) {
      return 0;
    }
    List<FlowRecord> expired = new ArrayList<>();
    List<FlowRecord> forgotten = new ArrayList<>();
    List<FlowRecord> reopened = new ArrayList<>();
    int looks = looks(elapsedMs);
    int work = 0;
    while (isUnderWay && looks > 0 && work < MOST_WORK) {
      FlowRows all = rows[family];
      if (pair == all.end()) {
        nextFamily();
        continue;
      }
      int removed = expired.size() + forgotten.size() + reopened.size();
      if (all.isUsed(pair) && all.tcpState(pair) == TcpState.REOPENED) {
        reopened.add(new FlowRecord(all, pair));
      } else if (all.isUsed(pair)) {
        look(all, expired, forgotten);
      }
      work += expired.size() + forgotten.size() + reopened.size() == removed ? 1 : REMOVAL;
      looks--;
      pair++;
    }
    finishIfSeen();
    return flows.drop(expired, Cause.EXPIRED)
        + flows.drop(forgotten, Cause.INVALIDATED)
        + flows.drop(reopened, Cause.CLOSED);
  }

  /** How many flows a tick looks at. */
  private int looks(long elapsedMs) {
    long all = (long) rows[0].end() + rows[1].end();
    long part = all * Math.min(elapsedMs, ROUND_MS) / ROUND_MS + 1;
    return (int) Math.min(MOST_WORK, Math.max(WHOLE, part));
  }

  private void begin(boolean isToForget) {
    isUnderWay = true;
    forgets = isToForget;
    family = 0;
    pair = 0;
    earliestMs = NEVER;
  }

  /** The last look of a tick may have been the round's last one too. */
  private void finishIfSeen() {
    while (isUnderWay && pair == rows[family].end()) {
      nextFamily();
    }
  }

  private void nextFamily() {
    pair = 0;
    family++;
    if (family == rows.length) {
      isUnderWay = false;
      nextRoundMs = earliestMs;
      staleSinceMs = forgets ? NEVER : staleSinceMs;
      forgets = false;
    }
  }

  /** Milliseconds without a packet after which a flow expires, as it is now; 0 for never. */
  int limitMs(FlowRows all, int flow) {
    return (int) limitMs(all.timeoutMs(flow), all.tcpState(flow) != TcpState.OPEN);
  }

  /** The same of a flow with this timeout of its own. */
  long limitMs(long ownMs, boolean isClosing) {
    return !isClosing || (ownMs != 0 && ownMs < closingMs) ? ownMs : closingMs;
  }

  private void look(FlowRows all, List<FlowRecord> expired, List<FlowRecord> forgotten) {
    int timeoutMs = limitMs(all, pair);
    long idleMs = timeoutMs == 0 ? 0 : all.idleMs(pair, state.clockMs());
    if (timeoutMs != 0 && idleMs >= timeoutMs) {
      expired.add(new FlowRecord(all, pair));
    } else if (forgets && all.generation(pair) != state.generation()) {
      forgotten.add(new FlowRecord(all, pair));
    } else if (timeoutMs != 0) {
      earliestMs = Math.min(earliestMs, nowMs - idleMs + timeoutMs);
    }
  }
}
