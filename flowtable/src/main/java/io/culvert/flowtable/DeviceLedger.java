package io.culvert.flowtable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What went over each device: of flows that have left, kept here; of the others, in their entries.
 */
final class DeviceLedger {
  private final Map<Integer, DeviceCounters> retired = new HashMap<>();

  /** A flow has left with these counters. */
  void retire(Flow flow, FlowCounters counters) {
    flow.original()
        .devices()
        .appendAll(flow.reply().devices())
        .distinct()
        .forEach(device ->
            retired.merge(device, DeviceCounters.of(flow, counters, device), DeviceCounters::plus));
  }

  /** The sum for a device, with the flows that are there. */
  DeviceCounters sum(int ifindex, Collection<FlowRecord> present) {
    DeviceCounters sum = retired.getOrDefault(ifindex, DeviceCounters.ZERO);
    for (FlowRecord flow : present) {
      sum = sum.plus(DeviceCounters.of(flow.flow(), flow.counters(), ifindex));
    }
    return sum;
  }
}
