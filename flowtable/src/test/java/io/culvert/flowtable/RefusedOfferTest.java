package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.FakeNetwork.portMac;
import static io.culvert.flowtable.fixture.FakeNetwork.settings;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.NESTED;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.offer;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.OffloadError.Asymmetric;
import io.culvert.flowtable.OffloadError.ForeignPort;
import io.culvert.flowtable.OffloadError.Hairpin;
import io.culvert.flowtable.OffloadError.KeyTaken;
import io.culvert.flowtable.OffloadError.NoPath;
import io.culvert.flowtable.OffloadError.NotComposable;
import io.culvert.flowtable.OffloadError.NotUnicast;
import io.culvert.flowtable.OffloadError.Protocol;
import io.culvert.flowtable.OffloadError.Untranslatable;
import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Site;
import io.culvert.path.Device;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.spi.EncapError;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason why a flow stays on the slow path, with the facts in it; nothing is left behind. */
class RefusedOfferTest {
  private final Site site = Site.exact();
  private final FlowTable table = site.table();
  private final FakeNetwork network = site.network();

  @AfterEach
  void shouldLeaveNothingBehind() {
    table.flows().forEach(flow -> table.remove(flow.tuple(), flow.ingress()));
    assertThat(table.memoryUse().stacks()).isZero();
    assertThat(table.memoryUse().templates()).isZero();
    assertThat(table.size()).isZero();
  }

  private OffloadError refused(FlowOffer offer) {
    OffloadError error = table.offer(offer).getLeft();
    assertThat(error.message()).isNotBlank();
    assertThat(error.label()).matches("[a-z]+(-[a-z]+)*");
    return error;
  }

  private PathError noPath(String there) {
    OffloadError error = refused(offer(there));
    assertThat(error).isInstanceOf(NoPath.class);
    assertThat(error.message()).startsWith("original: ");
    return ((NoPath) error).error();
  }

  private static FlowOffer from(String source, String destination, int protocol, int ingress) {
    FlowTuple tuple = new FlowTuple(ip(source), ip(destination), protocol, 1000, 2000);
    return new FlowOffer(tuple, ingress, Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 47, 58, 132, 255})
  void shouldRefuseOtherProtocols(int protocol) {
    assertThat(refused(from("10.1.0.2", "10.4.0.2", protocol, LAN)))
        .isEqualTo(new Protocol(IpFamily.V4, protocol, List.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, UNSPECIFIED, 0.0.0.0 is the unspecified address",
    "0.0.0.1, THIS_NETWORK, 0.0.0.1 is an address of network 0",
    "0.255.255.255, THIS_NETWORK, 0.255.255.255 is an address of network 0",
    "127.0.0.1, LOOPBACK, 127.0.0.1 is a loopback address",
    "127.255.255.255, LOOPBACK, 127.255.255.255 is a loopback address",
    "224.0.0.5, MULTICAST, 224.0.0.5 is a multicast address",
    "239.255.255.255, MULTICAST, 239.255.255.255 is a multicast address",
    "255.255.255.255, BROADCAST, 255.255.255.255 is a broadcast address",
    "10.4.255.255, BROADCAST, 10.4.255.255 is a broadcast address",
    "10.1.0.1, LOCAL, 10.1.0.1 is an address of this router",
    "192.0.2.1, LOCAL, 192.0.2.1 is an address of this router"
  })
  void shouldRefuseAddressesThatAreNoOtherHosts(String address, AddressKind kind, String message) {
    network.broadcast("10.4.255.255");
    NotUnicast expected = new NotUnicast(ip(address), kind);
    assertThat(refused(from("10.1.0.2", address, 17, LAN))).isEqualTo(expected);
    assertThat(refused(from(address, "10.4.0.2", 17, LAN))).isEqualTo(expected);
    assertThat(expected.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({
    "::, UNSPECIFIED",
    "::1, LOOPBACK",
    "ff02::1, MULTICAST",
    "ff0e::1, MULTICAST",
    "fe80::2, LINK_LOCAL",
    "febf:ffff::1, LINK_LOCAL",
    "::ffff:10.4.0.2, MAPPED",
    "2001:db8:1::1, LOCAL"
  })
  void shouldRefuseIpv6AddressesThatAreNoOtherHosts(String address, AddressKind kind) {
    network.local("2001:db8:1::1");
    NotUnicast expected = new NotUnicast(ip(address), kind);
    assertThat(refused(from("2001:db8:1::2", address, 17, LAN))).isEqualTo(expected);
    assertThat(refused(from(address, "2001:db8:4::2", 17, LAN))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255"})
  void shouldTakeAddressesBesideThoseThatAreRefused(String address) {
    network.route("0.0.0.0/0", WAN, "192.0.2.2");
    site.accept(from("10.1.0.2", address, 17, LAN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"240.0.0.1", "255.255.255.254", "169.254.1.1"})
  void shouldTakeIpv4AddressesThatLinuxForwards(String address) {
    network.route("0.0.0.0/0", WAN, "192.0.2.2");
    site.accept(from("10.1.0.2", address, 17, LAN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fec0::1", "fe7f::1", "::2", "::fffe:a04:2", "feff::1"})
  void shouldTakeIpv6AddressesBesideThoseThatAreRefused(String address) {
    network.route("::/0", WAN, "fe80::2");
    site.accept(from("2001:db8:1::2", address, 17, LAN));
  }

  /**
   * Back out of the device that it came in by; by the same port in another tunnel is no hairpin.
   */
  @Test
  void shouldRefuseAHairpin() {
    network.neighbour(LAN, "10.1.0.3", 5);
    OffloadError error = refused(from("10.1.0.2", "10.1.0.3", 17, LAN));
    assertThat(error).isEqualTo(new Hairpin(ip("10.1.0.3"), "eth0"));
    assertThat(error.message())
        .isEqualTo("the flow came in by eth0, and the route to 10.1.0.3 leads back");
    assertThat(refused(from("10.2.0.2", "10.2.0.3", 17, TOY)))
        .isEqualTo(new Hairpin(ip("10.2.0.3"), "toy0"));
    site.accept(from("10.2.0.2", "10.3.0.2", 17, TOY));
    site.accept(from("10.2.0.2", "10.4.0.2", 17, TOY));
    site.accept(from("10.6.0.2", "10.2.0.2", 17, NESTED));
  }

  @Test
  void shouldRefuseAFlowWithoutRouteInEitherDirection() {
    assertThat(noPath("10.9.0.2")).isEqualTo(new PathError.NoRoute(ip("10.9.0.2"), "the flow"));
    assertThat(refused(from("10.9.0.2", "10.4.0.2", 17, LAN)))
        .isEqualTo(new NoPath("reply", new PathError.NoRoute(ip("10.9.0.2"), "the flow")));
    network.withoutRoute("192.0.2.0/24");
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoRoute(ip("192.0.2.9"), "toy0"));
  }

  @Test
  void shouldRefuseANextHopThatIsNotKnown() {
    network.withoutNeighbour(WAN, "192.0.2.2");
    assertThat(noPath("10.4.0.2")).isEqualTo(new PathError.NoNeighbour(ip("192.0.2.2"), "eth1"));
    network.withoutNeighbour(WAN, "192.0.2.9");
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoNeighbour(ip("192.0.2.9"), "eth1"));
  }

  @Test
  void shouldRefuseAWayOverADeviceThatIsDown() {
    network.device(new Device.Port(WAN, "eth1", portMac(WAN), 1500, false));
    assertThat(noPath("10.4.0.2")).isEqualTo(new PathError.DeviceDown("eth1"));
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.DeviceDown("eth1"));
    Settings settings = settings("toy", "192.0.2.1", "192.0.2.9");
    network.device(new Device.Virtual(TOY, "toy0", settings, 1472, false));
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.DeviceDown("toy0"));
  }

  @Test
  void shouldRefuseAWayOverADeviceThatIsOutOfScopeOrGone() {
    network.device(new Device.OutOfScope(TOY, "toy0", 1472, true, "it is a bridge"));
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.OutOfScope("toy0", "it is a bridge"));
    network.tunnel(TOY, "toy0", 1472, Settings.of("unheard-of"));
    assertThat(noPath("10.2.0.2"))
        .isEqualTo(new PathError.OutOfScope("toy0", "no provider for unheard-of"));
    network.route("10.2.0.0/16", 99);
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoDevice("with index 99"));
    network.tunnel(
        BARE, "bare0", 1480, settings("bare", "192.0.2.1", "192.0.2.8").with("dev", "x"));
    assertThat(noPath("10.3.0.2")).isEqualTo(new PathError.NoDevice("x"));
  }

  @Test
  void shouldRefuseWhatTheProviderRefusesWithAllItsReasons() {
    network.tunnel(TOY, "toy0", 1472, Settings.of("toy"));
    assertThat(noPath("10.2.0.2"))
        .isEqualTo(
            new PathError.Refused(
                "toy0", List.of(new EncapError.Missing("local and remote", "both ends"))));
    network.route("2001:db8:3::/48", BARE);
    assertThat(noPath("2001:db8:3::2").message()).contains("bare0", "EtherType 0x86dd");
  }

  /**
   * The toy does not look at its ends' family: its answer is its fault, not an exception of ours.
   */
  @Test
  void regression_shouldRefuseAnAnswerThatContradictsItselfWithAValue() {
    network.tunnel(TOY, "toy0", 1472, "toy", "2001:db8:1::1", "2001:db8:4::9");
    assertThat(noPath("10.2.0.2").message()).contains("provider toy failed in tuple");
  }

  /** A tunnel whose outer packets are routed into itself, and two that go into each other. */
  @Test
  void shouldRefuseAWayThatComesBackToADevice() {
    network.route("192.0.2.9/32", TOY);
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.Loop(List.of("toy0", "toy0")));
    network.route("192.0.2.9/32", BARE).route("192.0.2.8/32", TOY);
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.Loop(List.of("toy0", "bare0", "toy0")));
  }

  /** A chain of tunnels, each of which goes into the next; the last one leaves by the WAN. */
  private void chain(String type, int count) {
    for (int n = 0; n < count; n++) {
      String remote = n == count - 1 ? "192.0.2.9" : "172.20.0." + n;
      network.tunnel(100 + n, "t" + n, 1500, type, "192.0.2.1", remote);
      if (n < count - 1) {
        network.route(remote + "/32", 101 + n);
      }
    }
    network.route("10.7.0.0/16", 100);
  }

  @Test
  void shouldTakeEightLayersAndRefuseNine() {
    chain("bare", 8);
    assertThat(site.accept("10.7.0.2").original().layers()).hasSize(8);
    chain("bare", 9);
    PathError error = noPath("10.7.0.3");
    assertThat(error).isInstanceOf(PathError.TooDeep.class);
    assertThat(((PathError.TooDeep) error).most()).isEqualTo(8);
  }

  /** Eight layers with a length each are more operations than a template holds: no exception. */
  @Test
  void regression_shouldRefuseMoreOperationsThanATemplateHoldsWithAValue() {
    chain("toy", 7);
    assertThat(site.accept("10.7.0.2").original().layers()).hasSize(7);
    chain("toy", 8);
    assertThat(refused(offer("10.7.0.3"))).isInstanceOf(NotComposable.class);
  }

  @Test
  void shouldRefuseAWayThroughWhichNothingFits() {
    network.tunnel(TOY, "toy0", 68, settings("toy", "192.0.2.1", "192.0.2.9"));
    assertThat(site.accept("10.2.0.2").original().mtu()).isEqualTo(68);
    network.tunnel(TOY, "toy0", 67, settings("toy", "192.0.2.1", "192.0.2.9"));
    assertThat(noPath("10.2.0.3")).isEqualTo(new PathError.MtuTooSmall("eth1", 67, 68));
    network.tunnel(TOY, "toy0", 1279, settings("toy", "192.0.2.1", "192.0.2.9"));
    assertThat(noPath("2001:db8:2::2")).isEqualTo(new PathError.MtuTooSmall("toy0", 1279, 1280));
    network.route("10.4.0.0/16", new Route(WAN, Option.some(ip("192.0.2.2")), Option.some(60)));
    assertThat(noPath("10.4.0.2")).isEqualTo(new PathError.MtuTooSmall("eth1", 60, 68));
  }

  @Test
  void shouldRefuseAPortThatIsNotTheTables() {
    network.port(3, "eth2", 1500).route("10.8.0.0/16", 3).neighbour(3, "10.8.0.2", 5);
    assertThat(refused(offer("10.8.0.2"))).isEqualTo(new ForeignPort("eth2"));
    assertThat(refused(from("10.8.0.2", "10.4.0.2", 17, 3))).isEqualTo(new ForeignPort("eth2"));
    assertThat(table.addPort(3).isRight()).isTrue();
    site.accept("10.8.0.2");
    table.removePort(3);
    assertThat(refused(offer("10.8.0.2"))).isEqualTo(new ForeignPort("eth2"));
  }

  @Test
  void shouldRefuseAFlowThatCameInByAnotherDeviceThanItsAnswersLeaveBy() {
    assertThat(refused(from("10.1.0.2", "10.4.0.2", 17, WAN)))
        .isEqualTo(new Asymmetric(ip("10.1.0.2"), "eth1", "eth0"));
    assertThat(refused(from("10.2.0.2", "10.1.0.2", 17, WAN)))
        .isEqualTo(new Asymmetric(ip("10.2.0.2"), "eth1", "toy0"));
    assertThat(refused(from("10.2.0.2", "10.1.0.2", 17, NESTED)))
        .isEqualTo(new Asymmetric(ip("10.2.0.2"), "toy1", "toy0"));
    assertThat(refused(from("10.1.0.2", "10.4.0.2", 17, 99)))
        .isEqualTo(new Asymmetric(ip("10.1.0.2"), "device 99", "eth0"));
  }

  @Test
  void shouldRefuseAFlowOfAHostToItself() {
    assertThat(refused(from("10.1.0.2", "10.1.0.2", 17, LAN)))
        .isEqualTo(new Hairpin(ip("10.1.0.2"), "eth0"));
    FlowTuple self = new FlowTuple(ip("10.1.0.2"), ip("10.1.0.2"), 17, 7, 7);
    assertThat(refused(new FlowOffer(self, LAN, Duration.ZERO)))
        .isEqualTo(new Hairpin(ip("10.1.0.2"), "eth0"));
  }

  private static FlowOffer translated(String source, String destination, String out, String to) {
    FlowTuple in = new FlowTuple(ip(source), ip(destination), 17, 1000, 2000);
    FlowTuple back = new FlowTuple(ip(to), ip(out), 17, 53, 4000);
    return new FlowOffer(in, back, LAN, Duration.ZERO);
  }

  /** The addresses in front may be ours; those behind a translation may not. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, UNSPECIFIED",
    "127.0.0.1, LOOPBACK",
    "224.0.0.5, MULTICAST",
    "255.255.255.255, BROADCAST",
    "192.0.2.1, LOCAL"
  })
  void shouldRefuseTranslationsToAndFromAddressesThatAreNoHosts(String address, AddressKind kind) {
    NotUnicast error = new NotUnicast(ip(address), kind);
    String[] good = {"10.1.0.2", "203.0.113.5", "192.0.2.7", "10.4.0.2"};
    for (int which = 0; which < good.length; which++) {
      String[] bad = good.clone();
      bad[which] = address;
      FlowOffer offer = translated(bad[0], bad[1], bad[2], bad[3]);
      boolean isInFront = which == 1 || which == 2;
      if (isInFront && kind == AddressKind.LOCAL) {
        site.accept(offer);
        table.remove(offer.tuple(), LAN);
      } else {
        assertThat(refused(offer)).isEqualTo(error);
      }
    }
  }

  @Test
  void shouldRefuseATranslationIntoAnotherVersionOrProtocol() {
    FlowTuple tuple = tuple("10.4.0.2");
    FlowTuple six = tuple("2001:db8:4::2").reversed();
    FlowTuple tcp = new FlowTuple(ip("10.4.0.2"), ip("10.1.0.2"), 6, 2000, 1000);
    for (FlowTuple reply : new FlowTuple[] {six, tcp}) {
      OffloadError error = refused(new FlowOffer(tuple, reply, LAN, Duration.ZERO));
      assertThat(error).isEqualTo(new Untranslatable(tuple, reply));
      assertThat(error.message()).contains("10.1.0.2 1000 -> 10.4.0.2 2000", "expected the same");
    }
    FlowTuple gre = new FlowTuple(ip("10.4.0.2"), ip("192.0.2.1"), 47, 0, 0);
    assertThat(
            refused(
                new FlowOffer(
                    new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 47, 0, 0),
                    gre,
                    LAN,
                    Duration.ZERO)))
        .isEqualTo(new Protocol(IpFamily.V4, 47, List.empty()));
  }

  /** Two hosts behind one address and port: the answers of both would be one flow. */
  @Test
  void shouldRefuseATranslationThatMakesTwoFlowsOne() {
    network.neighbour(LAN, "10.1.0.3", Site.HOST_MAC);
    FlowOffer first = translated("10.1.0.2", "10.4.0.2", "192.0.2.1", "10.4.0.2");
    FlowOffer second = translated("10.1.0.3", "10.4.0.2", "192.0.2.1", "10.4.0.2");
    Flow flow = site.accept(first);
    assertThat(refused(second)).isEqualTo(new KeyTaken(second.replyTuple()));
    // Another translation of the same packets, and none, are other flows too.
    assertThat(refused(new FlowOffer(first.tuple(), LAN, Duration.ZERO)))
        .isEqualTo(new KeyTaken(first.tuple()));
    assertThat(refused(new FlowOffer(first.replyTuple(), WAN, Duration.ZERO)))
        .isInstanceOf(NotUnicast.class);
    assertThat(table.flows()).containsExactly(flow);
    assertThat(table.remove(first.tuple(), LAN)).isTrue();
    site.accept(second);
  }

  @Test
  void shouldRefuseATranslationToWhereNoWayLeads() {
    assertThat(refused(translated("10.1.0.2", "10.4.0.2", "192.0.2.1", "10.9.0.2")))
        .isEqualTo(new NoPath("original", new PathError.NoRoute(ip("10.9.0.2"), "the flow")));
    // Where it seemed to go does not matter.
    site.accept(translated("10.1.0.2", "10.9.0.2", "192.0.2.1", "10.4.0.2"));
  }

  /** A second tunnel device with the ends and the key of the first: its flows have one key. */
  @Test
  void shouldRefuseAKeyThatAnotherFlowHolds() {
    network.tunnel(20, "twin", 1472, settings("toy", "192.0.2.1", "192.0.2.9").with("key", 7));
    site.accept(from("10.2.0.2", "10.4.0.2", 17, TOY));
    network.route("10.2.0.2/32", 20).route("10.4.0.2/32", LAN).neighbour(LAN, "10.4.0.2", 5);
    OffloadError error = refused(from("10.2.0.2", "10.4.0.2", 17, 20));
    assertThat(error)
        .isEqualTo(new KeyTaken(new FlowTuple(ip("10.2.0.2"), ip("10.4.0.2"), 17, 1000, 2000)));
    assertThat(error.message())
        .isEqualTo("another flow has the key of udp 10.2.0.2 1000 -> 10.4.0.2 2000");
    // A stale flow holds nothing against a fresh one.
    table.policyChanged();
    site.accept(from("10.2.0.2", "10.4.0.2", 17, 20));
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAPortThatIsNoPort() {
    assertThat(table.addPort(TOY).getLeft())
        .isEqualTo(new PathError.OutOfScope("toy0", "it is no real port"));
    assertThat(table.addPort(99).getLeft()).isEqualTo(new PathError.NoDevice("with index 99"));
    assertThat(tuple("10.4.0.2").reversed().reversed()).isEqualTo(tuple("10.4.0.2"));
  }
}
