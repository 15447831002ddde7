package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.CLIENT;
import static io.culvert.testkit.router.Packets.REMOTE;
import static io.culvert.testkit.router.Packets.ROUTER_0;
import static io.culvert.testkit.router.Packets.ethernet;
import static io.culvert.testkit.router.Packets.ipv4;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.TestIpip;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;

/** A small router for tests, and ways to ask it. */
final class RouterFixture {
  static final String SCENARIO =
      """
      link set eth0 up address 02:00:00:00:00:01 addrgenmode none
      link set eth1 up address 02:00:00:00:00:11 addrgenmode none
      addr add 192.168.0.2/24 dev eth0
      addr add 192.168.1.1/24 dev eth1
      addr add fd00:a::2/64 dev eth0 nodad
      addr add fd00:1::1/64 dev eth1 nodad
      neigh add 192.168.0.10 lladdr 02:00:00:00:00:0a dev eth0
      neigh add fd00:a::10 lladdr 02:00:00:00:00:0a dev eth0
      neigh add 192.168.1.2 lladdr 02:00:00:00:00:12 dev eth1
      neigh add fd00:1::2 lladdr 02:00:00:00:00:12 dev eth1
      link add tun0 up type ipip local 192.168.1.1 remote 192.168.1.2
      route add 10.0.0.0/8 via 192.168.1.2
      route add 10.5.0.0/16 dev tun0
      route add 10.6.0.0/16 via 192.168.1.2 mtu 1300
      route add blackhole 10.7.0.0/16
      route add unreachable 10.8.0.0/16
      route add 10.9.0.0/16 via 192.168.1.7
      -6 route add fd00:b::/64 via fd00:1::2
      -6 route add fd00:c::/64 dev tun0
      """;

  static final byte[] NO_OPTIONS = {};

  static ReferenceRouter router(String more) {
    Scenario scenario =
        new ScenarioReader(List.of(new TestIpip()))
            .read("test", SCENARIO + more)
            .getOrElseThrow(
                errors -> new AssertionError(errors.map(ScenarioError::message).mkString("\n")));
    return new ReferenceRouter(scenario);
  }

  static RouterOutcome fromClient(String more, int type, byte[] packet) {
    return router(more).process(1, ethernet(ROUTER_0, CLIENT, type, packet));
  }

  static RouterOutcome ipv4FromClient(byte[] packet) {
    return fromClient("", 0x0800, packet);
  }

  static RouterOutcome ipv6FromClient(byte[] packet) {
    return fromClient("", 0x86dd, packet);
  }

  static byte[] sent(RouterOutcome outcome) {
    assertThat(outcome).isInstanceOf(Forwarded.class);
    return ((Forwarded) outcome).frames().single().bytes();
  }

  static byte[] tunnelled(String from, byte[] inner) {
    return ipv4(from, "192.168.1.1", 4, 64, NO_OPTIONS, inner);
  }

  static RouterOutcome fromRemote(String destination, byte[] packet) {
    return router("").process(2, ethernet(destination, REMOTE, 0x0800, packet));
  }

  private RouterFixture() {}
}
