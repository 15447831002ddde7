package io.culvert.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.Value;
import io.culvert.testkit.TestIpip;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioReaderTest {
  private static final String PORTS =
      """
      link set eth0 address 02:00:00:00:00:01
      link set eth1 address 02:00:00:00:00:11
      link set eth0 up
      link set eth1 up
      addr add 192.168.0.2/24 dev eth0
      addr add 192.168.1.1/24 dev eth1
      """;

  private static Scenario read(String text) {
    return new ScenarioReader(List.of(new TestIpip()))
        .read("r.batch", text)
        .getOrElseThrow(
            errors -> new AssertionError(errors.map(ScenarioError::message).mkString("\n")));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).get();
  }

  private static Option<Route> route(Scenario scenario, String to) {
    return scenario.network().route(RouteQuery.to(ip(to)));
  }

  static List<String> goldenNames() {
    return List.ofAll(GoldenScenario.names())
        .filter(name -> name.startsWith("ipip-") || name.equals("plain-routing"));
  }

  @ParameterizedTest
  @MethodSource("goldenNames")
  void shouldAcceptGoldenCommandsAndGiveTheKernelsMtus(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    Scenario scenario = read(golden.text());
    assertThat(scenario.problems()).isEmpty();
    golden
        .deviceMtus()
        .filterKeys(device -> !name.contains("fou") && !name.contains("gue"))
        .forEach((device, mtu) -> assertThat(scenario.device(device).get().mtu()).isEqualTo(mtu));
  }

  @Test
  void shouldReadCommentsBlankLinesLeadingIpAndContinuations() {
    Scenario scenario =
        read("# nothing\n\n  ip -4 link set \\\n  eth0 mtu 9000 # large\nip l s dev eth0 up\n");
    assertThat(scenario.devices().map(ScenarioDevice::name).asJava()).containsExactly("eth0");
    assertThat(scenario.device("eth0").get().mtu()).isEqualTo(9000);
    assertThat(scenario.device("eth0").get().isUp()).isTrue();
  }

  @Test
  void shouldTakeTheDeviceBehindItsChanges() {
    assertThat(read("link set up dev eth3").device("eth3").get().isUp()).isTrue();
  }

  @Test
  void shouldMakeARealDeviceOfANameAlone() {
    Scenario scenario = read("link set eth7");
    assertThat(scenario.ports().map(ScenarioDevice::ifindex).asJava()).containsExactly(1);
    assertThat(scenario.problems().asJava())
        .containsExactly("device eth7 has no address; expected: link set eth7 address MAC");
  }

  @Test
  void shouldDeriveTunnelMtuFromTheRouteOfThatMoment() {
    Scenario scenario =
        read(
            PORTS
                + """
                link set eth1 mtu 1400
                link add t1 type ipip local 192.168.1.1 remote 192.168.1.2
                link set eth1 mtu 1500
                link add t2 type ipip local 192.168.1.1 remote 192.168.1.3 dev eth1
                link add t3 type ipip local 192.168.1.1 remote 8.8.8.8
                link add t4 mtu 1300 type ipip local 192.168.1.1 remote 192.168.1.4
                """);
    assertThat(scenario.devices().drop(2).map(ScenarioDevice::mtu).asJava())
        .containsExactly(1380, 1480, 1480, 1300);
  }

  @Test
  void shouldMeanLinuxsEcnUnlessTheTextSaysOtherwise() {
    Scenario scenario =
        read(
            PORTS
                + """
                link add t1 type ipip local 192.168.1.1 remote 192.168.1.2
                link add t2 type ipip local 192.168.1.1 remote 192.168.1.3 ecn rfc6040
                """);
    assertThat(scenario.device("t1").get().settings().word("ecn")).contains("rfc3168");
    assertThat(scenario.device("t2").get().settings().word("ecn")).contains("rfc6040");
    assertThat(scenario.device("t2").get().settings().values().get("remote"))
        .contains(new Value.Ip(ip("192.168.1.3")));
  }

  @Test
  void shouldMakeUnservedAndUnofferableTypesOutOfScope() {
    Scenario scenario =
        read(
            PORTS
                + """
                ip fou add port 5555 ipproto 4
                link add t1 type ipip local 192.168.1.1 remote 192.168.1.2 encap fou encap-sport auto
                link add br0 type bridge stp_state 0 mcast_snooping 0
                link add link eth1 name eth1.7 type vlan proto 802.1Q id 7 egress-qos-map 0:1 2:3
                link set eth0 master br0
                """);
    Network network = scenario.network();
    for (String name : List.of("t1", "br0", "eth1.7", "eth0")) {
      assertThat(network.device(name).get()).isInstanceOf(Device.OutOfScope.class);
    }
    assertThat(scenario.udpTunnelPorts()).containsExactly(5555);
    assertThat(scenario.device("eth1.7").get().wordAfter("id")).contains("7");
  }

  @Test
  void shouldPreferLongerPrefixesThenLowerMetrics() {
    Scenario scenario =
        read(
            PORTS
                + """
                route add default via 192.168.1.2
                route add 10.0.0.0/8 via 192.168.0.9 metric 20
                route append 10.0.0.0/8 via 192.168.1.9 metric 10 mtu 1300
                route add blackhole 10.1.0.0/16
                route add 10.1.1.0/24 dev eth0
                """);
    assertThat(route(scenario, "8.8.8.8").get())
        .isEqualTo(
            new Route(2, Option.some(ip("192.168.1.2")), Option.none()).from(ip("192.168.1.1")));
    assertThat(route(scenario, "10.2.3.4").get())
        .isEqualTo(
            new Route(2, Option.some(ip("192.168.1.9")), Option.some(1300))
                .from(ip("192.168.1.1")));
    assertThat(route(scenario, "10.1.2.3")).isEmpty();
    assertThat(route(scenario, "10.1.1.7").get())
        .isEqualTo(new Route(1, Option.none(), Option.none()).from(ip("192.168.0.2")));
  }

  @Test
  void shouldFindTheGatewaysDeviceWhateverTheOrder() {
    Scenario scenario =
        read(
            """
            link set eth0 up
            route add default via 192.168.0.9
            -6 route add default via fd00:a::9
            addr add 192.168.0.2/24 dev eth0
            addr add fd00:a::2/64 dev eth0 nodad
            """);
    assertThat(route(scenario, "8.8.8.8").get().ifindex()).isEqualTo(1);
    assertThat(route(scenario, "2001:db8::1").get().gateway()).contains(ip("fd00:a::9"));
  }

  @Test
  void shouldUseNoRouteThroughADeviceThatIsDown() {
    Scenario scenario = read(PORTS + "link set eth1 down\n");
    assertThat(route(scenario, "192.168.1.9")).isEmpty();
    assertThat(scenario.network().isLocal(ip("192.168.1.1"))).isTrue();
  }

  @Test
  void shouldKnowLocalBroadcastAndConnectedAddresses() {
    Scenario scenario =
        read(
            PORTS
                + """
                addr add 10.9.0.1/32 dev eth0
                addr add 10.8.0.1/24 dev eth0 noprefixroute
                addr add 10.7.0.1 peer 10.7.0.2 dev eth0
                addr add fd00:a::2/64 dev eth0
                link set lo up
                addr add 10.6.0.1/32 dev lo
                """);
    RouteTable table = new RouteTable(scenario);
    for (String own :
        List.of("192.168.0.2", "10.9.0.1", "10.7.0.1", "fd00:a::2", "fd00:a::", "10.6.0.1")) {
      assertThat(table.isLocal(ip(own))).as(own).isTrue();
    }
    assertThat(table.output(ip("192.168.0.255"), Option.none()).kind())
        .isEqualTo(RouteTable.Kind.BROADCAST);
    assertThat(table.output(ip("192.168.0.0"), Option.none()).kind())
        .isEqualTo(RouteTable.Kind.UNICAST);
    for (Network network :
        List.of(scenario.network(), ReferenceRouter.of(scenario, EncapRegistry.of()).network())) {
      assertThat(network.isBroadcast(ip("192.168.0.255"))).isTrue();
      assertThat(network.isBroadcast(ip("10.8.0.255"))).isTrue();
      assertThat(network.isBroadcast(ip("192.168.0.254"))).isFalse();
      assertThat(network.isBroadcast(ip("192.168.0.2"))).isFalse();
    }
    assertThat(route(scenario, "10.7.0.2").get().ifindex()).isEqualTo(1);
    assertThat(route(scenario, "10.8.0.9")).isEmpty();
  }

  @Test
  void shouldGivePortsLinkLocalAddressesUnlessToldNot() {
    String mac = "link set eth0 up address 02:00:00:00:00:01\n";
    IpAddress linkLocal = ip("fe80::ff:fe00:1");
    assertThat(read(mac).network().isLocal(linkLocal)).isTrue();
    assertThat(read(mac + "link set eth0 addrgenmode none").network().isLocal(linkLocal)).isFalse();
  }

  @Test
  void shouldReadNeighboursInAnyOrderOfWords() {
    Scenario scenario =
        read(
            PORTS
                + """
                neigh add 192.168.0.10 lladdr 02:00:00:00:00:0a nud permanent dev eth0
                neigh add dev eth0 nud reachable lladdr 02:00:00:00:00:0b to 192.168.0.11
                n replace 192.168.0.11 lladdr 02:00:00:00:00:0c dev eth0
                neigh add 192.168.0.12 dev eth0 nud failed
                """);
    Network network = scenario.network();
    assertThat(network.neighbour(1, ip("192.168.0.10"))).contains(new MacAddress(0x02000000000aL));
    assertThat(network.neighbour(1, ip("192.168.0.11"))).contains(new MacAddress(0x02000000000cL));
    assertThat(network.neighbour(1, ip("192.168.0.12"))).isEmpty();
    assertThat(network.neighbour(2, ip("192.168.0.10"))).isEmpty();
  }

  @Test
  void shouldFlushAddresses() {
    assertThat(read(PORTS + "ip addr flush dev eth0\n").addresses()).hasSize(1);
  }

  /** The words of {@code ip}, with one that means the same as another. */
  private static final class WithAlias extends TestIpip {
    @Override
    public Seq<LinkType> linkTypes() {
      return super.linkTypes().map(OuterAttributes::withOtherWords);
    }
  }

  private static Either<Seq<ScenarioError>, Scenario> readWithAliases(String words) {
    return new ScenarioReader(List.of(new WithAlias()))
        .read("r.batch", PORTS + "link add t1 type ipip local 192.0.2.1 remote 192.0.2.2 " + words);
  }

  @Test
  void shouldSetTheFieldOfAWordByItsAlias() {
    assertThat(readWithAliases("hlim 7 dsfield 0x28").get().device("t1").get().settings())
        .isEqualTo(readWithAliases("ttl 7 tos 28").get().device("t1").get().settings());
    // Said twice by one word: the last counts, as for ip.
    assertThat(readWithAliases("ttl 7 ttl 9").get().device("t1").get().settings().number("ttl"))
        .contains(9L);
  }

  @Test
  void shouldRefuseTwoWordsForOneField() {
    ScenarioError error = readWithAliases("ttl 7 hoplimit 9").getLeft().head();
    assertThat(error.message()).contains("found 'hoplimit'").contains("ttl");
    assertThat(readWithAliases("speed 7").getLeft().head().message())
        .contains("ttl")
        .contains("hoplimit");
  }

  /** The address that a route prefers is what a tunnel without its own sends from. */
  @Test
  void shouldTellTheSourceOfARoute() {
    Network network =
        read(PORTS
                + """
                addr add 192.168.5.1/24 dev eth1
                route add 203.0.113.0/24 via 192.168.5.9
                """)
            .network();
    for (String[] pair :
        new String[][] {
          {"192.168.1.2", "192.168.1.1"},
          {"192.168.5.2", "192.168.5.1"},
          {"203.0.113.7", "192.168.5.1"}
        }) {
      assertThat(network.route(RouteQuery.to(ip(pair[0]))).get().source()).contains(ip(pair[1]));
    }
  }
}
