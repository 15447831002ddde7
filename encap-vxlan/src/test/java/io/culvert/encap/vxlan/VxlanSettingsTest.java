package io.culvert.encap.vxlan;

import static io.culvert.encap.vxlan.VxlanFixture.PROVIDER;
import static io.culvert.encap.vxlan.VxlanFixture.address;
import static io.culvert.encap.vxlan.VxlanFixture.settings;
import static io.culvert.encap.vxlan.VxlanFixture.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.OuterPolicy.Udp;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code ip link add … type vxlan} come to. */
class VxlanSettingsTest {
  private static final String V4 = "vxlan id 100 local 192.168.1.1 remote 192.168.1.2 ";
  private static final String V6 = "vxlan id 100 local fd00:1::1 remote fd00:1::2 ";

  private static OuterPolicy policy(String text) {
    return tuple(text.strip(), Direction.TRANSMIT).policy();
  }

  /** As the captures vxlan-noudpcsum and vxlan-v6 and the state of their devices show it. */
  @Test
  void shouldFillTheOuterHeadersAsLinuxWhenNothingIsSaid() {
    OuterPolicy expected =
        new OuterPolicy(
            Inheritable.fixed(64),
            Inheritable.fixed(0),
            DontFragment.CLEAR,
            Inheritable.fixed(0),
            EcnMode.RFC6040,
            new Udp(49152, 65535, true, true));
    assertThat(policy(V4)).isEqualTo(expected);
    assertThat(policy(V6)).isEqualTo(expected.withUdp(new Udp(49152, 65535, true, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 8472",
    "dstport 0, 8472",
    "dstport 4789, 4789",
    "dstport 1, 1",
    "dstport 65535, 65535"
  })
  void shouldRideAnyPort(String words, int port) {
    for (IpFamily family : IpFamily.values()) {
      String device = ((family == IpFamily.V4 ? V4 : V6) + words).strip();
      Carrier carrier = Carrier.udpPort(family, port);
      assertThat(tuple(device, Direction.TRANSMIT).carrier()).isEqualTo(carrier);
      assertThat(tuple(device, Direction.RECEIVE).carrier()).isEqualTo(carrier);
      assertThat(PROVIDER.carriers(settings(device))).containsExactly(carrier);
    }
  }

  @Test
  void shouldClaimNoCarrierWithoutEndsOrWithAWrongPort() {
    assertThat(PROVIDER.carriers(Settings.of("vxlan"))).isEmpty();
    assertThat(PROVIDER.carriers(settings(V4.strip()).with("dstport", 65536))).isEmpty();
    assertThat(PROVIDER.carriers(settings(V4.strip()).with("dstport", -1))).isEmpty();
  }

  @Test
  void shouldSendFromLocalToRemoteAndTakeTheReverse() {
    EncapTuple tuple = tuple(V4.strip(), Direction.TRANSMIT);
    EncapTuple.Addresses out = tuple.addresses().get();
    assertThat(out.source()).isEqualTo(address("192.168.1.1"));
    assertThat(out.destination()).isEqualTo(address("192.168.1.2"));
    assertThat(tuple(V4.strip(), Direction.RECEIVE).addresses())
        .isEqualTo(Option.some(out.reversed()));
    assertThat(tuple.inner()).containsExactly(InnerType.ETHERNET);
    assertThat(tuple.device()).isEqualTo(Option.none());
    assertThat(tuple(V4 + "dev eth1", Direction.TRANSMIT).device()).isEqualTo(Option.some("eth1"));
  }

  @Test
  void shouldLeaveTheOwnEndToTheRoute() {
    for (String words : new String[] {"", "local any "}) {
      EncapTuple.Addresses out =
          tuple("vxlan id 7 " + words + "remote 192.168.1.2", Direction.TRANSMIT).addresses().get();
      assertThat(out.isOpen()).isTrue();
      assertThat(out.closed(address("192.168.1.1")))
          .isEqualTo(tuple(V4.strip(), Direction.TRANSMIT).addresses().get());
    }
    Settings six = settings("vxlan id 7 remote fd00:1::2");
    assertThat(PROVIDER.tuple(six, InnerType.ETHERNET, Direction.RECEIVE).get().addresses().get())
        .isEqualTo(new EncapTuple.Addresses(address("fd00:1::2"), address("::")));
  }

  @ParameterizedTest
  @CsvSource({
    "hoplimit 7, ttl 7",
    "dsfield 28, tos 28",
    "label 5, flowlabel 5",
    "port 40000 40009, srcport 40000 40009"
  })
  void shouldTakeTheOtherWordsOfIp(String other, String word) {
    assertThat(settings(V6 + other)).isEqualTo(settings(V6 + word));
  }

  @ParameterizedTest
  @CsvSource({"id 0, 0", "id 0xffffff, 16777215", "vni 7, 7"})
  void shouldTakeAVniByEitherWord(String words, long vni) {
    String device = "vxlan local 192.168.1.1 remote 192.168.1.2 " + words;
    assertThat(tuple(device, Direction.TRANSMIT).words()).containsExactly(vni);
    assertThat(tuple(device, Direction.RECEIVE).words()).containsExactly(vni);
  }

  /** As Linux, whose captures with srcport 40000 40001 show port 40000 alone. */
  @ParameterizedTest
  @CsvSource({
    "srcport 40000 40001, 40000, 40000",
    "srcport 49152 65535, 49152, 65534",
    "srcport 1 65535, 1, 65534",
    "port 40000 40001, 40000, 40000",
    "srcport 0 0, 49152, 65535"
  })
  void shouldNotUseTheSecondNumberOfASourcePortRange(String words, int least, int most) {
    Udp udp = policy(V4 + words).udp();
    assertThat(udp.leastSourcePort()).isEqualTo(least);
    assertThat(udp.mostSourcePort()).isEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true, true",
    "udpcsum, true, true",
    "noudpcsum, false, true",
    "udp6zerocsumtx, true, true",
    "noudp6zerocsumrx, true, true"
  })
  void shouldAlwaysTakeAZeroChecksumOverIpv4(String words, boolean checksum, boolean zero) {
    Udp udp = policy(V4 + words).udp();
    assertThat(udp.checksum()).isEqualTo(checksum);
    assertThat(udp.zeroAccepted()).isEqualTo(zero);
  }

  /** As vxlan-v6 and vxlan-v6-zerocsum; udpcsum is a word for IPv4. */
  @ParameterizedTest
  @CsvSource({
    "'', true, false",
    "noudpcsum, true, false",
    "udp6zerocsumtx, false, false",
    "udp6zerocsumrx, true, true",
    "udp6zerocsumtx udp6zerocsumrx, false, true",
    "udp6zerocsumtx noudp6zerocsumtx, true, false"
  })
  void shouldAgreeOnZeroChecksumsOverIpv6(String words, boolean checksum, boolean zero) {
    Udp udp = policy(V6 + words).udp();
    assertThat(udp.checksum()).isEqualTo(checksum);
    assertThat(udp.zeroAccepted()).isEqualTo(zero);
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, 64",
    "ttl auto, false, 64",
    "ttl 0, false, 64",
    "ttl 7, false, 7",
    "ttl 255, false, 255",
    "ttl inherit, true, 0"
  })
  void shouldTakeTheTtl(String words, boolean inherit, int ttl) {
    assertThat(policy(V4 + words).ttl()).isEqualTo(new Inheritable(inherit, ttl));
    assertThat(policy(V6 + words).ttl()).isEqualTo(new Inheritable(inherit, ttl));
  }

  /** Other than an IP tunnel's, only 1 is a mark for inherit: 11 is a DS field of 0x10. */
  @ParameterizedTest
  @CsvSource({
    "'', false, 0",
    "tos 28, false, 0x28",
    "tos 0x28, false, 0x28",
    "tos 11, false, 0x11",
    "tos 1, true, 0",
    "tos inherit, true, 0"
  })
  void shouldTakeTheTos(String words, boolean inherit, String tos) {
    assertThat(policy(V4 + words).tos()).isEqualTo(new Inheritable(inherit, Integer.decode(tos)));
  }

  /** As vxlan-noudpcsum, vxlan-ttl7-tos-0x28-dfset and vxlan-df-inherit. */
  @ParameterizedTest
  @CsvSource({"'', CLEAR", "df unset, CLEAR", "df set, SET", "df inherit, INHERIT_OR_SET"})
  void shouldDecideAboutDf(String words, DontFragment df) {
    assertThat(policy(V4 + words).df()).isEqualTo(df);
  }

  @ParameterizedTest
  @CsvSource({
    "flowlabel 0x12345, false, 0x12345",
    "flowlabel 12345, false, 12345",
    "flowlabel inherit, true, 0"
  })
  void shouldTakeAFlowLabelOverIpv6(String words, boolean inherit, String label) {
    assertThat(policy(V6 + words).flowLabel())
        .isEqualTo(new Inheritable(inherit, Integer.decode(label)));
  }

  @ParameterizedTest
  @CsvSource({"rfc6040, RFC6040", "rfc3168, RFC3168", "compatibility, COMPATIBILITY"})
  void shouldTakeEveryEcnMode(String word, EcnMode mode) {
    assertThat(policy(V4 + "ecn " + word).ecn()).isEqualTo(mode);
  }

  /** What concerns the slow path alone, what is off, and a label of 0 over IPv4. */
  @ParameterizedTest
  @CsvSource({
    "learning",
    "nolearning",
    "ageing 300",
    "ageing none",
    "maxaddress 10",
    "maxaddress unlimited",
    "reserved strict",
    "reserved_bits 0xf7ffffff000000ff",
    "noexternal noproxy norsc nol2miss nol3miss noremcsumtx noremcsumrx",
    "flowlabel 0"
  })
  void shouldTakeWhatChangesNothing(String words) {
    assertThat(tuple(V4 + words, Direction.TRANSMIT))
        .isEqualTo(tuple(V4.strip(), Direction.TRANSMIT));
  }

  /** The devices of the golden captures, word by word. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        V4 + "dstport 4789 nolearning srcport 40000 40001 noudpcsum",
        V4 + "dstport 4789 nolearning srcport 40000 40001 udpcsum",
        V4 + "dstport 4789 nolearning srcport 49152 65535 noudpcsum",
        V4 + "dstport 4789 nolearning srcport 40000 40001 noudpcsum df inherit",
        V4 + "dstport 4789 nolearning srcport 40000 40001 noudpcsum ttl inherit tos inherit",
        V4 + "dstport 4789 nolearning srcport 40000 40001 udpcsum ttl 7 tos 0x28 df set",
        V4 + "dev eth1 dstport 8472 srcport 40000 40001 udpcsum nolearning",
        V6 + "dstport 4789 nolearning srcport 40000 40001 udpcsum",
        V6
            + "dstport 4789 nolearning srcport 40000 40001 udpcsum ttl inherit tos inherit"
            + " flowlabel 0x12345",
        V6 + "dstport 4789 nolearning srcport 40000 40001 udp6zerocsumtx udp6zerocsumrx"
      })
  void shouldTakeTheDevicesOfTheCaptures(String device) {
    for (Direction direction : Direction.values()) {
      EncapTuple tuple = tuple(device, direction);
      assertThat(PROVIDER.shim(tuple, InnerType.ETHERNET).isRight()).isTrue();
    }
  }
}
