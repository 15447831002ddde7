package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.PacketState;
import java.util.Arrays;

/**
 * Our own ends of tunnels: the exact set of addresses and ports at which the parser descends, in
 * every match mode. Belongs to one worker; works on words, so that the stages' memories stay
 * constants.
 */
final class LocalEnds {
  /** A power of two: one foreign address in 4,096 is taken for possible beside one of ours. */
  private static final int FILTER_WORDS = 64;

  private final PacketState state;
  private long[] endpoints4;
  private long[] endpoints6;
  private int[] udpPorts;
  private long last4;
  // A bit for the hash of each IPv4 address: most packets are for nobody here.
  private final long[] filter4 = new long[FILTER_WORDS];

  LocalEnds(PacketState state) {
    this.state = state;
    endpoints4 = state.endpoints4();
    endpoints6 = state.endpoints6();
    udpPorts = state.slotsByUdpPort();
    filter();
  }

  private void filter() {
    Arrays.fill(filter4, 0);
    for (long endpoint : endpoints4) {
      if (endpoint != 0) {
        int hash = PacketState.endpointHash(endpoint & 0xffff_ffffL);
        filter4[hash >>> 6 & FILTER_WORDS - 1] |= 1L << hash;
      }
    }
  }

  /** Takes over what the control path has changed. */
  void pickUp() {
    endpoints4 = state.endpoints4();
    endpoints6 = state.endpoints6();
    udpPorts = state.slotsByUdpPort();
    last4 = 0;
    filter();
  }

  /** The slot of a UDP destination port; 0 if it is nobody's. */
  int slotOfPort(boolean isV6, int port) {
    return PacketState.slotOfPort(udpPorts, isV6, port);
  }

  /** False if surely no tunnel ends at an IPv4 address. */
  boolean isPossible4(int address) {
    int hash = PacketState.endpointHash(address & 0xffff_ffffL);
    return (filter4[hash >>> 6 & FILTER_WORDS - 1] >>> hash & 1) != 0;
  }

  /** True if tunnels of a slot end at an IPv4 address. */
  boolean has4(int slot, int address) {
    long endpoint = PacketState.endpoint4(slot, address);
    if (endpoint == last4) {
      return true;
    }
    long[] set = endpoints4;
    int at = PacketState.endpointHash(endpoint) & set.length - 1;
    while (set[at] != endpoint) {
      if (set[at] == 0) {
        return false;
      }
      at = at + 1 & set.length - 1;
    }
    last4 = endpoint;
    return true;
  }

  /** True if tunnels of a slot end at an IPv6 address, given in two halves. */
  boolean has6(int slot, long high, long low) {
    long mark = PacketState.endpointMark6(slot);
    long[] set = endpoints6;
    int row = 3 * PacketState.endpointRow6(slot, high, low, set.length / 3);
    while (set[row] != 0) {
      if (set[row] == mark && set[row + 1] == high && set[row + 2] == low) {
        return true;
      }
      row = row + 3 == set.length ? 0 : row + 3;
    }
    return false;
  }
}
