package io.culvert.bench.classic;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.path.Device;
import io.culvert.path.Route;
import io.culvert.wire.EtherType;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Forwards IPv4 packets the classic way, one by one and device by device: Ethernet, IP input, route
 * lookup (a local tunnel end: decapsulate and start again), forward rules, TTL, the route's device
 * (a tunnel: encapsulate and look up the outer route), neighbour, Ethernet.
 *
 * <p>Works in place on frames of {@link FrameMemory}. Allocates nothing per packet; belongs to one
 * thread. Whatever a router would answer, fragment or log is only refused here.
 */
public final class ClassicRouter {
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;
  private static final int IPIP = 4;
  private static final int LOCAL = 0;

  private final Interfaces interfaces;
  private final RouteTrie routes = new RouteTrie();
  private final RuleList rules;
  private final LongTable addresses;
  private final LongTable neighbours;
  private final LongTable tunnels;
  private final IpipDevice ipip = new IpipDevice();
  private final int[] hopDevice;
  private final int[] hopGateway;

  private final long[] offsets = new long[FrameBurst.MAX_SIZE];
  private final int[] lengths = new int[FrameBurst.MAX_SIZE];
  private final int[] ports = new int[FrameBurst.MAX_SIZE];
  private long forwarded;
  private long refused;

  /**
   * A router.
   *
   * @param topology its devices, routes and neighbours
   * @param ruleCount rules of its forward chain
   */
  public ClassicRouter(Topology topology, int ruleCount) {
    interfaces = new Interfaces(topology.devices());
    rules = RuleList.ofSize(ruleCount);
    List<Topology.RouteEntry> entries = topology.routes();
    hopDevice = new int[entries.size() + 2];
    hopGateway = new int[entries.size() + 2];
    int hop = 1; // The first is local delivery, as in Linux's own lookup.
    addresses = new LongTable(topology.addresses().size());
    for (Ipv4Address address : topology.addresses()) {
      routes.put(address.bits(), 32, 1);
      addresses.put(address.bits(), 1);
    }
    for (Topology.RouteEntry entry : entries) {
      IpPrefix prefix = entry.prefix();
      Route route = entry.route();
      hop++;
      hopDevice[hop] = route.ifindex();
      hopGateway[hop] = route.gateway().map(via -> ((Ipv4Address) via).bits()).getOrElse(0);
      routes.put(((Ipv4Address) prefix.address()).bits(), prefix.length(), hop);
    }
    neighbours = new LongTable(topology.neighbours().size());
    topology
        .neighbours()
        .forEach(known ->
            neighbours.put(key(known.ifindex(), known.address().bits()), known.mac().bits()));
    tunnels = new LongTable(topology.tunnels());
    for (Device device : topology.devices()) {
      if (device instanceof Device.Virtual tunnel) {
        int remote = interfaces.remote(tunnel.ifindex());
        tunnels.put(key(remote, interfaces.local()), tunnel.ifindex());
      }
    }
  }

  private static long key(int upper, int lower) {
    return (long) upper << 32 | (lower & 0xffff_ffffL);
  }

  /** Forwards a burst; the results are {@link #port}, {@link #offset} and {@link #length}. */
  public void process(FrameBurst burst) {
    int size = burst.size();
    int done = 0;
    for (int i = 0; i < size; i++) {
      ports[i] = 0;
      receive(i, burst.offset(i), burst.length(i), burst.ingressPort(i));
      done += ports[i] == 0 ? 0 : 1;
    }
    forwarded += done;
    refused += size - done;
  }

  /** The port to send frame {@code i} of the last burst out of; 0 if it was refused. */
  public int port(int i) {
    return ports[i];
  }

  /** First byte of a forwarded frame. */
  public long offset(int i) {
    return offsets[i];
  }

  /** Bytes of a forwarded frame. */
  public int length(int i) {
    return lengths[i];
  }

  /** Frames forwarded so far. */
  public long forwarded() {
    return forwarded;
  }

  /** Frames refused so far. */
  public long refused() {
    return refused;
  }

  /** Packets that a device, real or tunnel, received so far. */
  public long receivedPackets(int ifindex) {
    return interfaces.receivedPackets(ifindex);
  }

  /** Packets that a device sent so far. */
  public long sentPackets(int ifindex) {
    return interfaces.sentPackets(ifindex);
  }

  private void receive(int i, long start, int length, int port) {
    if (length < EthernetHeader.LENGTH
        || EthernetHeader.destination(FRAMES, start) != interfaces.mac(port)
        || EthernetHeader.type(FRAMES, start) != EtherType.IPV4) {
      return;
    }
    interfaces.received(port, length);
    input(i, start + EthernetHeader.LENGTH, start + length);
  }

  /** IP input: again for what came out of a tunnel. */
  private void input(int i, long packet, long frameEnd) {
    long ip = packet;
    long end = frameEnd;
    while (true) {
      end = Ipv4Input.check(ip, end);
      if (end < 0) {
        return;
      }
      int destination = Ipv4Header.destination(FRAMES, ip);
      if (isMartian(Ipv4Header.source(FRAMES, ip), destination)) {
        return;
      }
      int hop = routes.lookup(destination);
      if (hop == RouteTrie.NO_ROUTE) {
        return;
      }
      if (hopDevice[hop] != LOCAL) {
        forward(i, ip, end, hop);
        return;
      }
      if (!decapsulate(ip, end)) {
        return;
      }
      ip += Ipv4Header.LENGTH;
    }
  }

  /** Linux looks the source up too: nobody else may send with an address of the router's. */
  private boolean isMartian(int source, int destination) {
    return !Ipv4Input.isUnicast(source)
        || !Ipv4Input.isUnicast(destination)
        || addresses.get(source) != LongTable.ABSENT;
  }

  /** Local delivery: only tunnel packets from a known far end are wanted. */
  private boolean decapsulate(long outer, long end) {
    long inner = outer + Ipv4Header.LENGTH;
    if (Ipv4Header.protocol(FRAMES, outer) != IPIP || end - inner < Ipv4Header.LENGTH) {
      return false;
    }
    long tunnel = tunnels.get(Ipv4Header.addresses(FRAMES, outer));
    if (tunnel == LongTable.ABSENT || !IpipDevice.popEcn(outer, inner)) {
      return false;
    }
    interfaces.received((int) tunnel, (int) (end - inner));
    return true;
  }

  private void forward(int i, long ip, long end, int hop) {
    int protocol = Ipv4Header.protocol(FRAMES, ip);
    boolean hasPorts = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
    if (Ipv4Header.ttl(FRAMES, ip) <= 1
        || end - ip > interfaces.mtu(hopDevice[hop])
        || (hasPorts && end - ip < Ipv4Header.LENGTH + 4)) {
      return;
    }
    int source = Ipv4Header.source(FRAMES, ip);
    int destination = Ipv4Header.destination(FRAMES, ip);
    int port = hasPorts ? Wire.u16(FRAMES, ip + Ipv4Header.LENGTH + 2) : 0;
    if (!rules.accepts(source, destination, protocol, port)) {
      return;
    }
    Ipv4Header.decrementTtl(FRAMES, ip);
    transmit(i, ip, end, hop);
  }

  /** From device to device down to a real port. */
  private void transmit(int i, long packet, long end, int route) {
    long ip = packet;
    int hop = route;
    int device = hopDevice[hop];
    while (interfaces.mac(device) == 0) {
      interfaces.sent(device, (int) (end - ip));
      int remote = interfaces.remote(device);
      ip = ipip.push(ip, end, interfaces.local(), remote);
      hop = routes.lookup(remote);
      device = hopDevice[hop];
      if (hop == RouteTrie.NO_ROUTE || device == LOCAL || end - ip > interfaces.mtu(device)) {
        return;
      }
    }
    send(i, ip, end, device, hopGateway[hop]);
  }

  private void send(int i, long ip, long end, int device, int gateway) {
    int nextHop = gateway == 0 ? Ipv4Header.destination(FRAMES, ip) : gateway;
    long mac = neighbours.get(key(device, nextHop));
    if (mac == LongTable.ABSENT) {
      return;
    }
    long start = ip - EthernetHeader.LENGTH;
    EthernetHeader.write(FRAMES, start, mac, interfaces.mac(device), EtherType.IPV4);
    offsets[i] = start;
    lengths[i] = (int) (end - start);
    ports[i] = device;
    interfaces.sent(device, lengths[i]);
  }
}
