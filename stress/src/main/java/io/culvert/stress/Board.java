package io.culvert.stress;

import io.culvert.flowtable.FlowTuple;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What control has done, for the workers to judge by, and the network in which each flow's next hop
 * has an address that tells flow, direction and version.
 *
 * <p>Around each call that concerns a flow control makes its turn odd, and even again afterwards: a
 * worker that sees the same even turn before and after a burst knows what must have become of each
 * frame of the flow in it.
 */
final class Board implements Network {
  static final int FLOWS = 64;
  static final int LAN = 1;
  static final int WAN = 2;

  /** In {@link #expected}: not in the table, and in it but stale; else the version forwarded. */
  static final int ABSENT = -1;

  static final int STALE = -2;

  final AtomicLongArray turn = new AtomicLongArray(FLOWS);
  final AtomicIntegerArray expected = new AtomicIntegerArray(FLOWS);
  final AtomicIntegerArray version = new AtomicIntegerArray(FLOWS);
  final AtomicLong policyCalls = new AtomicLong();
  final AtomicReference<String> violation = new AtomicReference<>();

  Board() {
    for (int flow = 0; flow < FLOWS; flow++) {
      expected.set(flow, ABSENT);
    }
  }

  void violated(String what) {
    violation.compareAndSet(null, what);
  }

  static Ipv4Address source(int flow) {
    return new Ipv4Address(0x0a01_0002 + flow);
  }

  static Ipv4Address destination(int flow) {
    return new Ipv4Address(0x0a02_0002 + flow);
  }

  static FlowTuple tuple(int flow) {
    return new FlowTuple(source(flow), destination(flow), 17, 1000, 2000);
  }

  /** The next hop's address: direction, flow and version. */
  static long mac(boolean reply, int flow, int version) {
    return 0x02L << 40 | (reply ? 1L << 39 : 0) | (long) flow << 28 | version;
  }

  static long portMac(int port) {
    return 0x0600_0000_0000L | port;
  }

  @Override
  public Option<Device> device(int ifindex) {
    return ifindex == LAN || ifindex == WAN
        ? Option.some(
            new Device.Port(ifindex, "eth" + ifindex, new MacAddress(portMac(ifindex)), 1500, true))
        : Option.none();
  }

  @Override
  public Option<Device> device(String name) {
    return device(name.charAt(3) - '0');
  }

  private static boolean isReply(IpAddress destination) {
    return ((Ipv4Address) destination).bits() >>> 16 == 0x0a01;
  }

  @Override
  public Option<Route> route(RouteQuery query) {
    int device = isReply(query.destination()) ? LAN : WAN;
    return Option.some(new Route(device, Option.none(), Option.none()));
  }

  @Override
  public Option<MacAddress> neighbour(int ifindex, IpAddress nextHop) {
    int flow = (((Ipv4Address) nextHop).bits() & 0xffff) - 2;
    return Option.some(new MacAddress(mac(isReply(nextHop), flow, version.get(flow))));
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return false;
  }
}
