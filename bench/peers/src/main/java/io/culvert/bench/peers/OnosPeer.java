package io.culvert.bench.peers;

import java.util.Arrays;
import org.onlab.packet.Data;
import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.UDP;

/** ONOS's packets: deserialised, wrapped in an outer IPv4, serialised. */
final class OnosPeer implements Peer {
  private static final byte DF = 2;
  private static final byte IPIP = 4;
  private static final int UDP_AT = 34;

  private final PeerFlows flows;

  OnosPeer(PeerFlows flows) {
    this.flows = flows;
  }

  @Override
  public byte[] forward(byte[] frame) {
    Ethernet ethernet = parsed(frame);
    IPv4 inner = (IPv4) ethernet.getPayload();
    UDP udp = (UDP) inner.getPayload();
    PeerFlows.Flow flow =
        flows.find(
            new PeerFlows.Key(
                inner.getSourceAddress(),
                inner.getDestinationAddress(),
                udp.getSourcePort() << 16 | udp.getDestinationPort(),
                inner.getProtocol()));
    if (flow == null || inner.getTtl() <= 1) {
      return new byte[0];
    }
    flow.packets++;
    flow.bytes += inner.getTotalLength();
    inner.setTtl((byte) (inner.getTtl() - 1)).resetChecksum();
    // As it came: serialising UDP would compute a checksum where there was none.
    inner.setPayload(new Data(Arrays.copyOfRange(frame, UDP_AT, frame.length)));
    ethernet.setPayload(outer(inner, flow));
    ethernet.setDestinationMACAddress(PeerFlows.GATEWAY_MAC);
    ethernet.setSourceMACAddress(PeerFlows.UNDERLAY_MAC);
    return ethernet.serialize();
  }

  private static Ethernet parsed(byte[] frame) {
    try {
      return Ethernet.deserializer().deserialize(frame, 0, frame.length);
    } catch (DeserializationException broken) {
      throw new IllegalArgumentException("onos: frame", broken);
    }
  }

  private static IPv4 outer(IPv4 inner, PeerFlows.Flow flow) {
    IPv4 outer = new IPv4();
    outer
        .setDscp(inner.getDscp())
        .setEcn(inner.getEcn())
        .setFlags(DF)
        .setTtl(inner.getTtl())
        .setProtocol(IPIP)
        .setSourceAddress(PeerFlows.NEAR_END)
        .setDestinationAddress(flow.farEnd)
        .setPayload(inner);
    return outer;
  }
}
