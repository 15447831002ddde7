package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Packets.forwarded;
import static io.culvert.flowtable.fixture.Packets.inToy;
import static io.culvert.flowtable.fixture.Packets.ipv4;
import static io.culvert.flowtable.fixture.Packets.ipv6;
import static io.culvert.flowtable.fixture.Packets.with;
import static io.culvert.flowtable.fixture.Packets.with4;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.toGateway;
import static io.culvert.flowtable.fixture.Site.toHost;
import static io.culvert.flowtable.fixture.ToyProvider.TOY_PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.PassingProvider;
import io.culvert.flowtable.fixture.ProbeProvider;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyProvider;
import io.culvert.flowtable.worker.Reason;
import io.culvert.spi.Carrier;
import io.culvert.spi.LinkType.Layer;
import io.culvert.spi.Transit;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets of a tunnel protocol that only pass through, as flows of their own. */
class TransitTest {
  private static final Transit PROBES =
      new Transit(IpFamily.V6, TOY_PROTOCOL, 8, 0xffff_0000_0000_00ffL, 0x1f5a_0000_0000_0033L);

  private static final byte[] PROBE = {0x1f, 0x5a, 1, 2, 3, 4, 5, 0x33};
  private static final String HERE = "10.1.0.2";
  private static final String THERE = "10.4.0.2";
  private static final String HERE_6 = "2001:db8:1::2";
  private static final String THERE_6 = "2001:db8:4::2";

  private static Site site(MatchMode mode) {
    return Site.of(
        mode,
        PassingProvider.toy(),
        ToyProvider.bare(),
        new PassingProvider(
            new ProbeProvider(Carrier.ipProtocol(IpFamily.V6, TOY_PROTOCOL), Layer.L3, false),
            List.of(PROBES)));
  }

  private static FlowOffer offer(String from, String to, int ingress) {
    return new FlowOffer(
        new FlowTuple(ip(from), ip(to), TOY_PROTOCOL, 0, 0), ingress, Duration.ZERO);
  }

  /** A packet of a toy tunnel between two others. */
  private static byte[] toy(String from, String to) {
    return inToy(from, to, 7, Site.answer("10.2.0.2"));
  }

  private static void shouldForward(Site site, byte[] packet) {
    Rig.Outcome out = site.rig().send(LAN, fromHost(packet));
    assertThat(out.reason()).isEqualTo(Reason.NONE);
    assertThat(out.port()).isEqualTo(WAN);
    assertThat(out.frame()).isEqualTo(toGateway(forwarded(packet)));
  }

  private static void shouldLeave(Site site, Reason reason, byte[] packet) {
    Rig.Outcome out = site.rig().send(LAN, fromHost(packet));
    assertThat(out.reason()).as(Arrays.toString(packet)).isEqualTo(reason);
    assertThat(out.frame()).isEqualTo(fromHost(packet));
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldForwardBothWays(MatchMode mode) {
    Site site = site(mode);
    shouldLeave(site, Reason.MISS, toy(HERE, THERE));
    Flow flow = site.accept(offer(HERE, THERE, LAN));
    shouldForward(site, toy(HERE, THERE));
    byte[] back = toy(THERE, HERE);
    assertThat(site.rig().send(WAN, fromGateway(back)).frame()).isEqualTo(toHost(forwarded(back)));
    assertThat(site.table().counters(flow))
        .isEqualTo(new FlowCounters(1, back.length, 1, back.length));
    shouldLeave(site, Reason.MISS, toy(HERE, "10.4.0.3"));
    shouldLeave(site, Reason.MISS, toy("10.1.0.3", THERE));
    assertThat(site.rig().send(WAN, fromGateway(toy(HERE, THERE))).reason()).isEqualTo(Reason.MISS);
  }

  @Test
  void shouldForwardIpv6() {
    Site site = site(MatchMode.EXACT);
    site.accept(offer(HERE_6, THERE_6, LAN));
    byte[] packet = ipv6(HERE_6, THERE_6, TOY_PROTOCOL, PROBE);
    shouldForward(site, packet);
    byte[] back = ipv6(THERE_6, HERE_6, TOY_PROTOCOL, Arrays.copyOf(PROBE, 99));
    assertThat(site.rig().send(WAN, fromGateway(back)).frame()).isEqualTo(toHost(forwarded(back)));
    for (int at = 0; at < PROBE.length; at++) {
      boolean isGuard = at < 2 || at == 7;
      byte[] other = with(packet, 40 + at, packet[40 + at] ^ 0x80);
      if (isGuard) {
        shouldLeave(site, Reason.PROTOCOL, other);
      } else {
        shouldForward(site, other);
      }
    }
    for (int length = 0; length < PROBE.length; length++) {
      byte[] cut = ipv6(HERE_6, THERE_6, TOY_PROTOCOL, Arrays.copyOf(PROBE, length));
      shouldLeave(site, Reason.TRUNCATED, cut);
      shouldLeave(site, Reason.TRUNCATED, Arrays.copyOf(cut, 90));
    }
  }

  /** All values of the guarded bytes; what is behind is nobody's business here. */
  @Test
  void shouldForwardWhatTheGuardSaysAndNothingElse() {
    Site site = site(MatchMode.EXACT);
    site.accept(offer(HERE, THERE, LAN));
    for (int value = 0; value < 256; value++) {
      shouldFit(site, value == 0x7e, value, 0x0f);
      shouldFit(site, value >>> 4 == 0, 0x7e, value);
    }
  }

  private static void shouldFit(Site site, boolean fits, int first, int second) {
    byte[] packet = ipv4(HERE, THERE, TOY_PROTOCOL, (byte) first, (byte) second, (byte) 0xff);
    if (fits) {
      shouldForward(site, packet);
    } else {
      shouldLeave(site, Reason.PROTOCOL, packet);
    }
  }

  /**
   * The shortest packet that is meant, at the end of the memory; and shorter ones, padded or not.
   */
  @Test
  void shouldRefuseWhatEndsBeforeTheGuardDoes() {
    Site site = site(MatchMode.EXACT);
    site.accept(offer(HERE, THERE, LAN));
    shouldForward(site, ipv4(HERE, THERE, TOY_PROTOCOL, (byte) 0x7e, (byte) 0x0f));
    for (byte[] payload : new byte[][] {{}, {0x7e}}) {
      byte[] cut = ipv4(HERE, THERE, TOY_PROTOCOL, payload);
      shouldLeave(site, Reason.TRUNCATED, cut);
      shouldLeave(site, Reason.TRUNCATED, Arrays.copyOf(cut, 46));
    }
  }

  @Test
  void shouldForwardAllPacketsWhereNothingIsGuarded() {
    Site site =
        Site.of(
            MatchMode.EXACT,
            ToyProvider.toy(),
            new PassingProvider(
                ToyProvider.bare(), List.of(Transit.all(IpFamily.V4, ToyProvider.BARE_PROTOCOL))));
    FlowTuple tuple = new FlowTuple(ip(HERE), ip(THERE), ToyProvider.BARE_PROTOCOL, 0, 0);
    site.accept(new FlowOffer(tuple, LAN, Duration.ZERO));
    shouldForward(site, ipv4(HERE, THERE, ToyProvider.BARE_PROTOCOL));
    shouldForward(site, ipv4(HERE, THERE, ToyProvider.BARE_PROTOCOL, Packets.payload(40)));
    shouldLeave(site, Reason.PROTOCOL, toy(HERE, THERE));
  }

  @Test
  void shouldCheckTheIpHeaderAsOfAnyFlow() {
    Site site = site(MatchMode.EXACT);
    site.accept(offer(HERE, THERE, LAN));
    byte[] packet = toy(HERE, THERE);
    shouldLeave(site, Reason.FRAGMENT, with4(packet, 6, 0x20));
    shouldLeave(site, Reason.FRAGMENT, with4(packet, 7, 1));
    shouldLeave(site, Reason.TTL, with4(packet, 8, 1));
    shouldLeave(site, Reason.BAD_HEADER_CHECKSUM, with(packet, 11, packet[11] ^ 1));
    shouldLeave(site, Reason.BAD_TOTAL_LENGTH, with4(packet, 3, packet[3] + 1));
    shouldLeave(site, Reason.IP_OPTIONS, with4(packet, 0, 0x46));
    shouldLeave(site, Reason.MTU, inToy(HERE, THERE, 7, Arrays.copyOf(packet, 1473)));
    shouldForward(site, inToy(HERE, THERE, 7, Arrays.copyOf(packet, 1472)));
    site.table().policyChanged();
    shouldLeave(site, Reason.STALE, packet);
    byte[] six = ipv6(HERE_6, THERE_6, TOY_PROTOCOL, PROBE);
    shouldLeave(site, Reason.TTL, with(six, 7, 1));
    shouldLeave(site, Reason.FRAGMENT, with(six, 6, 44));
    shouldLeave(site, Reason.IP_OPTIONS, with(six, 6, 60));
    shouldLeave(site, Reason.PROTOCOL, with(six, 6, 59));
  }

  /** At an own end it is a tunnel's packet, whoever sent it, in every mode. */
  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldNeverTakeATunnelOfOursForTransit(MatchMode mode) {
    Site site = site(mode);
    site.accept("10.2.0.2");
    site.accept(offer(HERE, THERE, LAN));
    byte[] answer = Site.answer("10.2.0.2");
    assertThat(site.rig().send(WAN, fromGateway(fromPeer(answer))).frame())
        .isEqualTo(toHost(forwarded(answer)));
    Rig.Outcome other = site.rig().send(WAN, fromGateway(inToy(THERE, "192.0.2.1", 7, answer)));
    assertThat(other.reason()).isEqualTo(Reason.MISS);
    // Reserved bits: the provider's refusal, and not the guard's, which would say "protocol".
    byte[] odd = with(fromPeer(answer), 21, 0xf0);
    assertThat(site.rig().send(WAN, fromGateway(odd)).reason()).isEqualTo(Reason.ENCAP_UNSUPPORTED);
  }

  /** Somebody's tunnel inside one of ours: the key is formed behind ours. */
  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldForwardOutOfATunnelAndIntoIt(MatchMode mode) {
    Site site = site(mode);
    site.accept(offer("10.2.0.2", HERE, TOY));
    byte[] back = toy("10.2.0.2", HERE);
    assertThat(site.rig().send(WAN, fromGateway(fromPeer(back))).frame())
        .isEqualTo(toHost(forwarded(back)));
    byte[] packet = toy(HERE, "10.2.0.2");
    Rig.Outcome pushed = site.rig().send(LAN, fromHost(packet));
    assertThat(pushed.reason()).isEqualTo(Reason.NONE);
    byte[] inside = Arrays.copyOfRange(pushed.frame(), 14 + 28, pushed.frame().length);
    assertThat(inside).isEqualTo(forwarded(packet));
    // The same packet without our tunnel, or in another one, belongs to no flow.
    assertThat(site.rig().send(WAN, fromGateway(back)).reason()).isEqualTo(Reason.MISS);
    assertThat(site.rig().send(WAN, fromGateway(inToy("192.0.2.9", "192.0.2.1", 8, back))).reason())
        .isEqualTo(Reason.MISS);
    byte[] odd = with(back, 21, 0xf0);
    assertThat(site.rig().send(WAN, fromGateway(fromPeer(odd))).reason())
        .isEqualTo(Reason.PROTOCOL);
  }

  @Test
  void shouldRefuseAnOfferWithPorts() {
    FlowTable table = site(MatchMode.EXACT).table();
    for (int[] ports : new int[][] {{1, 0}, {0, 1}, {1000, 2000}}) {
      FlowTuple tuple = new FlowTuple(ip(HERE), ip(THERE), TOY_PROTOCOL, ports[0], ports[1]);
      OffloadError error = table.offer(new FlowOffer(tuple, LAN, Duration.ZERO)).getLeft();
      assertThat(error).isEqualTo(new OffloadError.Ports(TOY_PROTOCOL, ports[0], ports[1]));
      assertThat(error.message())
          .isEqualTo(
              "protocol 253 has no ports: expected 0 and 0, got %d and %d", ports[0], ports[1]);
    }
  }

  @Test
  void shouldSayWhichProtocolsAreOffloaded() {
    FlowTable table = site(MatchMode.EXACT).table();
    FlowTuple four = new FlowTuple(ip(HERE), ip(THERE), 50, 0, 0);
    assertThat(table.offer(new FlowOffer(four, LAN, Duration.ZERO)).getLeft().message())
        .isEqualTo(
            "protocol 50 is not offloaded over IPv4;"
                + " expected 6 (TCP), 17 (UDP) or, without ports, 253");
    FlowTable plain = Site.exact().table();
    FlowTuple toys = new FlowTuple(ip(HERE), ip(THERE), TOY_PROTOCOL, 0, 0);
    assertThat(plain.offer(new FlowOffer(toys, LAN, Duration.ZERO)).getLeft().message())
        .isEqualTo("protocol 253 is not offloaded over IPv4; expected 6 (TCP) or 17 (UDP)");
    // One family's declaration is not the other's.
    Site fourOnly = Site.of(MatchMode.EXACT, PassingProvider.toy(), ToyProvider.bare());
    FlowTuple six = new FlowTuple(ip(HERE_6), ip(THERE_6), TOY_PROTOCOL, 0, 0);
    assertThat(fourOnly.table().offer(new FlowOffer(six, LAN, Duration.ZERO)).getLeft().message())
        .contains("over IPv6; expected 6 (TCP) or 17 (UDP)");
    shouldLeave(fourOnly, Reason.PROTOCOL, ipv6(HERE_6, THERE_6, TOY_PROTOCOL, PROBE));
  }

  @Test
  void shouldNotSayPortsWhereThereAreNone() {
    assertThat(offer(HERE, THERE, LAN).tuple()).hasToString("protocol 253 10.1.0.2 -> 10.4.0.2");
    assertThat(Site.tuple(THERE)).hasToString("udp 10.1.0.2 1000 -> 10.4.0.2 2000");
  }
}
