package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.CLIENT;
import static io.culvert.testkit.router.Packets.REMOTE;
import static io.culvert.testkit.router.Packets.ROUTER_0;
import static io.culvert.testkit.router.Packets.ROUTER_1;
import static io.culvert.testkit.router.Packets.ethernet;
import static io.culvert.testkit.router.Packets.hex;
import static io.culvert.testkit.router.Packets.ipv4;
import static io.culvert.testkit.router.Packets.ipv6;
import static io.culvert.testkit.router.Packets.udp;
import static io.culvert.testkit.router.Packets.udp4;
import static io.culvert.testkit.router.Packets.withFragment;
import static io.culvert.testkit.router.RouterFixture.NO_OPTIONS;
import static io.culvert.testkit.router.RouterFixture.fromClient;
import static io.culvert.testkit.router.RouterFixture.fromRemote;
import static io.culvert.testkit.router.RouterFixture.ipv6FromClient;
import static io.culvert.testkit.router.RouterFixture.router;
import static io.culvert.testkit.router.RouterFixture.sent;
import static io.culvert.testkit.router.RouterFixture.tunnelled;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.wire.IpAddress;
import org.junit.jupiter.api.Test;

/** Tunnels where the captures do not show them. */
class TunnelRoutingTest {
  @Test
  void shouldOpenTunnelsOfTheConfiguredPeerOnly() {
    byte[] inner = udp4("10.5.0.1", "192.168.0.10", 64, 40);
    byte[] expected = ethernet(CLIENT, ROUTER_0, 0x0800, udp4("10.5.0.1", "192.168.0.10", 63, 40));
    RouterOutcome outcome = fromRemote(ROUTER_1, tunnelled("192.168.1.2", inner));
    assertThat(sent(outcome)).isEqualTo(expected);
    assertThat(((Forwarded) outcome).forwarding().ingressDevice()).isEqualTo(3);
    assertThat(fromRemote(ROUTER_1, tunnelled("192.168.1.3", inner)).word())
        .isEqualTo("not-modelled:icmp");
    // No error about a broadcast frame.
    assertThat(fromRemote("ffffffffffff", tunnelled("192.168.1.3", inner)).word())
        .isEqualTo("unknown-tunnel");
    // Inside a tunnel the frame's address no longer counts.
    assertThat(sent(fromRemote("ffffffffffff", tunnelled("192.168.1.2", inner))))
        .isEqualTo(expected);
  }

  @Test
  void shouldDropATooShortInnerPacketBeforeItAsksForTheTunnel() {
    assertThat(fromRemote(ROUTER_1, tunnelled("192.168.1.3", new byte[19])).word())
        .isEqualTo("tunnel-header");
  }

  @Test
  void shouldNotOpenATunnelThatIsDown() {
    byte[] packet = tunnelled("192.168.1.2", udp4("10.5.0.1", "192.168.0.10", 64, 40));
    RouterOutcome outcome =
        router("link set tun0 down").process(2, ethernet(ROUTER_1, REMOTE, 0x0800, packet));
    assertThat(outcome.word()).isEqualTo("not-modelled:icmp");
  }

  @Test
  void shouldReassembleNothing() {
    byte[] packet = tunnelled("192.168.1.2", udp4("10.5.0.1", "192.168.0.10", 64, 40));
    assertThat(fromRemote(ROUTER_1, withFragment(packet, 0x2000)).word())
        .isEqualTo("not-modelled:fragment");
  }

  @Test
  void shouldSendThroughTwoTunnels() {
    String second =
        """
        link add tun1 up type ipip local 192.168.0.2 remote 10.5.0.7 tos inherit
        route add 10.99.0.0/16 dev tun1
        """;
    byte[] packet = udp4("192.168.0.10", "10.99.2.3", 64, 40);
    packet[1] = (byte) 0xbb;
    Octets.fillHeaderChecksum(packet);
    RouterOutcome outcome = fromClient(second, 0x0800, packet);
    byte[] frame = sent(outcome);
    assertThat(((Forwarded) outcome).frames().single().pushed()).isEqualTo(2);
    assertThat(frame).hasSize(14 + 20 + 20 + 40);
    assertThat(Octets.address(frame, 30, 4)).isEqualTo(IpAddress.parse("192.168.1.2").get());
    assertThat(Octets.address(frame, 50, 4)).isEqualTo(IpAddress.parse("10.5.0.7").get());
    // The inner mark CE becomes ECT(0) outside (RFC 3168), the DSCP goes along only where
    // inherited.
    assertThat(Octets.u8(frame, 15)).isEqualTo(0x02);
    assertThat(Octets.u8(frame, 35)).isEqualTo(0xba);
    assertThat(Octets.u8(frame, 55)).isEqualTo(0xbb);
    assertThat(Octets.u8(frame, 22)).isEqualTo(63);
  }

  @Test
  void shouldStopLoopsOfTunnels() {
    String loop =
        """
        link add tun1 up type ipip local 192.168.0.2 remote 10.98.0.1
        route add 10.98.0.0/16 dev tun1
        """;
    assertThat(fromClient(loop, 0x0800, udp4("192.168.0.10", "10.98.0.9", 64, 40)).word())
        .isEqualTo("tunnel-loop");
    String ring =
        """
        link add tun1 up type ipip local 192.168.0.2 remote 10.97.0.1
        link add tun2 up type ipip local 192.168.0.2 remote 10.98.0.1
        route add 10.98.0.0/16 dev tun1
        route add 10.97.0.0/16 dev tun2
        """;
    assertThat(fromClient(ring, 0x0800, udp4("192.168.0.10", "10.98.0.9", 64, 40)).word())
        .isEqualTo("tunnel-loop");
  }

  @Test
  void shouldNotSendThroughATunnelWhoseLocalAddressIsGone() {
    String gone = "addr flush dev eth1\naddr add 192.168.1.9/24 dev eth1\n";
    assertThat(fromClient(gone, 0x0800, udp4("192.168.0.10", "10.5.2.3", 64, 40)).word())
        .isEqualTo("tunnel-source");
  }

  @Test
  void shouldDropWhatATunnelDoesNotCarry() {
    byte[] packet = ipv6("fd00:a::10", "fd00:c::1", 17, 64, udp(8));
    assertThat(ipv6FromClient(packet).word()).isEqualTo("unsupported-inner");
  }

  @Test
  void shouldHeedALearnedPathMtu() {
    ReferenceRouter router = router("");
    byte[] ours = ipv4("192.168.1.1", "192.168.1.2", 4, 64, NO_OPTIONS, new byte[8]);
    byte[] icmp = Octets.join(hex("0304 0000 0000 0400"), ours);
    Octets.put16(icmp, 2, Octets.checksum(icmp, 0, icmp.length));
    byte[] error = ipv4("192.168.1.2", "192.168.1.1", 1, 64, NO_OPTIONS, icmp);
    byte[] big = ethernet(ROUTER_0, CLIENT, 0x0800, udp4("192.168.0.10", "10.5.2.3", 64, 1100));
    assertThat(router.process(1, big).word()).isEmpty();
    assertThat(router.process(2, ethernet(ROUTER_1, REMOTE, 0x0800, error)).word())
        .isEqualTo("not-modelled:local");
    assertThat(router.process(1, big).word()).isEqualTo("not-modelled:pmtu");
  }
}
