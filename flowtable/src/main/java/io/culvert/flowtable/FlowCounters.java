package io.culvert.flowtable;

/**
 * What the fast path forwarded for a flow.
 *
 * @param originalPackets packets of the original direction
 * @param originalBytes their bytes: inner IP packets
 * @param replyPackets packets of the reply direction
 * @param replyBytes their bytes
 */
public record FlowCounters(
    long originalPackets, long originalBytes, long replyPackets, long replyBytes) {
  /** Nothing yet. */
  public static final FlowCounters ZERO = new FlowCounters(0, 0, 0, 0);

  /** The same, seen from the reply direction. */
  public FlowCounters reversed() {
    return new FlowCounters(replyPackets, replyBytes, originalPackets, originalBytes);
  }

  /** The sum. */
  public FlowCounters plus(FlowCounters other) {
    return new FlowCounters(
        originalPackets + other.originalPackets,
        originalBytes + other.originalBytes,
        replyPackets + other.replyPackets,
        replyBytes + other.replyBytes);
  }
}
