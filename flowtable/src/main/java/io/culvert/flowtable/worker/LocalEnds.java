package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.PacketState;

/**
 * Our own ends of tunnels: the exact set of addresses and ports at which the parser descends, in
 * every match mode. Belongs to one worker; works on words, so that the stages' memories stay
 * constants.
 */
final class LocalEnds {
  private final PacketState state;
  private long[] endpoints4;
  private long[] endpoints6;
  private int[] udpPorts;
  private long last4;

  LocalEnds(PacketState state) {
    this.state = state;
    endpoints4 = state.endpoints4();
    endpoints6 = state.endpoints6();
    udpPorts = state.slotsByUdpPort();
  }

  /** A bit for the lower six bits of each UDP port that has a slot. */
  static long portBits(PacketState state) {
    long bits = 0;
    for (int entry : state.slotsByUdpPort()) {
      bits |= entry == 0 ? 0 : 1L << (entry >>> 8);
    }
    return bits;
  }

  /** Takes over what the control path has changed. */
  void pickUp() {
    endpoints4 = state.endpoints4();
    endpoints6 = state.endpoints6();
    udpPorts = state.slotsByUdpPort();
    last4 = 0;
  }

  /** The slot of a UDP destination port; 0 if it is nobody's. */
  int slotOfPort(boolean isV6, int port) {
    return PacketState.slotOfPort(udpPorts, isV6, port);
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
