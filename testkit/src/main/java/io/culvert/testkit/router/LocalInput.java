package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import java.util.Arrays;

/** Packets for the router itself: tunnels are opened, the rest is not modelled. */
final class LocalInput {
  private static final int NEIGHBOUR_FIRST = 133;
  private static final int NEIGHBOUR_LAST = 137;
  private static final int DESTINATION_UNREACHABLE = 3;
  private static final int FRAGMENTATION_NEEDED = 4;
  private static final int UDP_HEADER = 8;

  private final RouterState state;
  private final TunnelInput tunnels;

  LocalInput(RouterState state, TunnelInput tunnels) {
    this.state = state;
    this.tunnels = tunnels;
  }

  RouterOutcome ipv4(byte[] packet, Arrival arrival, IcmpRules.V4 icmp) {
    if ((Octets.u16(packet, 6) & 0x3fff) != 0) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    int protocol = Octets.u8(packet, 9);
    int headerLength = Octets.u8(packet, 0) % 16 * 4;
    byte[] payload = Arrays.copyOfRange(packet, headerLength, packet.length);
    Outer outer = new Outer(packet, IpFamily.V4, arrival, icmp);
    if (protocol == TunnelProtocols.UDP) {
      return udp(outer, payload);
    }
    Option<RouterOutcome> opened =
        tunnels.open(outer, Carrier.ipProtocol(IpFamily.V4, protocol), payload);
    if (opened.isDefined()) {
      return opened.get();
    }
    if (state.isOutOfScope(protocol)) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    if (protocol == TunnelProtocols.IPIP) {
      return icmp.error(DropReason.UNKNOWN_TUNNEL);
    }
    if (protocol == TunnelProtocols.ICMP) {
      learn(payload);
    }
    return new NotModelled(NotModelledReason.LOCAL);
  }

  /**
   * The packet around a tunnel's payload.
   *
   * @param packet the packet, with its IP header
   * @param family its version
   * @param arrival how it came
   * @param icmp what an ICMP error to its source means
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Outer(byte[] packet, IpFamily family, Arrival arrival, IcmpRules icmp) {
    IpAddress source() {
      return Octets.source(packet, family);
    }

    IpAddress destination() {
      return Octets.destination(packet, family);
    }

    int tos() {
      return family == IpFamily.V4 ? Octets.u8(packet, 1) : Octets.u16(packet, 0) >> 4 & 0xff;
    }
  }

  /** {@code __udp4_lib_rcv} and {@code __udp6_lib_rcv}. */
  private RouterOutcome udp(Outer outer, byte[] payload) {
    int length = payload.length < UDP_HEADER ? 0 : Octets.u16(payload, 4);
    if (length < UDP_HEADER || length > payload.length) {
      return new Dropped(DropReason.TRUNCATED);
    }
    int port = Octets.u16(payload, 2);
    if (state.isUdpPortOutOfScope(port)) {
      return new NotModelled(NotModelledReason.DEVICE);
    }
    byte[] datagram = Arrays.copyOf(payload, length);
    Carrier carrier = Carrier.udpPort(outer.family(), Math.max(port, 1));
    boolean isServed = port != 0 && tunnels.isServed(carrier);
    boolean isRight =
        Octets.u16(datagram, 6) == 0
            ? outer.family() == IpFamily.V4 || (isServed && tunnels.isZeroChecksumTaken(carrier))
            : OuterHeader.udpChecksum(outer.source(), outer.destination(), datagram) == 0;
    if (!isRight) {
      return new Dropped(DropReason.UDP_CHECKSUM);
    }
    if (!isServed) {
      return new NotModelled(NotModelledReason.LOCAL);
    }
    return tunnels
        .open(outer, carrier, Arrays.copyOfRange(datagram, UDP_HEADER, length))
        .getOrElse(() -> new Dropped(DropReason.UNKNOWN_TUNNEL));
  }

  /** ICMP "fragmentation needed" about a packet of one of our tunnels lowers its path MTU. */
  private void learn(byte[] icmp) {
    boolean isTooBig =
        icmp.length >= 28
            && icmp[0] == DESTINATION_UNREACHABLE
            && icmp[1] == FRAGMENTATION_NEEDED
            && Octets.checksum(icmp, 0, icmp.length) == 0;
    if (!isTooBig) {
      return;
    }
    byte[] ours = Arrays.copyOfRange(icmp, 8, icmp.length);
    IpAddress local = Octets.source(ours, IpFamily.V4);
    IpAddress remote = Octets.destination(ours, IpFamily.V4);
    if (state
        .tunnels()
        .flatMap(t -> t.codec().outer())
        .exists(o -> o.local().forAll(l -> l.equals(local)) && o.remote().equals(remote))) {
      state.learnMtu(remote, Octets.u16(icmp, 6));
    }
  }

  RouterOutcome ipv6(byte[] packet, Arrival arrival, IcmpRules.V6 icmp) {
    ExtensionHeaders found = ExtensionHeaders.skip(packet);
    if (found.isFragment()) {
      return new NotModelled(NotModelledReason.FRAGMENT);
    }
    boolean isDiscovery =
        found.protocol() == ExtensionHeaders.ICMPV6
            && found.isComplete()
            && found.at() < packet.length
            && Octets.u8(packet, found.at()) >= NEIGHBOUR_FIRST
            && Octets.u8(packet, found.at()) <= NEIGHBOUR_LAST;
    if (isDiscovery) {
      return new NotModelled(NotModelledReason.NEIGHBOUR);
    }
    Option<RouterOutcome> options = HeaderOptions.destination(packet, icmp);
    if (options.isDefined()) {
      return options.get();
    }
    byte[] payload = Arrays.copyOfRange(packet, Math.min(found.at(), packet.length), packet.length);
    Outer outer = new Outer(packet, IpFamily.V6, arrival, icmp);
    if (found.protocol() == TunnelProtocols.UDP) {
      return udp(outer, payload);
    }
    return tunnels
        .open(outer, Carrier.ipProtocol(IpFamily.V6, found.protocol()), payload)
        .getOrElse(() ->
            new NotModelled(
                state.isOutOfScope(found.protocol())
                    ? NotModelledReason.DEVICE
                    : NotModelledReason.LOCAL));
  }
}
