package io.culvert.encap.gre;

import static io.culvert.encap.gre.GreFixture.PROVIDER;
import static io.culvert.encap.gre.GreFixture.address;
import static io.culvert.encap.gre.GreFixture.settings;
import static io.culvert.encap.gre.GreFixture.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of a GRE device come to. */
class GreSettingsTest {
  private static final String ENDS = " local 192.168.1.1 remote 192.168.1.2";
  private static final String ENDS6 = " local fd00:1::1 remote fd00:1::2 encaplimit none";

  private static EncapTuple gre(String words) {
    return tuple(("gre" + ENDS + " " + words).strip(), InnerType.IPV4, Direction.TRANSMIT);
  }

  private static EncapTuple ip6gre(String words) {
    return tuple(("ip6gre" + ENDS6 + " " + words).strip(), InnerType.IPV6, Direction.TRANSMIT);
  }

  /** The identity words of both directions, transmit first. */
  private static String words(String words) {
    String device = ("gre" + ENDS + " " + words).strip();
    return String.format(
        "%x %x",
        tuple(device, InnerType.IPV4, Direction.TRANSMIT).words().head(),
        tuple(device, InnerType.IPV4, Direction.RECEIVE).words().head());
  }

  @Test
  void shouldServeFourKindsOfDevice() {
    assertThat(PROVIDER.linkTypes().map(type -> type.name() + " " + type.layer()))
        .containsExactly("gre L3", "gretap L2", "ip6gre L3", "ip6gretap L2");
    assertThat(PROVIDER.linkTypes().map(LinkType::name).distinct()).hasSize(4);
  }

  /** As the captures gre, gretap, ip6gre-inherit and the state of their devices show it. */
  @Test
  void shouldFillTheOuterHeaderAsLinuxWhenNothingIsSaid() {
    assertThat(gre("").policy())
        .isEqualTo(
            new OuterPolicy(
                Inheritable.INHERIT,
                Inheritable.fixed(0),
                DontFragment.SET,
                Inheritable.fixed(0),
                EcnMode.RFC6040));
    assertThat(tuple("gretap" + ENDS, InnerType.ETHERNET, Direction.TRANSMIT).policy())
        .isEqualTo(gre("").policy());
    assertThat(ip6gre("").policy())
        .isEqualTo(
            new OuterPolicy(
                Inheritable.fixed(64),
                Inheritable.fixed(0),
                DontFragment.SET,
                Inheritable.fixed(0),
                EcnMode.RFC6040));
  }

  @ParameterizedTest
  @CsvSource({
    "gre, V4, 'EtherType 0x0800, EtherType 0x86dd'",
    "gretap, V4, Ethernet",
    "ip6gre, V6, 'EtherType 0x0800, EtherType 0x86dd'",
    "ip6gretap, V6, Ethernet"
  })
  void shouldCarryPacketsOrFramesBehindProtocol47(String type, IpFamily family, String carried) {
    String device = type + (family == IpFamily.V4 ? ENDS : ENDS6);
    InnerType inner = carried.equals("Ethernet") ? InnerType.ETHERNET : InnerType.IPV4;
    EncapTuple tuple = tuple(device, inner, Direction.TRANSMIT);
    assertThat(tuple.carrier()).isEqualTo(Carrier.ipProtocol(family, 47));
    assertThat(PROVIDER.carriers(settings(device))).containsExactly(tuple.carrier());
    assertThat(tuple.inner().mkString(", ")).isEqualTo(carried);
    assertThat(tuple.device()).isEqualTo(Option.none());
  }

  @Test
  void shouldSendFromLocalToRemoteAndTakeTheReverse() {
    EncapTuple.Addresses out = gre("").addresses().get();
    assertThat(out.source()).isEqualTo(address("192.168.1.1"));
    assertThat(out.destination()).isEqualTo(address("192.168.1.2"));
    assertThat(tuple("gre" + ENDS, InnerType.IPV4, Direction.RECEIVE).addresses())
        .isEqualTo(Option.some(out.reversed()));
    assertThat(ip6gre("").addresses().get().source()).isEqualTo(address("fd00:1::1"));
  }

  /** Flags in the upper half, the key in the lower one; what we send, then what the peer sends. */
  @ParameterizedTest
  @CsvSource({
    "'', 0 0",
    "key 5, 200000000005 200000000005",
    "key 0, 200000000000 200000000000",
    "key 0xffffffff, 2000ffffffff 2000ffffffff",
    "ikey 111 okey 222, 2000000000de 20000000006f",
    "ikey 111, 0 20000000006f",
    "okey 222, 2000000000de 0",
    "key 5 ikey 6, 200000000005 200000000006",
    "key 5 okey 6, 200000000006 200000000005",
    "key 5 noikey, 200000000005 0",
    "key 5 nookey, 0 200000000005",
    "key 5 nokey, 0 0",
    "csum, 800000000000 800000000000",
    "icsum, 0 800000000000",
    "ocsum, 800000000000 0",
    "csum noicsum, 800000000000 0",
    "csum nocsum, 0 0",
    "seq, 100000000000 100000000000",
    "iseq, 0 100000000000",
    "oseq, 100000000000 0",
    "seq nooseq, 0 100000000000",
    "key 77 csum seq, b0000000004d b0000000004d"
  })
  void shouldGiveEachDirectionItsFlagsAndKey(String text, String words) {
    assertThat(words(text)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "64, 64", "255, 255"})
  void shouldTakeAFixedTtl(String text, int ttl) {
    assertThat(gre("ttl " + text).policy().ttl()).isEqualTo(Inheritable.fixed(ttl));
    assertThat(ip6gre("hoplimit " + text).policy().ttl()).isEqualTo(Inheritable.fixed(ttl));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "inherit"})
  void shouldInheritTheTtl(String text) {
    assertThat(gre("ttl " + text).policy().ttl()).isEqualTo(Inheritable.INHERIT);
    assertThat(ip6gre("hoplimit " + text).policy().ttl()).isEqualTo(Inheritable.INHERIT);
  }

  @Test
  void shouldTakeTosAndTrafficClassInHexadecimalOrInheritThem() {
    assertThat(gre("tos 0x48").policy().tos()).isEqualTo(Inheritable.fixed(0x48));
    assertThat(gre("tos inherit").policy().tos()).isEqualTo(Inheritable.INHERIT);
    assertThat(ip6gre("tclass 48").policy().tos()).isEqualTo(Inheritable.fixed(0x48));
    assertThat(ip6gre("tclass inherit").policy().tos()).isEqualTo(Inheritable.INHERIT);
    assertThat(ip6gre("flowlabel 0x12345").policy().flowLabel())
        .isEqualTo(Inheritable.fixed(0x12345));
    assertThat(ip6gre("flowlabel inherit").policy().flowLabel()).isEqualTo(Inheritable.INHERIT);
  }

  /** As the captures gre, gre-nopmtudisc and gre-nopmtudisc-ignore-df show it. */
  @ParameterizedTest
  @CsvSource({
    "'', SET",
    "pmtudisc, SET",
    "pmtudisc noignore-df, SET",
    "nopmtudisc, INHERIT",
    "nopmtudisc noignore-df, INHERIT",
    "nopmtudisc ignore-df, CLEAR"
  })
  void shouldDecideAboutDf(String words, DontFragment df) {
    assertThat(gre(words).policy().df()).isEqualTo(df);
  }

  @ParameterizedTest
  @CsvSource({"rfc6040, RFC6040", "rfc3168, RFC3168", "compatibility, COMPATIBILITY"})
  void shouldTakeEveryEcnMode(String word, EcnMode mode) {
    assertThat(gre("ecn " + word).policy().ecn()).isEqualTo(mode);
  }

  /**
   * As the captures ip6gre-key-csum-seq (no ECN bits outside) and ip6gre-inherit (all inside ones,
   * CE too) show what Linux does over IPv6.
   */
  @ParameterizedTest
  @CsvSource({
    "rfc6040, 0, RFC6040",
    "rfc6040, inherit, RFC6040",
    "compatibility, 0, COMPATIBILITY",
    "compatibility, inherit, COMPATIBILITY",
    "rfc3168, 0, COMPATIBILITY",
    "rfc3168, b8, COMPATIBILITY",
    "rfc3168, inherit, RFC6040"
  })
  void shouldTakeEveryEcnModeOverIpv6(String word, String tclass, EcnMode mode) {
    assertThat(ip6gre("ecn " + word + " tclass " + tclass).policy().ecn()).isEqualTo(mode);
  }

  @Test
  void shouldBindToADevice() {
    assertThat(gre("dev eth1").device()).isEqualTo(Option.some("eth1"));
    assertThat(ip6gre("dev eth1").device()).isEqualTo(Option.some("eth1"));
  }

  @Test
  void shouldTakeSettingsThatOnlySayNo() {
    assertThat(gre("encap none noencap-csum noexternal nokey nocsum noseq")).isEqualTo(gre(""));
  }

  /** The devices of the golden captures that have something to offload, word by word. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gre local 192.168.1.1 remote 192.168.1.2",
        "gre local 192.168.1.1 remote 192.168.1.2 csum",
        "gre local 192.168.1.1 remote 192.168.1.2 icsum",
        "gre local 192.168.1.1 remote 192.168.1.2 ocsum",
        "gre local 192.168.1.1 remote 192.168.1.2 ikey 111 okey 222",
        "gre local 192.168.1.1 remote 192.168.1.2 key 0x0a0b0c0d",
        "gre local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
        "gre local 192.168.1.1 remote 192.168.1.2 nopmtudisc",
        "gre local 192.168.1.1 remote 192.168.1.2 nopmtudisc ignore-df",
        "gre local 192.168.1.1 remote 192.168.1.2 seq",
        "gre local 192.168.1.1 remote 192.168.1.2 tos 0x48",
        "gre local 192.168.1.1 remote 192.168.1.2 ttl inherit tos inherit key 5",
        "gre local 192.168.1.1 remote 192.168.1.2 ttl 64",
        "gretap local 192.168.1.1 remote 192.168.1.2",
        "gretap local 192.168.1.1 remote 192.168.1.2 key 77 csum seq",
        "gretap local 192.168.1.1 remote 192.168.1.2 ttl inherit tos inherit nopmtudisc",
        "ip6gre local fd00:1::1 remote fd00:1::2 encaplimit none hoplimit 33 tclass inherit",
        "ip6gre local fd00:1::1 remote fd00:1::2 key 77 csum seq encaplimit none"
      })
  void shouldTakeTheDevicesOfTheCaptures(String device) {
    InnerType inner = device.startsWith("gretap") ? InnerType.ETHERNET : InnerType.IPV4;
    for (Direction direction : Direction.values()) {
      EncapTuple tuple = tuple(device, inner, direction);
      assertThat(PROVIDER.shim(tuple, inner).isRight()).isTrue();
    }
  }

  /** As {@code ip} reads them; of a device over IPv6 the words are the other way round. */
  @ParameterizedTest
  @CsvSource({"hlim 7, ttl 7", "hoplimit 7, ttl 7", "tc 28, tos 28", "dsfield 28, tos 28"})
  void shouldTakeTheOtherWordsOfIp(String other, String word) {
    String over6 = word.replace("ttl", "hoplimit").replace("tos", "tclass");
    for (String type : new String[] {"gre", "gretap"}) {
      assertThat(settings(type + ENDS + " " + other)).isEqualTo(settings(type + ENDS + " " + word));
      String six = "ip6" + type + ENDS6 + " ";
      assertThat(settings(six + word)).isEqualTo(settings(six + over6));
      assertThat(settings(six + other)).isEqualTo(settings(six + over6));
    }
  }

  @Test
  void shouldLeaveTheOwnEndToTheRoute() {
    for (Direction direction : Direction.values()) {
      EncapTuple.Addresses both = tuple("gre" + ENDS, InnerType.IPV4, direction).addresses().get();
      EncapTuple.Addresses open =
          tuple("gre remote 192.168.1.2", InnerType.IPV4, direction).addresses().get();
      assertThat(open.isOpen()).isTrue();
      assertThat(open.closed(address("192.168.1.1"))).isEqualTo(both);
    }
  }
}
