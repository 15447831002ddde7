package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.forwarded;
import static io.culvert.flowtable.fixture.Packets.inBare;
import static io.culvert.flowtable.fixture.Packets.inToy;
import static io.culvert.flowtable.fixture.Packets.with4;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.toGateway;
import static io.culvert.flowtable.fixture.Site.toHost;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Rig.Shot;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is forwarded leaves byte for byte as a router would send it. */
class ForwardingTest {

  private static void assertForwarded(Outcome outcome, int port, byte[] frame) {
    assertThat(outcome.reason()).isEqualTo(Reason.NONE);
    assertThat(outcome.port()).isEqualTo(port);
    assertThat(outcome.frame()).isEqualTo(frame);
  }

  /** An outer packet of ours: id 0 and DF (RFC 6864), the TTL inherited, TOS 0. */
  private static byte[] ours(byte[] outer) {
    return with4(with4(with4(outer, 4, 0), 5, 0), 8, 63);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.4.0.2", "2001:db8:4::2"})
  void shouldForwardPlainPacketsBothWays(String there) {
    Site site = Site.exact();
    site.accept(there);
    assertForwarded(
        site.rig().send(LAN, fromHost(packet(there))), WAN, toGateway(forwarded(packet(there))));
    assertForwarded(
        site.rig().send(WAN, fromGateway(answer(there))), LAN, toHost(forwarded(answer(there))));
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldPushAndPopIpv4InEveryMatchMode(MatchMode match) {
    Site site = Site.of(match);
    site.accept("10.2.0.2");
    byte[] packet = packet("10.2.0.2");
    byte[] answer = answer("10.2.0.2");
    assertForwarded(
        site.rig().send(LAN, fromHost(packet)),
        WAN,
        toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, forwarded(packet)))));
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(answer))), LAN, toHost(forwarded(answer)));
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldPushAndPopIpv6InEveryMatchMode(MatchMode match) {
    Site site = Site.of(match);
    site.accept("2001:db8:2::2");
    byte[] packet = packet("2001:db8:2::2");
    byte[] answer = answer("2001:db8:2::2");
    assertForwarded(
        site.rig().send(LAN, fromHost(packet)),
        WAN,
        toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, forwarded(packet)))));
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(answer))), LAN, toHost(forwarded(answer)));
  }

  @Test
  void shouldPushAndPopATunnelWithoutShim() {
    Site site = Site.exact();
    site.accept("10.3.0.2");
    byte[] packet = packet("10.3.0.2");
    byte[] answer = answer("10.3.0.2");
    assertForwarded(
        site.rig().send(LAN, fromHost(packet)),
        WAN,
        toGateway(ours(inBare("192.0.2.1", "192.0.2.8", forwarded(packet)))));
    assertForwarded(
        site.rig().send(WAN, fromGateway(inBare("192.0.2.8", "192.0.2.1", answer))),
        LAN,
        toHost(forwarded(answer)));
  }

  @Test
  void shouldPopOneTunnelAndPushAnother() {
    Site site = Site.exact();
    FlowTuple tuple =
        new FlowTuple(FakeNetwork.ip("10.2.0.2"), FakeNetwork.ip("10.3.0.2"), 17, 1000, 2000);
    site.accept(new FlowOffer(tuple, Site.TOY, Duration.ZERO));
    byte[] udp = Packets.udp(1000, 2000, Packets.payload(10));
    byte[] packet = Packets.ipv4("10.2.0.2", "10.3.0.2", 17, udp);
    byte[] back = Packets.ipv4("10.3.0.2", "10.2.0.2", 17, Packets.udp(2000, 1000));
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(packet))),
        WAN,
        toGateway(ours(inBare("192.0.2.1", "192.0.2.8", forwarded(packet)))));
    assertForwarded(
        site.rig().send(WAN, fromGateway(inBare("192.0.2.8", "192.0.2.1", back))),
        WAN,
        toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, forwarded(back)))));
  }

  @Test
  void shouldPushAndPopATunnelInATunnel() {
    Site site = Site.exact();
    site.accept("10.6.0.2");
    byte[] packet = packet("10.6.0.2");
    byte[] answer = answer("10.6.0.2");
    byte[] middle = ours(inToy("172.16.0.1", "172.16.0.2", 8, forwarded(packet)));
    assertForwarded(
        site.rig().send(LAN, fromHost(packet)),
        WAN,
        toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, middle))));
    byte[] middleBack = inToy("172.16.0.2", "172.16.0.1", 8, answer);
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(middleBack))), LAN, toHost(forwarded(answer)));
  }

  @Test
  void shouldForwardTcpWithoutAnEdge() {
    Site site = Site.exact();
    FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.2.0.2"), Packets.TCP, 1000, 2000);
    site.accept(new FlowOffer(tuple, LAN, Duration.ZERO));
    for (int flags : new int[] {0x10, 0x18, 0x38, 0xd0, 0x00}) {
      byte[] segment = Packets.tcp(1000, 2000, flags);
      byte[] packet = Packets.ipv4("10.1.0.2", "10.2.0.2", Packets.TCP, segment);
      assertForwarded(
          site.rig().send(LAN, fromHost(packet)),
          WAN,
          toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, forwarded(packet)))));
    }
  }

  private static io.culvert.wire.IpAddress ip(String text) {
    return FakeNetwork.ip(text);
  }

  /** Padding and trailing bytes are not payload: CVE-2020-35498 of a peer. */
  @Test
  void shouldTrimWhatIsBehindTheIpLength() {
    Site site = Site.exact();
    site.accept("10.4.0.2");
    site.accept("10.2.0.2");
    site.accept("2001:db8:4::2");
    byte[] plain = packet("10.4.0.2");
    byte[] six = packet("2001:db8:4::2");
    byte[] answer = answer("10.2.0.2");
    for (int extra : new int[] {1, 2, 7, 22, 100}) {
      assertForwarded(
          site.rig().send(LAN, padded(fromHost(plain), extra)), WAN, toGateway(forwarded(plain)));
      assertForwarded(
          site.rig().send(LAN, padded(fromHost(six), extra)), WAN, toGateway(forwarded(six)));
      assertForwarded(
          site.rig().send(WAN, padded(fromGateway(fromPeer(answer)), extra)),
          LAN,
          toHost(forwarded(answer)));
    }
  }

  private static byte[] padded(byte[] frame, int extra) {
    byte[] longer = Arrays.copyOf(frame, frame.length + extra);
    Arrays.fill(longer, frame.length, longer.length, (byte) 0xee);
    return longer;
  }

  /** Bits that the toy protocol leaves free decide nothing, and do not come through. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 15})
  void shouldTakeAShimWithFreeBitsSet(int free) {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    byte[] answer = answer("10.2.0.2");
    byte[] shim = Packets.with(Packets.toy(7, answer), 1, free);
    assertForwarded(
        site.rig().send(WAN, fromGateway(Packets.ipv4("192.0.2.9", "192.0.2.1", 253, shim))),
        LAN,
        toHost(forwarded(answer)));
  }

  @Test
  void shouldForwardEveryPayloadLengthUpToTheMtu() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    for (int length = 0; length <= 1472 - 28; length += length < 40 ? 1 : 61) {
      byte[] udp = Packets.udp(1000, 2000, Packets.payload(length));
      byte[] packet = Packets.ipv4("10.1.0.2", "10.2.0.2", 17, udp);
      assertForwarded(
          site.rig().send(LAN, fromHost(packet)),
          WAN,
          toGateway(ours(inToy("192.0.2.1", "192.0.2.9", 7, forwarded(packet)))));
    }
  }

  /** A mixed burst of the greatest size gives each frame what it gets alone. */
  @Test
  void shouldTreatFramesOfABurstAsIfTheyCameAlone() {
    Site site = Site.exact();
    List<Shot> kinds = new ArrayList<>();
    for (String there : new String[] {"10.4.0.2", "10.2.0.2", "10.6.0.2", "2001:db8:2::2"}) {
      site.accept(there);
      kinds.add(new Shot(LAN, 70, fromHost(packet(there))));
    }
    kinds.add(new Shot(WAN, 70, fromGateway(fromPeer(answer("10.2.0.2")))));
    kinds.add(new Shot(WAN, 0, fromGateway(fromPeer(answer("10.2.0.3")))));
    kinds.add(new Shot(3, 0, fromHost(packet("10.4.0.2"))));
    kinds.add(new Shot(LAN, 70, new byte[5]));
    List<Shot> burst = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      burst.add(kinds.get(i * 7 % kinds.size()));
    }
    List<Outcome> outcomes = site.rig().send(burst);
    for (int i = 0; i < burst.size(); i++) {
      Outcome alone = site.rig().send(List.of(burst.get(i))).getFirst();
      assertThat(outcomes.get(i).reason()).isEqualTo(alone.reason());
      assertThat(outcomes.get(i).port()).isEqualTo(alone.port());
      assertThat(outcomes.get(i).frame()).isEqualTo(alone.frame());
    }
    assertThat(outcomes).anyMatch(outcome -> outcome.reason() == Reason.NONE);
    assertThat(site.rig().send(List.of())).isEmpty();
  }

  /** The address columns of an IPv6 frame and of the IPv4 frames behind it once overlapped. */
  @Test
  void regression_shouldFindAnIpv6FlowInFrontOfIpv4FramesInOneBurst() {
    Site site = Site.exact();
    site.accept("2001:db8:4::2");
    site.accept("10.4.0.2");
    Shot six = new Shot(LAN, 0, fromHost(packet("2001:db8:4::2")));
    Shot four = new Shot(LAN, 0, fromHost(packet("10.4.0.2")));
    assertThat(site.rig().send(List.of(six, four, four, four, six, four, six)))
        .extracting(Outcome::reason)
        .containsOnly(Reason.NONE);
  }
}
