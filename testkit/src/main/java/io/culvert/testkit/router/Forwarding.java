package io.culvert.testkit.router;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import java.util.Arrays;

/**
 * A forwarding decision of the router's IP layer: the packet behind all tunnels that were taken
 * off, and the devices between which it was forwarded.
 *
 * @param ingressPort index of the port that the frame came in by
 * @param ingressDevice index of the device that the packet came to the IP layer by: a tunnel
 *     device, or the port itself
 * @param egressDevice index of the device that the route leads to: a tunnel device, or a port
 * @param packet the IP packet as it came to the IP layer
 * @param sent the IP packet as it left the IP layer: with a lower TTL, and other addresses and
 *     ports if they are translated
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record Forwarding(
    int ingressPort, int ingressDevice, int egressDevice, byte[] packet, byte[] sent) {
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** Copies the packets. */
  public Forwarding {
    packet = packet.clone();
    sent = sent.clone();
  }

  /** Without translation. */
  public Forwarding(int ingressPort, int ingressDevice, int egressDevice, byte[] packet) {
    this(ingressPort, ingressDevice, egressDevice, packet, packet);
  }

  /** A copy of the packet. */
  @Override
  public byte[] packet() {
    return packet.clone();
  }

  /** A copy of the packet as it left. */
  @Override
  public byte[] sent() {
    return sent.clone();
  }

  /** The tuple that it came with; ports 0 if not {@link #hasPorts}. */
  public FlowTuple tuple() {
    return tuple(packet);
  }

  /** The tuple that an answer comes with; ports 0 if not {@link #hasPorts}. */
  public FlowTuple replyTuple() {
    return tuple(sent).reversed();
  }

  private FlowTuple tuple(byte[] of) {
    return new FlowTuple(
        Octets.source(of, family()),
        Octets.destination(of, family()),
        protocol(),
        hasPorts() ? Octets.u16(of, transport()) : 0,
        hasPorts() ? Octets.u16(of, transport() + 2) : 0);
  }

  /** Version of the packet. */
  public IpFamily family() {
    return Octets.u8(packet, 0) >> 4 == 4 ? IpFamily.V4 : IpFamily.V6;
  }

  /** Source address of the packet. */
  public IpAddress source() {
    return Octets.source(packet, family());
  }

  /** Destination address of the packet. */
  public IpAddress destination() {
    return Octets.destination(packet, family());
  }

  /** Protocol, or IPv6 next header: that of an extension header if there is one. */
  public int protocol() {
    return Octets.u8(packet, family() == IpFamily.V4 ? 9 : 6);
  }

  /** True for an IPv4 fragment; an IPv6 one has an extension header for its protocol. */
  public boolean isFragment() {
    return family() == IpFamily.V4 && (Octets.u16(packet, 6) & 0x3fff) != 0;
  }

  /** True for TCP and UDP, whatever there is of their headers. */
  public boolean isOfPorts() {
    return protocol() == TCP || protocol() == UDP;
  }

  /** True if the packet has TCP or UDP ports to show: no fragment, and long enough. */
  public boolean hasPorts() {
    int least = protocol() == TCP ? 20 : 8;
    return isOfPorts() && !isFragment() && packet.length >= transport() + least;
  }

  /** TCP or UDP source port; 0 if not {@link #hasPorts}. */
  public int sourcePort() {
    return hasPorts() ? Octets.u16(packet, transport()) : 0;
  }

  /** TCP or UDP destination port; 0 if not {@link #hasPorts}. */
  public int destinationPort() {
    return hasPorts() ? Octets.u16(packet, transport() + 2) : 0;
  }

  /** What stands behind the IP header, extension headers included. */
  public byte[] payload() {
    return Arrays.copyOfRange(packet, Math.min(transport(), packet.length), packet.length);
  }

  /** TCP flags as they stand in the header, FIN is 1; 0 for other protocols. */
  public int tcpFlags() {
    return protocol() == TCP && hasPorts() ? Octets.u8(packet, transport() + 13) : 0;
  }

  private int transport() {
    return family() == IpFamily.V4 ? Octets.u8(packet, 0) % 16 * 4 : 40;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Forwarding that
        && ingressPort == that.ingressPort
        && ingressDevice == that.ingressDevice
        && egressDevice == that.egressDevice
        && Arrays.equals(packet, that.packet)
        && Arrays.equals(sent, that.sent);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * ingressDevice + egressDevice) + Arrays.hashCode(packet);
  }
}
