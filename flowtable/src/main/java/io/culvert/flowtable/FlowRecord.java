package io.culvert.flowtable;

import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.TcpState;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * A flow of the table, as the control path looks at it: nothing but its place. Good until the flow
 * leaves or is offered again.
 *
 * @param rows the flows of its family
 * @param pair its pair of entries
 */
record FlowRecord(FlowRows rows, int pair) {
  /** The number of a direction's entry. */
  int entry(boolean replyDirection) {
    return 2 * pair + (replyDirection == rows.isTurned(pair) ? 0 : 1);
  }

  /** Made anew each time. */
  Flow flow() {
    return new Flow(
        tuple(false),
        tuple(true),
        ingress(),
        original().path(),
        reply().path(),
        Duration.ofMillis(rows.timeoutMs(pair)));
  }

  FlowTuple tuple(boolean replyDirection) {
    return TupleWords.tuple(rows.store(), rows.family(), entry(replyDirection));
  }

  /** The device by which the original direction comes in. */
  int ingress() {
    return reply().way().device();
  }

  WayInUse original() {
    return rows.original(pair);
  }

  WayInUse reply() {
    return rows.reply(pair);
  }

  /** When it was first taken, in milliseconds of the table's clock. */
  long bornMs() {
    return rows.bornMs(pair);
  }

  FlowCounters counters() {
    return rows.counters(pair);
  }

  int generation() {
    return rows.generation(pair);
  }

  int tcpState() {
    return rows.tcpState(pair);
  }

  long idleMs(int clockMs) {
    return rows.idleMs(pair, clockMs);
  }

  /** The worker that saw the flow last; none if nobody did, or if the table has only one. */
  Option<Integer> lastWorker() {
    FlowCounters seen = rows.counted(pair);
    boolean isFirstSeen = seen.originalPackets() > 0;
    boolean isSecondSeen = seen.replyPackets() > 0;
    boolean second =
        !isFirstSeen
            || (isSecondSeen && rows.lastSeenMs(2 * pair + 1) - rows.lastSeenMs(2 * pair) > 0);
    return Option.when(
        rows.shared() && (isFirstSeen || isSecondSeen), () -> worker(2 * pair + (second ? 1 : 0)));
  }

  private int worker(int entry) {
    return rows.store()
        .entries()
        .get(FlowStore.BYTE, rows.store().at(entry) + FlowStore.WORKER_OFFSET);
  }

  /** Confirms it as it lies: of this generation, seen now, and its connection open. */
  void confirm(int generation, int clockMs) {
    rows.tcpState(pair, TcpState.OPEN);
    for (int entry = 2 * pair; entry <= 2 * pair + 1; entry++) {
      set(entry, FlowStore.LAST_SEEN_OFFSET, clockMs);
      set(entry, FlowStore.GENERATION_OFFSET, generation);
    }
  }

  /** Generation 0 is never valid. */
  void invalidate() {
    set(2 * pair, FlowStore.GENERATION_OFFSET, 0);
    set(2 * pair + 1, FlowStore.GENERATION_OFFSET, 0);
  }

  private void set(int entry, int offset, int value) {
    rows.store().entries().set(FlowStore.INT, rows.store().at(entry) + offset, value);
  }
}
