package io.culvert.flowtable;

import io.culvert.wire.IpFamily;
import java.util.Optional;

/**
 * What flows there were at one time, each by the hash of its original direction's key: a flow that
 * gets other entries keeps it, one that takes over its entries does not have it. That two of a
 * million flows have one hash, so that one would be seen for the other, is as likely as one in 30
 * million.
 */
final class FlowNames {
  private final FlowMemory memory;
  private final long[] hashes;
  private int of4;
  private int size;

  /** The flows of a memory now. Under the table's lock, as {@link #find} is. */
  FlowNames(FlowMemory memory) {
    this.memory = memory;
    FlowRows rows4 = memory.rows(IpFamily.V4);
    FlowRows rows6 = memory.rows(IpFamily.V6);
    hashes = new long[rows4.size() + rows6.size()];
    note(rows4);
    of4 = size;
    note(rows6);
  }

  private void note(FlowRows rows) {
    for (int pair = 0; pair < rows.end(); pair++) {
      if (rows.isUsed(pair)) {
        hashes[size] = rows.store().hashOf(new FlowRecord(rows, pair).entry(false));
        size++;
      }
    }
  }

  int size() {
    return hashes.length;
  }

  /** A flow, if it is there still. */
  Optional<FlowRecord> find(int number) {
    FlowRows rows = memory.rows(number < of4 ? IpFamily.V4 : IpFamily.V6);
    int entry = rows.store().findHash(hashes[number]);
    return entry < 0 ? Optional.empty() : Optional.of(new FlowRecord(rows, entry >>> 1));
  }
}
