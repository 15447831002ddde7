package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.CLIENT;
import static io.culvert.testkit.router.Packets.REMOTE;
import static io.culvert.testkit.router.Packets.ROUTER_0;
import static io.culvert.testkit.router.Packets.ROUTER_1;
import static io.culvert.testkit.router.Packets.ethernet;
import static io.culvert.testkit.router.Packets.hex;
import static io.culvert.testkit.router.Packets.udp4;
import static io.culvert.testkit.router.RouterFixture.fromClient;
import static io.culvert.testkit.router.RouterFixture.router;
import static io.culvert.testkit.router.RouterFixture.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testkit.codec.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ethernet frames, and devices that are not modelled. */
class LinkLayerTest {
  @Test
  void shouldLookAtTheLinkLayerFirst() {
    byte[] packet = udp4("192.168.0.10", "10.1.2.3", 64, 40);
    ReferenceRouter router = router("");
    assertThat(router.process(1, ethernet("020000000099", CLIENT, 0x0800, packet)).word())
        .isEqualTo("not-for-us");
    assertThat(router.process(1, ethernet("ffffffffffff", CLIENT, 0x0800, packet)).word())
        .isEqualTo("link-broadcast");
    assertThat(router.process(1, ethernet(ROUTER_0, CLIENT, 0x9000, packet)).word())
        .isEqualTo("unknown-ethertype");
    assertThat(router.process(1, ethernet(ROUTER_0, CLIENT, 0x0806, packet)).word())
        .isEqualTo("not-modelled:neighbour");
    assertThat(router.process(1, new byte[13]).word()).isEqualTo("truncated");
    assertThat(router.process(1, ethernet(ROUTER_0, CLIENT, 0x0800, new byte[19])).word())
        .isEqualTo("truncated");
    assertThat(router("link set eth0 down").process(1, new byte[60]).word())
        .isEqualTo("device-down");
  }

  @Test
  void shouldTakeAPriorityTagOffAndDropAnotherVlan() {
    byte[] packet = udp4("192.168.0.10", "10.1.2.3", 64, 40);
    byte[] tagged = Octets.join(hex("a000 0800"), packet);
    assertThat(sent(fromClient("", 0x8100, tagged)))
        .isEqualTo(sent(fromClient("", 0x0800, packet)));
    tagged[1] = 7;
    assertThat(fromClient("", 0x8100, tagged).word()).isEqualTo("unknown-vlan");
    String vlan = "link add link eth0 name eth0.7 type vlan id 7\n";
    assertThat(fromClient(vlan, 0x8100, tagged).word()).isEqualTo("not-modelled:device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link set eth2 up", "link set eth2 address 02:00:00:00:00:99"})
  void shouldRefuseAScenarioWithProblems(String more) {
    boolean hasAddress = more.contains("address");
    if (hasAddress) {
      assertThat(router(more).scenario().ports()).hasSize(3);
    } else {
      assertThatThrownBy(() -> router(more))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("device eth2 has no address");
    }
  }

  @Test
  void shouldKeepPortsOfABridgeOutOfScope() {
    String bridge = "link add br0 type bridge\nlink set eth1 master br0\n";
    byte[] packet = udp4("192.168.0.10", "10.1.2.3", 64, 40);
    assertThat(fromClient(bridge, 0x0800, packet).word()).isEqualTo("not-modelled:device");
    assertThat(router(bridge).process(2, ethernet(ROUTER_1, REMOTE, 0x0800, packet)).word())
        .isEqualTo("not-modelled:device");
  }
}
