package io.culvert.bench.traffic;

import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.path.Device;
import io.culvert.wire.EtherType;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.UdpHeader;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Writes bursts of frames of given flows into {@link FrameMemory}, in a pseudo-random order of
 * flows that is the same in every run.
 *
 * <p>All headers are written each time (what is measured has changed them), with good IP checksums;
 * the payload is left as it is. Does what a driver and its descriptors do, so its time is measured
 * apart and subtracted. Allocates nothing per frame; belongs to one thread.
 */
public final class TrafficGenerator {
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;
  private static final int LEAST_ORDER = 1 << 20;
  private static final int TTL = 64;
  private static final int IPIP = 4;
  private static final int ANY_CHECKSUM = 0x1234;

  private final Flows flows;
  private final int[] order;
  private final short[] innerSums;
  private final short[] answerSums;
  private final int[] servers;
  private final int[] remotes;
  private final int[] outerSums;
  private final long[] portMacs = new long[3];
  private final long[] peerMacs = new long[3];
  private long written;

  /**
   * A generator.
   *
   * @param topology the router
   * @param flows flows through it
   */
  public TrafficGenerator(Topology topology, Flows flows) {
    this.flows = flows;
    order = order(flows.count());
    innerSums = new short[flows.count()];
    answerSums = flows.isTranslated() ? new short[flows.count()] : innerSums;
    servers = new int[topology.tunnels()];
    remotes = new int[topology.tunnels()];
    outerSums = new int[topology.tunnels()];
    for (int tunnel = 0; tunnel < topology.tunnels(); tunnel++) {
      servers[tunnel] = Topology.server(tunnel);
      remotes[tunnel] = Topology.remote(tunnel);
      outerSums[tunnel] =
          headerSum(remotes[tunnel], Topology.UNDERLAY_ADDRESS, Ipv4Header.DF, IPIP);
    }
    for (int flow = 0; flow < flows.count(); flow++) {
      int server = servers[flows.tunnel(flow)];
      innerSums[flow] = (short) headerSum(Flows.client(flow), server, 0, IpProtocol.UDP);
      answerSums[flow] = (short) headerSum(flows.outside(flow), server, 0, IpProtocol.UDP);
    }
    for (int port = Topology.CLIENT_PORT; port <= Topology.UNDERLAY_PORT; port++) {
      Device.Port device = topology.port(port);
      portMacs[port] = device.address().bits();
    }
    topology.neighbours().forEach(known -> peerMacs[known.ifindex()] = known.mac().bits());
  }

  /** Flow numbers in a fixed pseudo-random order; long enough that the order is no pattern. */
  private static int[] order(int flows) {
    int length = LEAST_ORDER;
    while (length < 2L * flows && length < 1 << 29) {
      length <<= 1;
    }
    int[] order = new int[length];
    long x = 88172645463325252L;
    for (int i = 0; i < length; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
      order[i] = (int) Long.remainderUnsigned(x >>> 20, flows);
    }
    return order;
  }

  /** Sum of a header's words, its length left out: addresses exchanged give the same. */
  private static int headerSum(int source, int destination, int fragment, int protocol) {
    long sum = 0x4500L + fragment + (TTL << 8 | protocol);
    sum += (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
    return InternetChecksum.fold(sum);
  }

  /** The flows. */
  public Flows flows() {
    return flows;
  }

  /** Fills a burst with the next frames. The burst's pool must be {@link FrameMemory}. */
  public void fill(FrameBurst burst, Way way, int frameLength) {
    burst.clear();
    long first = written;
    written = first + burst.capacity();
    // A loop for each way: together they are too large to be compiled well.
    if (way == Way.INTO_TUNNEL) {
      fillPlain(burst, first, frameLength);
    } else {
      fillTunnelled(burst, first, frameLength);
    }
  }

  private void fillPlain(FrameBurst burst, long first, int frameLength) {
    for (long n = first; n < written; n++) {
      addPlain(burst, n, order[(int) n & (order.length - 1)], frameLength);
    }
  }

  private void fillTunnelled(FrameBurst burst, long first, int frameLength) {
    for (long n = first; n < written; n++) {
      addTunnelled(burst, n, order[(int) n & (order.length - 1)], frameLength);
    }
  }

  /**
   * Writes one frame of a flow and adds it to a burst.
   *
   * @param slot slot of {@link FrameMemory}, counting on without end
   * @param frameLength bytes of the frame in the clear, from its destination MAC on; out of the
   *     tunnel it comes 20 bytes longer
   */
  public void add(FrameBurst burst, long slot, int flow, Way way, int frameLength) {
    if (way == Way.INTO_TUNNEL) {
      addPlain(burst, slot, flow, frameLength);
    } else {
      addTunnelled(burst, slot, flow, frameLength);
    }
  }

  private void addPlain(FrameBurst burst, long slot, int flow, int frameLength) {
    long slotStart = FrameMemory.slotStart(slot);
    long start = slotStart + FrameMemory.HEADROOM;
    int port = Topology.CLIENT_PORT;
    int length = frameLength - EthernetHeader.LENGTH;
    int server = servers[flows.tunnel(flow)];
    long ip = start + EthernetHeader.LENGTH;
    EthernetHeader.write(FRAMES, start, portMacs[port], peerMacs[port], EtherType.IPV4);
    writeHeader(
        ip, length, 0, IpProtocol.UDP, innerSums[flow] & 0xffff, Flows.client(flow), server);
    writeUdp(ip, Flows.clientPort(flow) << 16 | Flows.SERVER_PORT, length);
    burst.add(slotStart, start, frameLength, port, 0);
  }

  private void addTunnelled(FrameBurst burst, long slot, int flow, int frameLength) {
    long slotStart = FrameMemory.slotStart(slot);
    long start = slotStart + FrameMemory.HEADROOM;
    int port = Topology.UNDERLAY_PORT;
    int length = frameLength - EthernetHeader.LENGTH;
    int tunnel = flows.tunnel(flow);
    long outer = start + EthernetHeader.LENGTH;
    long ip = outer + Ipv4Header.LENGTH;
    EthernetHeader.write(FRAMES, start, portMacs[port], peerMacs[port], EtherType.IPV4);
    writeHeader(
        outer,
        length + Ipv4Header.LENGTH,
        Ipv4Header.DF,
        IPIP,
        outerSums[tunnel],
        remotes[tunnel],
        Topology.UNDERLAY_ADDRESS);
    writeHeader(
        ip,
        length,
        0,
        IpProtocol.UDP,
        answerSums[flow] & 0xffff,
        servers[tunnel],
        flows.outside(flow));
    writeUdp(ip, Flows.SERVER_PORT << 16 | flows.outsidePort(flow), length);
    burst.add(slotStart, start, frameLength + Ipv4Header.LENGTH, port, 0);
  }

  private void writeUdp(long ip, int ports, int length) {
    long udp = ip + Ipv4Header.LENGTH;
    Wire.put32(FRAMES, udp, ports);
    // A checksum of zero means none: then nobody depends on the payload. Where addresses are
    // translated there is one, which makes work; nobody looks whether it is right.
    int checksum = flows.isTranslated() ? ANY_CHECKSUM : 0;
    Wire.put32(
        FRAMES, udp + UdpHeader.LENGTH_OFFSET, (length - Ipv4Header.LENGTH) << 16 | checksum);
  }

  private static void writeHeader(
      long ip, int length, int fragment, int protocol, int sum, int source, int destination) {
    Wire.put32(FRAMES, ip, 0x4500 << 16 | length);
    Wire.put32(FRAMES, ip + Ipv4Header.ID_OFFSET, fragment);
    int checksum = InternetChecksum.finish(sum + length);
    Wire.put32(FRAMES, ip + Ipv4Header.TTL_OFFSET, (TTL << 8 | protocol) << 16 | checksum);
    Wire.put32(FRAMES, ip + Ipv4Header.SOURCE_OFFSET, source);
    Wire.put32(FRAMES, ip + Ipv4Header.DESTINATION_OFFSET, destination);
  }
}
