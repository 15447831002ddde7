package io.culvert.bench.classic;

import io.culvert.bench.traffic.Topology;
import io.culvert.path.Device;
import io.culvert.wire.Ipv4Address;
import java.util.List;

/** The devices by index: what they are, and their counters. */
final class Interfaces {
  private static final int COUNTERS = 4;

  private final long[] macs;
  private final int[] mtus;
  private final int[] remotes;
  private final long[] counters;

  Interfaces(List<Device> devices) {
    int size = devices.stream().mapToInt(Device::ifindex).max().orElse(0) + 1;
    macs = new long[size];
    mtus = new int[size];
    remotes = new int[size];
    counters = new long[size * COUNTERS];
    for (Device device : devices) {
      int ifindex = device.ifindex();
      mtus[ifindex] = device.mtu();
      switch (device) {
        case Device.Port port -> macs[ifindex] = port.address().bits();
        case Device.Virtual tunnel ->
            remotes[ifindex] = ((Ipv4Address) tunnel.settings().address("remote").get()).bits();
        case Device.OutOfScope other -> throw new IllegalArgumentException("device: " + other);
      }
    }
  }

  /** The MAC address of a port; 0 for a tunnel. */
  long mac(int ifindex) {
    return macs[ifindex];
  }

  int mtu(int ifindex) {
    return mtus[ifindex];
  }

  /** A tunnel's far end; 0 for a port. */
  int remote(int ifindex) {
    return remotes[ifindex];
  }

  /** A tunnel's near end. */
  int local() {
    return Topology.UNDERLAY_ADDRESS;
  }

  void received(int ifindex, int bytes) {
    counters[ifindex * COUNTERS]++;
    counters[ifindex * COUNTERS + 1] += bytes;
  }

  void sent(int ifindex, int bytes) {
    counters[ifindex * COUNTERS + 2]++;
    counters[ifindex * COUNTERS + 3] += bytes;
  }

  long receivedPackets(int ifindex) {
    return counters[ifindex * COUNTERS];
  }

  long sentPackets(int ifindex) {
    return counters[ifindex * COUNTERS + 2];
  }
}
