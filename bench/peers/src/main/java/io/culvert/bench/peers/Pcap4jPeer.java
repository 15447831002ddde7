package io.culvert.bench.peers;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.util.MacAddress;

/** pcap4j's packets and their builders. */
final class Pcap4jPeer implements Peer {
  private static final MacAddress OWN = MacAddress.getByAddress(PeerFlows.UNDERLAY_MAC);
  private static final MacAddress GATEWAY = MacAddress.getByAddress(PeerFlows.GATEWAY_MAC);
  private static final Inet4Address NEAR_END = address(PeerFlows.NEAR_END);

  private final PeerFlows flows;
  private final Map<Integer, Inet4Address> farEnds = new HashMap<>();

  Pcap4jPeer(PeerFlows flows) {
    this.flows = flows;
  }

  private static Inet4Address address(int bits) {
    try {
      return (Inet4Address)
          InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("pcap4j: four bytes are an address", impossible);
    }
  }

  @Override
  public byte[] forward(byte[] frame) {
    EthernetPacket ethernet = parsed(frame);
    IpV4Packet inner = ethernet.get(IpV4Packet.class);
    IpV4Packet.IpV4Header header = inner.getHeader();
    PeerFlows.Flow flow = flows.find(key(header, inner.get(UdpPacket.class).getHeader()));
    if (flow == null || header.getTtlAsInt() <= 1) {
      return new byte[0];
    }
    flow.packets++;
    flow.bytes += header.getTotalLengthAsInt();
    byte ttl = (byte) (header.getTtlAsInt() - 1);
    IpV4Packet.Builder built = inner.getBuilder().ttl(ttl).correctChecksumAtBuild(true);
    return ethernet
        .getBuilder()
        .dstAddr(GATEWAY)
        .srcAddr(OWN)
        .payloadBuilder(outer(header, flow).ttl(ttl).payloadBuilder(built))
        .build()
        .getRawData();
  }

  private static EthernetPacket parsed(byte[] frame) {
    try {
      return EthernetPacket.newPacket(frame, 0, frame.length);
    } catch (IllegalRawDataException broken) {
      throw new IllegalArgumentException("pcap4j: frame", broken);
    }
  }

  private static PeerFlows.Key key(IpV4Packet.IpV4Header header, UdpPacket.UdpHeader udp) {
    return new PeerFlows.Key(
        header.getSrcAddr().hashCode(), // An Inet4Address is its own hash.
        header.getDstAddr().hashCode(),
        udp.getSrcPort().valueAsInt() << 16 | udp.getDstPort().valueAsInt(),
        header.getProtocol().value());
  }

  private IpV4Packet.Builder outer(IpV4Packet.IpV4Header inner, PeerFlows.Flow flow) {
    return new IpV4Packet.Builder()
        .version(IpVersion.IPV4)
        .tos(inner.getTos())
        .dontFragmentFlag(true)
        .protocol(IpNumber.IPV4)
        .srcAddr(NEAR_END)
        .dstAddr(farEnds.computeIfAbsent(flow.farEnd, Pcap4jPeer::address))
        .correctChecksumAtBuild(true)
        .correctLengthAtBuild(true);
  }
}
