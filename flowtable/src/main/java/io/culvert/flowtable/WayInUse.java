package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;

/** A way that flows use: its place in the packet path's memory, and what went over it. */
final class WayInUse {
  private final Way way;
  private final int number;
  private final Identity identity;
  private final int template;
  private final int rxProgram;
  private int references;
  private DeviceCounters retired = DeviceCounters.ZERO;

  /**
   * A way without flows.
   *
   * @param way the way
   * @param number its number, 1 or more
   * @param identity what is in the keys of packets that come in by it
   * @param template number of its template
   * @param rxProgram number of the program for packets that come in by it
   */
  WayInUse(Way way, int number, Identity identity, int template, int rxProgram) {
    this.way = way;
    this.number = number;
    this.identity = identity;
    this.template = template;
    this.rxProgram = rxProgram;
  }

  Way way() {
    return way;
  }

  ForwardPath path() {
    return way.path();
  }

  int number() {
    return number;
  }

  Identity identity() {
    return identity;
  }

  int template() {
    return template;
  }

  int rxProgram() {
    return rxProgram;
  }

  int references() {
    return references;
  }

  /** One direction of a flow more, or less. */
  void refer(int change) {
    references += change;
  }

  /** A flow has left whose original direction, so to say, left by this way. */
  void retire(FlowCounters counters) {
    retired = retired.plus(asDevice(counters));
  }

  /** What a flow's packets did to each device of the way that its original direction leaves by. */
  static DeviceCounters asDevice(FlowCounters counters) {
    return new DeviceCounters(
        counters.replyPackets(),
        counters.replyBytes(),
        counters.originalPackets(),
        counters.originalBytes());
  }

  /** What flows that have left did to each device of this way. */
  DeviceCounters retired() {
    return retired;
  }
}
