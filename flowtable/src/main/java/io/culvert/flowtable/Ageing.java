package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.table.PacketState;
import java.util.ArrayList;
import java.util.List;

/** When flows expire, and how long a stale one may wait. Used by one thread at a time. */
final class Ageing {
  /** How long a stale flow without idle timeout may wait to be offered again. */
  private static final long STALE_GRACE_MS = 30_000;

  private final Flows flows;
  private final PacketState state;
  private long firstTickNs;
  private boolean ticked;
  private long nowMs;
  private long nextSweepMs = Long.MAX_VALUE;
  private long staleSinceMs = Long.MAX_VALUE;

  Ageing(Flows flows, PacketState state) {
    this.flows = flows;
    this.state = state;
  }

  /** The table's clock in milliseconds. */
  long nowMs() {
    return nowMs;
  }

  /** A flow was added or offered again. */
  void added(FlowRecord flow) {
    nextSweepMs = Math.min(nextSweepMs, deadline(flow));
  }

  /** Some flows have become stale. */
  void stale() {
    staleSinceMs = nowMs;
    nextSweepMs = Math.min(nextSweepMs, nowMs + STALE_GRACE_MS);
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

  /** Removes what has expired, or was stale for too long; the number of flows removed. */
  int sweep() {
    if (nowMs < nextSweepMs) {
      return 0;
    }
    boolean graceIsOver = nowMs - STALE_GRACE_MS >= staleSinceMs;
    boolean graceRuns = !graceIsOver && staleSinceMs != Long.MAX_VALUE;
    nextSweepMs = graceRuns ? staleSinceMs + STALE_GRACE_MS : Long.MAX_VALUE;
    List<FlowRecord> expired = new ArrayList<>();
    List<FlowRecord> forgotten = new ArrayList<>();
    for (FlowRecord flow : flows.all()) {
      if (deadline(flow) <= nowMs) {
        expired.add(flow);
      } else if (graceIsOver && !flows.isValid(flow)) {
        forgotten.add(flow);
      } else {
        nextSweepMs = Math.min(nextSweepMs, deadline(flow));
      }
    }
    if (graceIsOver) {
      staleSinceMs = Long.MAX_VALUE;
    }
    return flows.drop(expired, Cause.EXPIRED) + flows.drop(forgotten, Cause.INVALIDATED);
  }

  /** When a flow expires if it sees no packet until then. */
  private long deadline(FlowRecord flow) {
    long timeoutMs = flow.flow().idleTimeout().toMillis();
    return timeoutMs == 0 ? Long.MAX_VALUE : nowMs - flow.idleMs(state.clockMs()) + timeoutMs;
  }
}
