package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.GoldenFrames.sit;
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
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code ip link add … type sit} come to, and each mistake. */
class SitSettingsTest {
  private static final IpipProvider PROVIDER = new IpipProvider();
  private static final LinkType SIT = PROVIDER.linkTypes().find(t -> t.name().equals("sit")).get();
  private static final Carrier FOUR = Carrier.ipProtocol(IpFamily.V4, 4);
  private static final Carrier SIX = Carrier.ipProtocol(IpFamily.V4, 41);

  private static EncapTuple transmit(Settings settings, InnerType inner) {
    return PROVIDER.tuple(settings, inner, Direction.TRANSMIT).get();
  }

  private static EncapTuple transmit(Settings settings) {
    return transmit(settings, InnerType.IPV6);
  }

  private static Seq<EncapError> errors(Settings settings, InnerType inner) {
    return PROVIDER.tuple(settings, inner, Direction.TRANSMIT).getError();
  }

  private static Value read(String word, String text) {
    return SIT.attribute(word).get().read(text).get();
  }

  @Test
  void shouldFillTheOuterHeaderAsLinuxDoesWhenNothingIsSaid() {
    EncapTuple tuple = transmit(sit());
    // Capture sit-ttl-inherit, frame 2, is what "ttl inherit" gives; "ip -d link" shows the same
    // for a device without ttl in sit-nopmtudisc.
    byte[] frame = GoldenFrames.bytes(GoldenFrames.SIT_INHERIT);
    assertThat(frame[22]).as("outer TTL, inner hop limit").isEqualTo(frame[41]);
    assertThat(frame[20] & 0x40).as("DF").isNotZero();
    assertThat(tuple.policy().ttl()).isEqualTo(Inheritable.INHERIT);
    assertThat(tuple.policy().tos()).isEqualTo(Inheritable.fixed(0));
    assertThat(tuple.policy().df()).isEqualTo(DontFragment.SET);
    assertThat(tuple.words()).isEmpty();
    assertThat(tuple.carrier()).isEqualTo(SIX);
    assertThat(tuple.inner()).containsExactly(InnerType.IPV6);
    assertThat(PROVIDER.shim(tuple, InnerType.IPV6).get()).isEqualTo(Shim.EMPTY);
    assertThat(PROVIDER.shim(tuple, InnerType.IPV4).getLeft().isOutOfScope()).isTrue();
  }

  @Test
  void shouldClearDfOverIpv6WithoutPathMtuDiscovery() {
    byte[] frame = GoldenFrames.bytes(GoldenFrames.SIT_NOPMTUDISC);
    assertThat(frame[20] & 0x40).as("DF").isZero();
    // Inherited: from an IPv4 header; clear if it is IPv6.
    assertThat(transmit(sit().with("pmtudisc", false)).policy().df())
        .isEqualTo(DontFragment.INHERIT);
  }

  @ParameterizedTest
  @CsvSource({
    "ip6ip, false, true",
    "ipv6/ipv4, false, true",
    "ipip, true, false",
    "ip4ip4, true, false",
    "ipv4/ipv4, true, false",
    "any, true, true",
    "any/ipv4, true, true"
  })
  void shouldCarryWhatTheModeSays(String mode, boolean v4, boolean v6) {
    Settings settings = sit().with("mode", read("mode", mode));
    for (Direction direction : Direction.values()) {
      var four = PROVIDER.tuple(settings, InnerType.IPV4, direction);
      var six = PROVIDER.tuple(settings, InnerType.IPV6, direction);
      assertThat(four.isValid()).isEqualTo(v4);
      assertThat(six.isValid()).isEqualTo(v6);
      assertThat(four.toOption().map(EncapTuple::carrier).forAll(FOUR::equals)).isTrue();
      assertThat(six.toOption().map(EncapTuple::carrier).forAll(SIX::equals)).isTrue();
    }
    assertThat(PROVIDER.carriers(settings).contains(FOUR)).isEqualTo(v4);
    assertThat(PROVIDER.carriers(settings).contains(SIX)).isEqualTo(v6);
  }

  @Test
  void shouldRefuseTheOtherFamilyWithTheMode() {
    assertThat(errors(sit().with("mode", "ip6ip"), InnerType.IPV4))
        .containsExactly(
            new EncapError.Unsupported(
                "EtherType 0x0800 in sit mode ip6ip", "only EtherType 0x86dd is carried"));
    assertThat(errors(sit().with("mode", "mplsip"), InnerType.IPV6).map(EncapError::isOutOfScope))
        .containsExactly(true);
  }

  @Test
  void shouldBeOfModeAnyWhenNothingIsSaid() {
    assertThat(PROVIDER.carriers(sit())).containsExactly(FOUR, SIX);
    assertThat(transmit(sit(), InnerType.IPV4))
        .isEqualTo(transmit(sit().with("mode", "any"), InnerType.IPV4));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "11, false", "ff, false", "10, false", "inherit, true"})
  void shouldInheritTheTrafficClassForTosOneAlone(String text, boolean inherits) {
    Settings settings = sit().with("tos", read("tos", text));
    assertThat(transmit(settings).policy().tos().inherit()).isEqualTo(inherits);
    boolean isOdd = !text.equals("10");
    assertThat(transmit(settings, InnerType.IPV4).policy().tos().inherit()).isEqualTo(isOdd);
  }

  @ParameterizedTest
  @CsvSource({
    "isatap, ''",
    "6rd-prefix, 2001:db8::/32",
    "6rd-relay_prefix, 192.0.2.0/24",
    "external, ''",
    "encap, fou",
    "encap, gue",
    "fwmark, 7"
  })
  void shouldRefuseWhatIsOutOfScope(String word, String text) {
    Seq<EncapError> errors = errors(sit().with(word, read(word, text)), InnerType.IPV6);
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(EncapError.Unsupported.class);
    assertThat(errors.head().message()).contains(word).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6rd-reset", "noencap", "encap-csum", "noencap-udp6-csum"})
  void shouldReadWhatChangesNothing(String word) {
    assertThat(transmit(sit().with(word, read(word, "")))).isEqualTo(transmit(sit()));
  }

  @Test
  void shouldRefuseATunnelToAnybody() {
    Seq<EncapError> errors = errors(sit().with("remote", read("remote", "any")), InnerType.IPV6);
    assertThat(errors.map(EncapError::message).mkString())
        .contains("sit without remote is not offloadable");
  }

  @Test
  void shouldRefuseAFixedTtlWithoutPathMtuDiscovery() {
    Settings settings = sit().with("ttl", 64).with("pmtudisc", false);
    assertThat(errors(settings, InnerType.IPV6).map(e -> (Object) e.getClass()))
        .containsExactly(EncapError.Conflict.class);
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("sit")
            .with("local", address("2001:db8::1"))
            .with("ttl", 300)
            .with("isatap", true)
            .with("mode", "ipip");
    assertThat(errors(settings, InnerType.IPV6)).hasSize(5);
  }

  @Test
  void shouldRefuseALinkTypeOfSomebodyElse() {
    assertThat(errors(Settings.of("gre"), InnerType.IPV4))
        .containsExactly(new EncapError.Invalid("type", "gre", "one of ipip, sit, ip6tnl"));
    assertThat(PROVIDER.carriers(Settings.of("gre"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "mode, ip6ip6",
    "6rd-prefix, 192.0.2.0/24",
    "6rd-prefix, 2001:db8::/129",
    "6rd-relay_prefix, 2001:db8::/32",
    "local, 2001:db8::1",
    "fwmark, red"
  })
  void shouldRefuseToReadNonsense(String word, String text) {
    Attribute attribute = SIT.attribute(word).get();
    assertThat(attribute.read(text).isLeft()).isTrue();
    assertThat(attribute.read(text).getLeft()).contains(text);
  }
}
