package io.culvert.flowtable;

/**
 * What the fast path carried over a device that the flow bypasses.
 *
 * @param receivedPackets packets popped, or received by a port
 * @param receivedBytes their bytes: inner IP packets
 * @param sentPackets packets pushed, or sent by a port
 * @param sentBytes their bytes
 */
public record DeviceCounters(
    long receivedPackets, long receivedBytes, long sentPackets, long sentBytes) {
  /** Nothing yet. */
  public static final DeviceCounters ZERO = new DeviceCounters(0, 0, 0, 0);

  /** What a flow's packets did to a device. */
  static DeviceCounters of(Flow flow, FlowCounters counters, int ifindex) {
    boolean out = flow.original().devices().contains(ifindex);
    boolean back = flow.reply().devices().contains(ifindex);
    // A direction leaves by its own way and comes in by the other one's.
    return new DeviceCounters(
        (back ? counters.originalPackets() : 0) + (out ? counters.replyPackets() : 0),
        (back ? counters.originalBytes() : 0) + (out ? counters.replyBytes() : 0),
        (out ? counters.originalPackets() : 0) + (back ? counters.replyPackets() : 0),
        (out ? counters.originalBytes() : 0) + (back ? counters.replyBytes() : 0));
  }

  /** The sum. */
  public DeviceCounters plus(DeviceCounters other) {
    return new DeviceCounters(
        receivedPackets + other.receivedPackets,
        receivedBytes + other.receivedBytes,
        sentPackets + other.sentPackets,
        sentBytes + other.sentBytes);
  }
}
