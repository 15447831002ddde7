package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.GoldenFrames.ip6tnl;
import static io.culvert.encap.ipip.IpipFixture.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Attribute;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code ip link add … type ip6tnl} come to, and each mistake. */
class Ip6tnlSettingsTest {
  private static final IpipProvider PROVIDER = new IpipProvider();
  private static final LinkType IP6TNL =
      PROVIDER.linkTypes().find(t -> t.name().equals("ip6tnl")).get();

  private static EncapTuple transmit(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV6, Direction.TRANSMIT).get();
  }

  private static OuterPolicy policy(String word, String text) {
    return transmit(ip6tnl().with(word, read(word, text))).policy();
  }

  private static Seq<EncapError> errors(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV6, Direction.TRANSMIT).getError();
  }

  private static Value read(String word, String text) {
    return IP6TNL.attribute(word).get().read(text).get();
  }

  @ParameterizedTest
  @CsvSource({
    "ttl, hoplimit",
    "hlim, hoplimit",
    "tos, tclass",
    "tc, tclass",
    "dsfield, tclass",
    "fl, flowlabel"
  })
  void shouldTakeTheOtherWordsOfIp(String other, String word) {
    assertThat(IP6TNL.attribute(other)).isEqualTo(IP6TNL.attribute(word));
    assertThat(IP6TNL.attribute(other).get().field()).isEqualTo(word);
  }

  @Test
  void shouldFillTheOuterHeaderAsLinuxDoesWhenNothingIsSaid() {
    byte[] frame = GoldenFrames.bytes(GoldenFrames.SIX_IN_SIX);
    EncapTuple tuple = transmit(ip6tnl());
    assertThat(tuple.policy().ttl()).isEqualTo(Inheritable.fixed(frame[21]));
    assertThat(tuple.policy().tos()).isEqualTo(Inheritable.fixed(0));
    assertThat(tuple.policy().flowLabel()).isEqualTo(Inheritable.fixed(0));
    assertThat(frame[21]).as("hop limit").isEqualTo((byte) 64);
    assertThat(tuple.policy().ecn()).isEqualTo(EcnMode.RFC6040);
    assertThat(tuple.words()).isEmpty();
    assertThat(PROVIDER.shim(tuple, InnerType.IPV6).get()).isEqualTo(Shim.EMPTY);
  }

  @Test
  void shouldSendFromLocalToRemoteAndTakeTheReverse() {
    EncapTuple.Addresses out = transmit(ip6tnl()).addresses().get();
    assertThat(out).isEqualTo(new EncapTuple.Addresses(address("fd00:1::1"), address("fd00:1::2")));
    assertThat(PROVIDER.tuple(ip6tnl(), InnerType.IPV6, Direction.RECEIVE).get().addresses().get())
        .isEqualTo(out.reversed());
  }

  @ParameterizedTest
  @CsvSource({
    "ip6ip6, false, true",
    "ipv6/ipv6, false, true",
    "ipip6, true, false",
    "ip4ip6, true, false",
    "ip/ipv6, true, false",
    "ipv4/ipv6, true, false",
    "any, true, true",
    "any/ipv6, true, true"
  })
  void shouldCarryWhatTheModeSays(String mode, boolean v4, boolean v6) {
    Settings settings = ip6tnl().with("mode", read("mode", mode));
    Carrier four = Carrier.ipProtocol(IpFamily.V6, 4);
    Carrier six = Carrier.ipProtocol(IpFamily.V6, 41);
    for (Direction direction : Direction.values()) {
      var tuple4 = PROVIDER.tuple(settings, InnerType.IPV4, direction);
      var tuple6 = PROVIDER.tuple(settings, InnerType.IPV6, direction);
      assertThat(tuple4.isValid()).isEqualTo(v4);
      assertThat(tuple6.isValid()).isEqualTo(v6);
      assertThat(tuple4.toOption().map(EncapTuple::carrier).forAll(four::equals)).isTrue();
      assertThat(tuple6.toOption().map(EncapTuple::carrier).forAll(six::equals)).isTrue();
    }
    assertThat(PROVIDER.carriers(settings).contains(four)).isEqualTo(v4);
    assertThat(PROVIDER.carriers(settings).contains(six)).isEqualTo(v6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "inherit"})
  void shouldInheritTheHopLimit(String text) {
    assertThat(policy("hoplimit", text).ttl()).isEqualTo(Inheritable.INHERIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 77, 255})
  void shouldTakeAFixedHopLimit(int hops) {
    assertThat(policy("hoplimit", "" + hops).ttl()).isEqualTo(Inheritable.fixed(hops));
  }

  @Test
  void shouldFixOrInheritTrafficClassAndFlowLabel() {
    assertThat(policy("tclass", "0x20").tos()).isEqualTo(Inheritable.fixed(0x20));
    assertThat(policy("tclass", "ff").tos()).isEqualTo(Inheritable.fixed(0xff));
    assertThat(policy("tclass", "inherit").tos()).isEqualTo(Inheritable.INHERIT);
    assertThat(policy("flowlabel", "0xabcde").flowLabel()).isEqualTo(Inheritable.fixed(0xabcde));
    assertThat(policy("flowlabel", "inherit").flowLabel()).isEqualTo(Inheritable.INHERIT);
    assertThat(policy("ecn", "rfc3168").ecn()).isEqualTo(EcnMode.RFC3168);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 255})
  void shouldRefuseAnEncapsulationLimit(long limit) {
    assertThat(errors(ip6tnl().with("encaplimit", limit)))
        .containsExactly(
            new EncapError.Unsupported(
                "encaplimit " + limit,
                "each packet would have a Destination Options header; expected encaplimit none"));
  }

  @Test
  void shouldRefuseTheEncapsulationLimitThatIpSetsByItself() {
    assertThat(errors(ip6tnl().without("encaplimit")))
        .isEqualTo(errors(ip6tnl().with("encaplimit", 4)));
  }

  @ParameterizedTest
  @CsvSource({"external, ''", "encap, fou", "encap, gue", "fwmark, inherit", "dscp, inherit"})
  void shouldRefuseWhatIsOutOfScope(String word, String text) {
    Seq<EncapError> errors = errors(ip6tnl().with(word, read(word, text)));
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(EncapError.Unsupported.class);
    assertThat(errors.head().message()).contains(word).contains(text);
  }

  @Test
  void shouldRefuseAWildcardPeer() {
    List.of(ip6tnl().without("remote"), ip6tnl().with("remote", read("remote", "any")))
        .forEach(settings ->
            assertThat(errors(settings).map(EncapError::message).mkString())
                .contains("ip6tnl without remote is not offloadable"));
  }

  @Test
  void shouldLeaveTheOwnEndToTheRoute() {
    EncapTuple.Addresses open = transmit(ip6tnl().without("local")).addresses().get();
    assertThat(open.isOpen()).isTrue();
    assertThat(open.destination()).isEqualTo(transmit(ip6tnl()).addresses().get().destination());
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "192.0.2.1"})
  void shouldRefuseAnEndThatIsNotUnicastIpv6(String text) {
    assertThat(errors(ip6tnl().with("remote", address(text))))
        .containsExactly(new EncapError.Invalid("remote", text, "a unicast IPv6 address"));
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    assertThat(errors(ip6tnl().with("hoplimit", 256)))
        .containsExactly(new EncapError.OutOfRange("hoplimit", 256, 0, 255));
    assertThat(errors(ip6tnl().with("tclass", -1)))
        .containsExactly(new EncapError.OutOfRange("tclass", -1, 0, 255));
    assertThat(errors(ip6tnl().with("flowlabel", 0x100000)))
        .containsExactly(new EncapError.OutOfRange("flowlabel", 0x100000, 0, 0xfffff));
  }

  @ParameterizedTest
  @CsvSource({
    "mode, ip6ip",
    "encaplimit, 256",
    "hoplimit, x",
    "tclass, 100",
    "flowlabel, 100000",
    "dscp, af41",
    "local, 192.0.2.1"
  })
  void shouldRefuseToReadNonsense(String word, String text) {
    Attribute attribute = IP6TNL.attribute(word).get();
    assertThat(attribute.read(text).isLeft()).isTrue();
    assertThat(attribute.read(text).getLeft()).contains(text);
  }
}
