package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Packets.forwarded;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.toGateway;
import static io.culvert.flowtable.fixture.Site.toHost;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.NaiveNat;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Rig.Shot;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.RouteQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows with address translation: source, destination, both, ports alone. */
class TranslationTest {
  private final Site site = Site.exact();

  private static FlowTuple tuple(
      String source, int sourcePort, String destination, int destinationPort, int protocol) {
    return new FlowTuple(ip(source), ip(destination), protocol, sourcePort, destinationPort);
  }

  /** A flow that comes in with one tuple and goes out with another. */
  private static FlowOffer offer(FlowTuple in, FlowTuple out, int ingress) {
    return new FlowOffer(in, out.reversed(), ingress, Duration.ZERO);
  }

  private static byte[] packet(FlowTuple tuple, int payload) {
    byte[] transport =
        tuple.protocol() == Packets.UDP
            ? Packets.udp(tuple.sourcePort(), tuple.destinationPort(), Packets.payload(payload))
            : Packets.tcp(
                tuple.sourcePort(), tuple.destinationPort(), 0x18, Packets.payload(payload));
    String source = tuple.source().toString();
    String destination = tuple.destination().toString();
    return NaiveNat.sealed(
        source.contains(":")
            ? Packets.ipv6(source, destination, tuple.protocol(), transport)
            : Packets.ipv4(source, destination, tuple.protocol(), transport));
  }

  private static void assertForwarded(Outcome outcome, int port, byte[] frame) {
    assertThat(outcome.reason()).isEqualTo(Reason.NONE);
    assertThat(outcome.port()).isEqualTo(port);
    assertThat(outcome.frame()).isEqualTo(frame);
  }

  /** Both directions between the LAN's host and the WAN's gateway, as the frames go by. */
  private void assertBothWays(FlowTuple in, FlowTuple out) {
    for (int payload : new int[] {0, 1, 2, 11, 1000}) {
      byte[] there = packet(in, payload);
      byte[] back = packet(out.reversed(), payload);
      byte[] sent = packet(out, payload);
      byte[] answered = packet(in.reversed(), payload);
      assertForwarded(site.rig().send(LAN, fromHost(there)), WAN, toGateway(forwarded(sent)));
      assertForwarded(site.rig().send(WAN, fromGateway(back)), LAN, toHost(forwarded(answered)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // source, with the port and without
    "10.1.0.2, 1000, 10.4.0.2, 2000, 192.0.2.1, 1000, 10.4.0.2, 2000",
    "10.1.0.2, 1000, 10.4.0.2, 2000, 192.0.2.1, 61000, 10.4.0.2, 2000",
    // destination, which was the router's own or nobody's
    "10.1.0.2, 1000, 10.1.0.1, 8080, 10.1.0.2, 1000, 10.4.0.2, 80",
    "10.1.0.2, 1000, 203.0.113.5, 8080, 10.1.0.2, 1000, 10.4.0.2, 8080",
    // both
    "10.1.0.2, 1000, 203.0.113.5, 8080, 192.0.2.1, 2, 10.4.0.2, 80",
    // ports alone, and the two exchanged: no sum changes
    "10.1.0.2, 1000, 10.4.0.2, 2000, 10.1.0.2, 1001, 10.4.0.2, 2000",
    "10.1.0.2, 1000, 10.4.0.2, 2000, 10.1.0.2, 2000, 10.4.0.2, 1000",
    "10.1.0.2, 65535, 10.4.0.2, 0, 10.1.0.2, 0, 10.4.0.2, 65535",
    // IPv6
    "2001:db8:1::2, 1000, 2001:db8:4::2, 2000, 2001:db8:ff::1, 1000, 2001:db8:4::2, 2000",
    "2001:db8:1::2, 1000, 2001:db8:1::1, 8080, 2001:db8:1::2, 1000, 2001:db8:4::2, 80",
    "2001:db8:1::2, 1000, fd00::1, 8080, 2001:db8:ff::1, 7, 2001:db8:4::2, 80",
    "2001:db8:1::2, 1000, 2001:db8:4::2, 2000, 2001:db8:1::2, 1001, 2001:db8:4::2, 2000",
  })
  void shouldTranslateThereAndBack(
      String source,
      int sourcePort,
      String destination,
      int destinationPort,
      String newSource,
      int newSourcePort,
      String newDestination,
      int newDestinationPort) {
    for (int protocol : new int[] {Packets.TCP, Packets.UDP}) {
      FlowTuple in = tuple(source, sourcePort, destination, destinationPort, protocol);
      FlowTuple out = tuple(newSource, newSourcePort, newDestination, newDestinationPort, protocol);
      Flow flow = site.accept(offer(in, out, LAN));
      assertThat(flow.isTranslated()).isTrue();
      assertThat(flow.tuple()).isEqualTo(in);
      assertThat(flow.translated()).isEqualTo(out);
      assertBothWays(in, out);
    }
  }

  @Test
  void shouldForwardAFlowWhoseReplyTupleIsTheReversedOneAsItIs() {
    FlowTuple tuple = Site.tuple("10.4.0.2");
    Flow flow = site.accept(offer(tuple, tuple, LAN));
    assertThat(flow.isTranslated()).isFalse();
    assertThat(flow).isEqualTo(site.accept(Site.offer("10.4.0.2")));
    assertThat(site.table().size()).isEqualTo(1);
    // Whatever its checksum: not even 0xffff becomes 0.
    byte[] odd = Packets.with(Packets.with(Site.packet("10.4.0.2"), 26, 0xff), 27, 0xff);
    assertForwarded(site.rig().send(LAN, fromHost(odd)), WAN, toGateway(forwarded(odd)));
  }

  /**
   * Into the tunnel the packet is translated first, out of it last; the outer header is nobody's.
   */
  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldTranslateWhatATunnelCarries(String there) {
    boolean isV4 = there.startsWith("10");
    FlowTuple in =
        isV4
            ? tuple("10.1.0.2", 1000, "203.0.113.5", 2000, 17)
            : tuple("2001:db8:1::2", 1000, "fd00::5", 2000, 17);
    FlowTuple out = tuple(isV4 ? "192.0.2.77" : "2001:db8:ff::1", 4000, there, 53, 17);
    site.accept(offer(in, out, LAN));
    byte[] outer = Packets.inToy("192.0.2.1", "192.0.2.9", 7, forwarded(packet(out, 10)));
    byte[] ours = Packets.with4(Packets.with4(Packets.with4(outer, 4, 0), 5, 0), 8, 63);
    assertForwarded(site.rig().send(LAN, fromHost(packet(in, 10))), WAN, toGateway(ours));
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(packet(out.reversed(), 10)))),
        LAN,
        toHost(forwarded(packet(in.reversed(), 10))));
  }

  /** An offer from the reply's side names the same flow. */
  @Test
  void shouldConfirmATranslatedFlowFromEitherSide() {
    FlowTuple in = tuple("10.1.0.2", 1000, "203.0.113.5", 8080, 6);
    FlowTuple out = tuple("192.0.2.1", 61000, "10.4.0.2", 80, 6);
    site.accept(offer(in, out, LAN));
    assertBothWays(in, out);
    site.table().policyChanged();
    assertThat(site.rig().send(LAN, fromHost(packet(in, 1))).reason()).isEqualTo(Reason.STALE);
    Flow turned = site.accept(offer(out.reversed(), in.reversed(), WAN));
    assertThat(site.table().size()).isEqualTo(1);
    assertThat(turned.translated()).isEqualTo(in.reversed());
    assertThat(site.table().counters(turned).originalPackets()).isEqualTo(5);
    assertBothWays(in, out);
  }

  /** The route is asked for as the packets ask: by where they go to, and where they come from. */
  @Test
  void shouldRouteByTheTranslatedDestinationAndTheSourceAsItCame() {
    FlowTuple in = tuple("10.1.0.2", 1000, "203.0.113.5", 8080, 6);
    FlowTuple out = tuple("192.0.2.1", 61000, "10.4.0.2", 80, 6);
    site.accept(offer(in, out, LAN));
    assertThat(site.network().asked())
        .containsExactly(
            new RouteQuery(
                ip("10.4.0.2"),
                io.vavr.control.Option.some(ip("10.1.0.2")),
                io.vavr.control.Option.none()),
            new RouteQuery(
                ip("10.1.0.2"),
                io.vavr.control.Option.some(ip("10.4.0.2")),
                io.vavr.control.Option.none()));
  }

  /** Hosts behind one address: their flows differ by the port that they got. */
  @Test
  void shouldKeepFlowsApartThatShareAnAddress() {
    site.network().neighbour(LAN, "10.1.0.3", Site.HOST_MAC);
    List<FlowTuple> in = new ArrayList<>();
    List<FlowTuple> out = new ArrayList<>();
    for (int host = 2; host <= 3; host++) {
      in.add(tuple("10.1.0." + host, 1000, "10.4.0.2", 53, 17));
      out.add(tuple("192.0.2.1", 999 + host, "10.4.0.2", 53, 17));
      site.accept(offer(in.getLast(), out.getLast(), LAN));
    }
    for (int i = 0; i < in.size(); i++) {
      assertBothWays(in.get(i), out.get(i));
    }
  }

  /** In a burst the frames of a translated flow and those of others do not mind each other. */
  @Test
  void shouldTranslateSomeFramesOfABurst() {
    FlowTuple in = tuple("10.1.0.2", 1000, "203.0.113.5", 8080, 6);
    FlowTuple out = tuple("192.0.2.1", 61000, "10.4.0.2", 80, 6);
    FlowTuple in6 = tuple("2001:db8:1::2", 1000, "fd00::5", 2000, 17);
    FlowTuple out6 = tuple("2001:db8:1::2", 1000, "2001:db8:4::2", 2000, 17);
    site.accept(offer(in, out, LAN));
    site.accept(offer(in6, out6, LAN));
    site.accept("10.4.0.2");
    List<Shot> shots = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      FlowTuple plain = Site.tuple("10.4.0.2");
      FlowTuple came = i % 5 == 0 ? in : i % 7 == 0 ? in6 : plain;
      FlowTuple went = i % 5 == 0 ? out : i % 7 == 0 ? out6 : plain;
      shots.add(new Shot(LAN, 0, fromHost(packet(came, i))));
      expected.add(toGateway(forwarded(packet(went, i))));
    }
    List<Outcome> outcomes = site.rig().send(shots);
    for (int i = 0; i < shots.size(); i++) {
      assertForwarded(outcomes.get(i), WAN, expected.get(i));
    }
  }

  /** A tunnel behind which the flow comes in, not goes out. */
  @Test
  void shouldTranslateAFlowThatComesOutOfATunnel() {
    FlowTuple in = tuple("10.2.0.2", 1000, "192.0.2.1", 2222, 6);
    FlowTuple out = tuple("10.2.0.2", 1000, "10.1.0.2", 22, 6);
    site.accept(offer(in, out, TOY));
    assertForwarded(
        site.rig().send(WAN, fromGateway(fromPeer(packet(in, 3)))),
        LAN,
        toHost(forwarded(packet(out, 3))));
  }

  @Test
  void shouldTakeATranslationAwayWithItsFlow() {
    FlowTuple in = tuple("10.1.0.2", 1000, "10.4.0.2", 2000, 17);
    site.accept(offer(in, tuple("192.0.2.1", 7, "10.4.0.2", 2000, 17), LAN));
    assertThat(site.table().remove(in, LAN)).isTrue();
    assertThat(site.rig().send(LAN, fromHost(packet(in, 1))).reason()).isEqualTo(Reason.MISS);
    // The entry is used again, and nothing of the old translation is left in it.
    site.accept(offer(in, in, LAN));
    assertBothWays(in, in);
  }
}
