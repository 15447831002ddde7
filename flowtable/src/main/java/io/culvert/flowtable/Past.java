package io.culvert.flowtable;

/**
 * What a flow brings along when its entries are written.
 *
 * @param counters where its counters go on
 * @param bornMs when it was first taken, in milliseconds of the table's clock; negative if that was
 *     before the clock began
 * @param idleMs milliseconds since its last packet, 0..24 days
 * @param isClosing true if the end of its TCP connection was seen
 */
record Past(FlowCounters counters, long bornMs, long idleMs, boolean isClosing) {
  /** A flow that is new now. */
  static Past none(long nowMs) {
    return new Past(FlowCounters.ZERO, nowMs, 0, false);
  }
}
