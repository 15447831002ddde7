package io.culvert.testkit.router;

import static io.culvert.testkit.router.Packets.ethernet;
import static io.culvert.testkit.router.Packets.hex;
import static io.culvert.testkit.router.Packets.udp4;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.path.Device;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.TreeMap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tags, sessions and segments where the captures do not show them. */
class VirtualDevicesTest {
  private static final String PORT_0 = "020000000001";
  private static final String PORT_1 = "020000000011";
  private static final String CLIENT = "02000000000a";
  private static final String PEER = "020000000012";
  private static final String OWN = "020000000077";

  private static MacAddress mac(String hex) {
    return new MacAddress(Long.parseLong(hex, 16));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).get();
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }

  private static ScenarioBuilder ports() {
    return new ScenarioBuilder()
        .port("eth0", mac(PORT_0))
        .port("eth1", mac(PORT_1))
        .address("eth0", prefix("192.168.0.2/24"))
        .neighbour("eth0", ip("192.168.0.10"), mac(CLIENT));
  }

  private static Settings vlan(int id) {
    return Settings.of("vlan")
        .with("id", id)
        .with("egress-qos-map", new Value.Mapping(TreeMap.of(0, 1, 6, 5)));
  }

  private static ScenarioBuilder tagged() {
    return ports()
        .above("eth1.7", "eth1", vlan(7), 1500, true)
        .address("eth1.7", prefix("192.168.7.1/24"))
        .neighbour("eth1.7", ip("192.168.7.2"), mac(PEER))
        .route(ScenarioRoute.via(prefix("10.0.0.0/8"), ip("192.168.7.2"), "eth1.7"));
  }

  private static byte[] tag(String tci, byte[] packet) {
    return Octets.join(hex(tci + "0800"), packet);
  }

  @Test
  void shouldTakeTaggedFramesForTheTagsAddressAndForThePorts() {
    byte[] content = tag("0007", udp4("10.0.0.9", "192.168.0.10", 64, 40));
    ReferenceRouter inherits = new ReferenceRouter(tagged().build());
    assertThat(inherits.process(2, ethernet(PORT_1, PEER, 0x8100, content)).word()).isEmpty();
    ReferenceRouter owns =
        new ReferenceRouter(tagged().change("eth1.7", d -> d.withAddress(mac(OWN))).build());
    assertThat(owns.process(2, ethernet(OWN, PEER, 0x8100, content)).word()).isEmpty();
    assertThat(owns.process(2, ethernet(PORT_1, PEER, 0x8100, content)).word()).isEmpty();
    assertThat(owns.process(2, ethernet("020000000099", PEER, 0x8100, content)).word())
        .isEqualTo("not-for-us");
    assertThat(inherits.process(2, ethernet(OWN, PEER, 0x8100, content)).word())
        .isEqualTo("not-for-us");
  }

  @Test
  void shouldMarkTagsByTheTypeOfService() {
    ReferenceRouter router =
        new ReferenceRouter(tagged().change("eth1.7", d -> d.withAddress(mac(OWN))).build());
    byte[] packet = udp4("192.168.0.10", "10.0.0.9", 64, 40);
    packet[1] = 0x10;
    Octets.fillHeaderChecksum(packet);
    byte[] sent = sent(router.process(1, ethernet(PORT_0, CLIENT, 0x0800, packet))).bytes();
    assertThat(Arrays.copyOf(sent, 18)).isEqualTo(hex(PEER + OWN + "8100" + "a007" + "0800"));
  }

  private static SentFrame sent(RouterOutcome outcome) {
    assertThat(outcome).isInstanceOf(Forwarded.class);
    return ((Forwarded) outcome).frames().single();
  }

  @Test
  void shouldTalkToThePeerOfASessionUntilItEnds() {
    Settings session = Settings.of("pppoe").with("session", 0x1234).with("peer", mac(PEER));
    ReferenceRouter router =
        new ReferenceRouter(
            ports()
                .above("ppp0", "eth1", session, 1492, false)
                .route(ScenarioRoute.onLink(prefix("10.0.0.0/8"), "ppp0"))
                .build());
    byte[] out = ethernet(PORT_0, CLIENT, 0x0800, udp4("192.168.0.10", "10.0.0.9", 64, 40));
    byte[] frame = sent(router.process(1, out)).bytes();
    assertThat(Arrays.copyOf(frame, 22))
        .isEqualTo(hex(PEER + PORT_1 + "8864" + "11001234002a0021"));
    byte[] in = Octets.join(hex("11001234002a0021"), udp4("10.0.0.9", "192.168.0.10", 64, 40));
    assertThat(router.process(2, ethernet(PORT_1, PEER, 0x8864, in)).word()).isEmpty();
    assertThat(router.process(2, ethernet(PORT_1, CLIENT, 0x8864, in)).word())
        .isEqualTo("unknown-tunnel");
    byte[] end = hex("11a712340000");
    assertThat(router.process(2, ethernet(PORT_1, CLIENT, 0x8863, end)).word())
        .isEqualTo("unknown-ethertype");
    assertThat(router.process(1, out).word()).isEmpty();
    assertThat(router.process(2, ethernet(PORT_1, PEER, 0x8863, end)).word())
        .isEqualTo("not-modelled:local");
    assertThat(router.stateChanges()).isEqualTo(1);
    assertThat(router.network().device("ppp0").map(Device::isUp)).contains(false);
    assertThat(router.process(1, out).word()).isEqualTo("device-down");
    assertThat(router.process(2, ethernet(PORT_1, PEER, 0x8864, in)).word())
        .isEqualTo("unknown-ethertype");
  }

  /**
   * A tag in a segment: what is inside comes from the tag's neighbours, what is outside is ours.
   */
  private static ScenarioBuilder segment() {
    Settings vxlan =
        Settings.of("vxlan")
            .with("id", 100)
            .with("dstport", 4789)
            .with("remote", ip("192.168.1.2"))
            .with("df", "inherit");
    return ports()
        .address("eth1", prefix("192.168.1.9/24"))
        .address("eth1", prefix("192.168.3.9/24"))
        .neighbour("eth1", ip("192.168.1.2"), mac(PEER))
        .ethernetTunnel("vx0", vxlan, 1500, mac(OWN))
        .above("vx0.7", "vx0", vlan(7), 1500, true)
        .address("vx0.7", prefix("192.168.7.1/24"))
        .neighbour("vx0.7", ip("192.168.7.2"), mac("020000000088"))
        .route(ScenarioRoute.via(prefix("10.0.0.0/8"), ip("192.168.7.2"), "vx0.7"));
  }

  @Test
  void shouldSendATagThroughASegmentFromTheAddressOfTheRoute() {
    byte[] packet = udp4("192.168.0.10", "10.0.0.9", 64, 40);
    SentFrame sent =
        sent(
            new ReferenceRouter(segment().build())
                .process(1, ethernet(PORT_0, CLIENT, 0x0800, packet)));
    byte[] frame = sent.bytes();
    assertThat(Octets.address(frame, 26, 4)).isEqualTo(ip("192.168.1.9"));
    assertThat(Arrays.copyOfRange(frame, 42, 50)).isEqualTo(hex("0800000000006400"));
    assertThat(Arrays.copyOfRange(frame, 50, 68))
        .isEqualTo(hex("020000000088" + OWN + "8100" + "2007" + "0800"));
    assertThat(frame).hasSize(14 + 20 + 8 + 8 + 18 + 40);
    assertThat(sent.own())
        .isEqualTo(List.of(new OwnHeader.Ipv4(14), new OwnHeader.Udp(34, 14, 49152, 65535)));
    // The frame's type is the tag's, so that Linux does not see that there is a DF bit.
    assertThat(Octets.u16(frame, 20)).isZero();
  }

  private static byte[] inSegment(String vxlan, String macs, String checksum) {
    byte[] inner = udp4("10.0.0.9", "192.168.0.10", 64, 40);
    byte[] frame = Octets.join(hex(macs + "8100" + "0007" + "0800"), inner);
    byte[] udp = Octets.join(hex("9c4012b5" + "004a" + checksum + vxlan), frame);
    Octets.put16(udp, 4, udp.length);
    byte[] ip = hex("4500000000000000401100000000000000000000");
    Octets.put16(ip, 2, ip.length + udp.length);
    System.arraycopy(ip("192.168.1.2").bytes(), 0, ip, 12, 4);
    System.arraycopy(ip("192.168.3.9").bytes(), 0, ip, 16, 4);
    Octets.fillHeaderChecksum(ip);
    return ethernet(PORT_1, PEER, 0x0800, Octets.join(ip, udp));
  }

  @Test
  void shouldOpenSegmentsForItsOwnAddressOnly() {
    ReferenceRouter router = new ReferenceRouter(segment().build());
    String vxlan = "0800000000006400";
    assertThat(router.process(2, inSegment(vxlan, OWN + PEER, "0000")).word()).isEmpty();
    assertThat(router.process(2, inSegment(vxlan, PORT_1 + PEER, "0000")).word())
        .isEqualTo("not-for-us");
    assertThat(router.process(2, inSegment(vxlan, OWN + OWN, "0000")).word())
        .isEqualTo("tunnel-loop");
    assertThat(router.process(2, inSegment(vxlan, OWN + PEER, "0001")).word())
        .isEqualTo("udp-checksum");
    assertThat(router.process(2, inSegment("0800000000006500", OWN + PEER, "0000")).word())
        .isEqualTo("unknown-tunnel");
    assertThat(router.process(2, inSegment("0000000000006400", OWN + PEER, "0000")).word())
        .isEqualTo("tunnel-header");
  }

  @Test
  void shouldWantAnAddressOfEveryDeviceThatCarriesFrames() {
    ScenarioBuilder router =
        segment()
            .change("vx0", d -> d.withEthernet(true))
            .tunnel("vx1", Settings.of("vxlan"), 1500);
    assertThat(router.build().problems()).isEmpty();
    assertThat(router.change("vx1", d -> d.withEthernet(true)).build().problems().asJava())
        .containsExactly("device vx1 has no address; expected: link set vx1 address MAC");
  }
}
