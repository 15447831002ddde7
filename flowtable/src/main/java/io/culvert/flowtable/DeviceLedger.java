package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import java.util.HashMap;
import java.util.Map;

/** What flows that have left did to devices, of ways that no flow uses any more. */
final class DeviceLedger {
  private final Map<Integer, DeviceCounters> retired = new HashMap<>();

  /** A way is not used any more; its flows had done so much to each of its devices. */
  void retire(ForwardPath path, DeviceCounters counters) {
    if (!counters.equals(DeviceCounters.ZERO)) {
      path.devices().forEach(device -> retired.merge(device, counters, DeviceCounters::plus));
    }
  }

  DeviceCounters retired(int ifindex) {
    return retired.getOrDefault(ifindex, DeviceCounters.ZERO);
  }
}
