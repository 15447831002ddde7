package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.spi.OuterPolicy;
import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;

/**
 * The headers in front of a shim: IP, and UDP if the carrier is a port.
 *
 * @param source source address
 * @param destination destination address
 * @param fields what the policy made of the inner packet
 * @param carrier what announces the shim
 */
record OuterHeader(IpAddress source, IpAddress destination, OuterFields fields, Carrier carrier) {
  private static final int UDP_HEADER = 8;

  private int ipLength() {
    return source.family().headerLength();
  }

  private int protocol() {
    return carrier instanceof Carrier.IpProtocolCarrier c ? c.number() : TunnelProtocols.UDP;
  }

  /** The packet as a whole. */
  byte[] around(byte[] payload, OuterPolicy.Udp udp, RouterState state, Outgoing inner) {
    byte[] transport =
        carrier instanceof Carrier.UdpPortCarrier c
            ? datagram(payload, sourcePort(udp, inner), c.number(), udp.checksum())
            : payload;
    byte[] header = new byte[ipLength()];
    if (source.family() == IpFamily.V4) {
      Octets.put8(header, 0, 0x45);
      Octets.put8(header, 1, fields.tos());
      Octets.put16(header, 2, header.length + transport.length);
      Octets.put16(header, 4, state.nextId());
      Octets.put16(header, 6, fields.df() ? 0x4000 : 0);
      Octets.put8(header, 8, fields.ttl());
      Octets.put8(header, 9, protocol());
      System.arraycopy(source.bytes(), 0, header, 12, 4);
      System.arraycopy(destination.bytes(), 0, header, 16, 4);
      Octets.fillHeaderChecksum(header);
    } else {
      Octets.put32(header, 0, 6L << 28 | (long) fields.tos() << 20 | fields.flowLabel());
      Octets.put16(header, 4, transport.length);
      Octets.put8(header, 6, protocol());
      Octets.put8(header, 7, fields.ttl());
      System.arraycopy(source.bytes(), 0, header, 8, 16);
      System.arraycopy(destination.bytes(), 0, header, 24, 16);
    }
    return Octets.join(header, transport);
  }

  /** The same packet with fragments allowed. */
  byte[] withoutDf(byte[] packet) {
    byte[] copy = packet.clone();
    Octets.put16(copy, 6, 0);
    Octets.fillHeaderChecksum(copy);
    return copy;
  }

  /** What of it is free, as offsets from the packet's start. */
  Seq<OwnHeader> own(OuterPolicy.Udp udp) {
    OwnHeader ip = source.family() == IpFamily.V4 ? new OwnHeader.Ipv4(0) : new OwnHeader.Ipv6(0);
    return carrier instanceof Carrier.UdpPortCarrier
        ? List.of(ip, new OwnHeader.Udp(ipLength(), 0, udp.leastSourcePort(), udp.mostSourcePort()))
        : List.of(ip);
  }

  /** One port of the range for each inner flow: addresses, protocol and ports decide. */
  private static int sourcePort(OuterPolicy.Udp udp, Outgoing inner) {
    byte[] packet = inner.packet();
    int at = inner.family() == IpFamily.V4 ? 12 : 8;
    int transport = inner.family() == IpFamily.V4 ? Octets.u8(packet, 0) % 16 * 4 : 40;
    int to = Math.min(packet.length, transport + 4);
    int hash = Arrays.hashCode(Arrays.copyOfRange(packet, at, to));
    int count = udp.mostSourcePort() - udp.leastSourcePort() + 1;
    return udp.leastSourcePort() + Math.floorMod(hash, count);
  }

  private byte[] datagram(byte[] payload, int sourcePort, int port, boolean hasChecksum) {
    byte[] header = new byte[UDP_HEADER];
    Octets.put16(header, 0, sourcePort);
    Octets.put16(header, 2, port);
    Octets.put16(header, 4, UDP_HEADER + payload.length);
    byte[] datagram = Octets.join(header, payload);
    if (hasChecksum) {
      int sum = udpChecksum(source, destination, datagram);
      // 0 would say that there is none (RFC 768).
      Octets.put16(datagram, 6, sum == 0 ? 0xffff : sum);
    }
    return datagram;
  }

  /** The checksum over pseudo header and datagram; 0 over a datagram whose own is right. */
  static int udpChecksum(IpAddress source, IpAddress destination, byte[] datagram) {
    byte[] pseudo = Octets.join(source.bytes(), destination.bytes());
    byte[] tail = new byte[8];
    Octets.put32(tail, 0, datagram.length);
    Octets.put8(tail, 7, TunnelProtocols.UDP);
    byte[] all = Octets.join(Octets.join(pseudo, tail), datagram);
    return Octets.checksum(all, 0, all.length);
  }
}
