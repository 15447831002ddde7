package io.culvert.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.TreeMap;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VLAN, PPPoE and VXLAN by hand. */
class TagCodecsTest {
  private static final Carrier VLAN = Carrier.etherType(0x8100);
  private static final Carrier SESSION = Carrier.etherTypeByPeer(0x8864);
  private static final Carrier VXLAN = Carrier.udpPort(IpFamily.V4, 4789);

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static String encoded(PlainTunnel tunnel, InnerType type, int priority) {
    byte[] packet = hex("0102030405");
    return HexFormat.of()
        .formatHex(
            tunnel.encode(new PlainPacket(type, packet, PlainPriority.of(priority))).get().bytes());
  }

  private static String outcome(PlainTunnel tunnel, Carrier carrier, String payload) {
    PlainPayload read = new PlainPayload(carrier, hex(payload));
    if (tunnel.illegal(read).isDefined()) {
      return "illegal";
    }
    return tunnel.decode(read, PlainPriority.BEST_EFFORT)
            instanceof PlainDecoded.Packet(PlainPacket packet)
        ? packet.type() + " " + HexFormat.of().formatHex(packet.bytes()) + " " + packet.priority()
        : tunnel.decode(read, PlainPriority.BEST_EFFORT).getClass().getSimpleName();
  }

  private static PlainTunnel vlan() {
    return new VlanCodec()
        .open(
            Settings.of("vlan")
                .with("id", 100)
                .with("egress-qos-map", new Value.Mapping(TreeMap.of(0, 1, 6, 5)))
                .with("ingress-qos-map", new Value.Mapping(TreeMap.of(5, 6))))
        .get();
  }

  @Test
  void shouldMapPrioritiesBothWays() {
    assertThat(encoded(vlan(), InnerType.IPV4, 6)).isEqualTo("a06408000102030405");
    assertThat(encoded(vlan(), InnerType.IPV4, 0)).isEqualTo("206408000102030405");
    assertThat(encoded(vlan(), new InnerType(1, 0x8100), 3)).isEqualTo("006481000102030405");
    assertThat(outcome(vlan(), VLAN, "a064 0800 01")).isEqualTo("EtherType 0x0800 01 6");
    assertThat(outcome(vlan(), VLAN, "7064 86dd 01")).isEqualTo("EtherType 0x86dd 01 0");
    assertThat(outcome(vlan(), VLAN, "0065 0800 01")).isEqualTo("NotMine");
    assertThat(outcome(vlan(), VLAN, "0064 08")).isEqualTo("Refused");
  }

  @Test
  void shouldSetDeiWhereAskedFor() {
    Settings settings = Settings.of("vlan").with("id", 4094).with("dei", "on");
    assertThat(encoded(new VlanCodec().open(settings).get(), InnerType.IPV4, 0))
        .isEqualTo("1ffe08000102030405");
  }

  /** The mark is the innermost tag's that keeps it; others leave it as it is. */
  @ParameterizedTest
  @CsvSource({
    "keep, 1064, false, true",
    "keep, e064, true, false",
    "off, 1064, false, false",
    "on, 1064, false, false",
    "off, 0064, true, true"
  })
  void shouldKeepDeiWhereAskedFor(String dei, String tci, boolean before, boolean after) {
    PlainTunnel tag =
        new VlanCodec().open(Settings.of("vlan").with("id", 100).with("dei", dei)).get();
    PlainPayload payload = new PlainPayload(VLAN, hex(tci + "0800 01"));
    PlainDecoded decoded = tag.decode(payload, new PlainPriority(3, before));
    PlainPacket packet = ((PlainDecoded.Packet) decoded).packet();
    assertThat(packet.priority()).isEqualTo(new PlainPriority(0, after));
    boolean isSent = dei.equals("on") || (dei.equals("keep") && after);
    assertThat(tag.encode(packet).get().bytes()[0]).isEqualTo((byte) (isSent ? 0x10 : 0));
  }

  private static PlainTunnel session() {
    return new PppoeCodec()
        .open(
            Settings.of("pppoe")
                .with("session", 0x1234)
                .with("peer", new MacAddress(0x020000000012L)))
        .get();
  }

  @ParameterizedTest
  @CsvSource({
    "1100 1234 0003 0021 07, EtherType 0x0800 07 0",
    "1100 1234 0003 0057 07, EtherType 0x86dd 07 0",
    "2101 1234 0003 0021 07 0000, EtherType 0x0800 07 0",
    "1100 1235 0003 0021 07, NotMine",
    "1100 1234 0004 0021 07, illegal",
    "1100 1234 0003 c021 07, Refused",
    "1100 1234 0002 21 07, Refused",
    "1100 1234 0000, Refused",
    "1100 1234, illegal"
  })
  void shouldReadSessions(String payload, String expected) {
    assertThat(outcome(session(), SESSION, payload)).isEqualTo(expected);
  }

  @Test
  void shouldWriteSessionsAndKnowTheirEnd() {
    assertThat(encoded(session(), InnerType.IPV6, 0)).isEqualTo("11001234000700570102030405");
    assertThat(session().isEndedBy(0x8863, hex("11a712340000"))).isTrue();
    assertThat(session().isEndedBy(0x8863, hex("11a712350000"))).isFalse();
    assertThat(session().isEndedBy(0x8863, hex("110712340000"))).isFalse();
    assertThat(session().isEndedBy(0x8864, hex("11a712340000"))).isFalse();
  }

  private static PlainTunnel segment(String remote) {
    Settings settings =
        Settings.of("vxlan")
            .with("id", 0xabcdef)
            .with("dstport", 4789)
            .with("srcport", new Value.Range(40000, 40001))
            .with("remote", IpAddress.parse(remote).get());
    return new VxlanCodec().open(settings).get();
  }

  @ParameterizedTest
  @CsvSource({
    "08000000 abcdef00 07, Ethernet 07 0",
    "08000000 abcdee00 07, NotMine",
    "08000000 abcdef01 07, Refused",
    "0c000000 abcdef00 07, Refused",
    "08000001 abcdef00 07, Refused",
    "00000000 abcdef00 07, illegal",
    "08000000 abcdef, illegal"
  })
  void shouldReadSegments(String payload, String expected) {
    assertThat(outcome(segment("192.0.2.2"), VXLAN, payload)).isEqualTo(expected);
  }

  @Test
  void shouldWriteSegmentsFromOnePortAndFromAnybody() {
    PlainTunnel tunnel = segment("192.0.2.2");
    assertThat(encoded(tunnel, InnerType.ETHERNET, 0)).isEqualTo("08000000abcdef000102030405");
    PlainOuter outer = tunnel.outer().get();
    assertThat(outer.policy().udp().leastSourcePort()).isEqualTo(40000);
    assertThat(outer.policy().udp().mostSourcePort()).isEqualTo(40000);
    assertThat(outer.policy().udp().zeroAccepted()).isTrue();
    assertThat(segment("fd00::2").outer().get().policy().udp().zeroAccepted()).isFalse();
    IpAddress stranger = IpAddress.parse("198.51.100.7").get();
    assertThat(tunnel.takes(stranger, stranger)).isTrue();
  }
}
