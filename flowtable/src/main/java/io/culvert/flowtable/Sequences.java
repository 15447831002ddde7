package io.culvert.flowtable;

import io.culvert.flowtable.table.SequenceStore;
import java.util.HashMap;
import java.util.Map;

/** Which tunnel device has which numbers. A device keeps its numbers for good. */
final class Sequences {
  private final SequenceStore store = new SequenceStore();
  private final Map<Integer, Integer> byDevice = new HashMap<>();

  SequenceStore store() {
    return store;
  }

  /** The number of a device's state; -1 if there is no room for another one. */
  int number(int ifindex) {
    Integer known = byDevice.get(ifindex);
    if (known != null) {
      return known;
    }
    if (byDevice.size() == SequenceStore.MOST) {
      return -1;
    }
    byDevice.put(ifindex, byDevice.size());
    return byDevice.size() - 1;
  }
}
