package io.culvert.flowtable.table;

/**
 * Makes the sets of local endpoints: open addressing, at most half full, as workers search them.
 */
final class EndpointSets {
  private EndpointSets() {}

  /** From (slot &lt;&lt; 32 | IPv4 address) each. */
  static long[] of4(long[] endpoints) {
    int size = Math.max(16, Integer.highestOneBit(Math.max(1, endpoints.length)) * 4);
    long[] set = new long[size];
    for (long endpoint : endpoints) {
      int at = PacketState.endpointHash(endpoint) & size - 1;
      while (set[at] != 0) {
        at = at + 1 & size - 1;
      }
      set[at] = endpoint;
    }
    return set;
  }

  /** From slot, upper and lower half of the address each. */
  static long[] of6(long[] endpoints) {
    int rows = Math.max(16, Integer.highestOneBit(Math.max(1, endpoints.length / 3)) * 4);
    long[] set = new long[3 * rows];
    for (int from = 0; from < endpoints.length; from += 3) {
      int slot = (int) endpoints[from];
      int row = 3 * PacketState.endpointRow6(slot, endpoints[from + 1], endpoints[from + 2], rows);
      while (set[row] != 0) {
        row = row + 3 == set.length ? 0 : row + 3;
      }
      set[row] = PacketState.endpointMark6(slot);
      set[row + 1] = endpoints[from + 1];
      set[row + 2] = endpoints[from + 2];
    }
    return set;
  }
}
