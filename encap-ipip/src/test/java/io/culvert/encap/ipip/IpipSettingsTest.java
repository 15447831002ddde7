package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.address;
import static io.culvert.encap.ipip.IpipFixture.ends;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.path.PathDiscovery;
import io.culvert.path.PathError;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.Value;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@code ip link add … type ipip} come to, and each mistake. */
class IpipSettingsTest {
  private static final IpipProvider PROVIDER = new IpipProvider();

  private static EncapTuple transmit(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV4, Direction.TRANSMIT).get();
  }

  private static Seq<EncapError> errors(Settings settings) {
    return PROVIDER.tuple(settings, InnerType.IPV4, Direction.TRANSMIT).getError();
  }

  /** The value that the scenario language reads for a word. */
  private static Value read(String word, String text) {
    Attribute attribute = PROVIDER.linkTypes().head().attribute(word).get();
    return attribute.read(text).get();
  }

  @Test
  void shouldFillTheOuterHeaderAsDocumentedWhenNothingIsSaid() {
    EncapTuple tuple = transmit(ends());
    assertThat(tuple.policy())
        .isEqualTo(
            new OuterPolicy(
                Inheritable.INHERIT,
                Inheritable.fixed(0),
                DontFragment.SET,
                Inheritable.fixed(0),
                EcnMode.RFC6040));
    assertThat(tuple.carrier()).isEqualTo(Carrier.ipProtocol(IpFamily.V4, 4));
    assertThat(tuple.device()).isEqualTo(Option.none());
    assertThat(tuple.words()).isEmpty();
    assertThat(tuple.inner()).containsExactly(InnerType.IPV4);
  }

  @Test
  void shouldSendFromLocalToRemoteAndTakeTheReverse() {
    EncapTuple.Addresses out = transmit(ends()).addresses().get();
    assertThat(out.source()).isEqualTo(address("192.168.1.1"));
    assertThat(out.destination()).isEqualTo(address("192.168.1.2"));
    assertThat(PROVIDER.tuple(ends(), InnerType.IPV4, Direction.RECEIVE).get().addresses())
        .isEqualTo(Option.some(out.reversed()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 255})
  void shouldTakeAFixedTtl(int ttl) {
    Settings settings = ends().with("ttl", read("ttl", Integer.toString(ttl)));
    assertThat(transmit(settings).policy().ttl()).isEqualTo(Inheritable.fixed(ttl));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "inherit"})
  void shouldInheritTheTtl(String text) {
    Settings settings = ends().with("ttl", read("ttl", text));
    assertThat(transmit(settings).policy().ttl()).isEqualTo(Inheritable.INHERIT);
  }

  @ParameterizedTest
  @CsvSource({"10, 16", "0x10, 16", "b8, 184", "0, 0", "fe, 254"})
  void shouldReadTosAsHexadecimal(String text, int tos) {
    Settings settings = ends().with("tos", read("tos", text));
    assertThat(transmit(settings).policy().tos()).isEqualTo(Inheritable.fixed(tos));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "inherit", "0x1", "11", "ff"})
  void shouldInheritTheTosIfItsLowestBitIsSet(String text) {
    Settings settings = ends().with("tos", read("tos", text));
    assertThat(transmit(settings).policy().tos()).isEqualTo(Inheritable.INHERIT);
  }

  @Test
  void shouldSetDfUnlessToldOtherwise() {
    assertThat(transmit(ends().with("pmtudisc", true)).policy().df()).isEqualTo(DontFragment.SET);
    assertThat(transmit(ends().with("pmtudisc", read("nopmtudisc", ""))).policy().df())
        .isEqualTo(DontFragment.INHERIT);
  }

  @ParameterizedTest
  @CsvSource({"rfc6040, RFC6040", "rfc3168, RFC3168", "compatibility, COMPATIBILITY"})
  void shouldTakeEveryEcnMode(String word, EcnMode mode) {
    assertThat(transmit(ends().with("ecn", read("ecn", word))).policy().ecn()).isEqualTo(mode);
  }

  @Test
  void shouldBindToADevice() {
    assertThat(transmit(ends().with("dev", read("dev", "eth1"))).device())
        .isEqualTo(Option.some("eth1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipip", "ip4ip4", "ipv4/ipv4", "any", "any/ipv4"})
  void shouldTakeModesThatCarryIpv4(String mode) {
    assertThat(transmit(ends().with("mode", read("mode", mode)))).isEqualTo(transmit(ends()));
  }

  @Test
  void shouldRefuseAWildcardPeerAsOutOfScope() {
    // CVE-2020-10136: decapsulating anybody's packets.
    List.of(ends().without("remote"), ends().with("remote", read("remote", "any")))
        .forEach(settings -> {
          assertThat(errors(settings)).hasSize(1);
          EncapError error = errors(settings).head();
          assertThat(error.isOutOfScope()).isTrue();
          assertThat(error.message()).contains("ipip without remote is not offloadable");
        });
  }

  @Test
  void shouldLeaveTheOwnEndToTheRoute() {
    List.of(ends().without("local"), ends().with("local", read("local", "any")))
        .forEach(settings -> {
          EncapTuple.Addresses open = transmit(settings).addresses().get();
          EncapTuple.Addresses both = transmit(ends()).addresses().get();
          assertThat(open.isOpen()).isTrue();
          assertThat(open.closed(both.source())).isEqualTo(both);
        });
  }

  @Test
  void shouldRefuseAnEndThatIsNotUnicastIpv4() {
    assertThat(errors(ends().with("remote", address("127.0.0.1"))))
        .containsExactly(new EncapError.Invalid("remote", "127.0.0.1", "a unicast IPv4 address"));
    assertThat(errors(ends().with("local", address("2001:db8::1"))))
        .containsExactly(new EncapError.Invalid("local", "2001:db8::1", "a unicast IPv4 address"));
  }

  @Test
  void shouldRefuseAFixedTtlWithoutPathMtuDiscovery() {
    Seq<EncapError> errors = errors(ends().with("ttl", 64).with("pmtudisc", false));
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(EncapError.Conflict.class);
    assertThat(errors.head().isOutOfScope()).isFalse();
    assertThat(errors.head().message()).contains("ttl 64").contains("nopmtudisc");
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    assertThat(errors(ends().with("ttl", 256)))
        .containsExactly(new EncapError.OutOfRange("ttl", 256, 0, 255));
    assertThat(errors(ends().with("ttl", -1)))
        .containsExactly(new EncapError.OutOfRange("ttl", -1, 0, 255));
    assertThat(errors(ends().with("tos", 256)))
        .containsExactly(new EncapError.OutOfRange("tos", 256, 0, 255));
  }

  @ParameterizedTest
  @CsvSource({"encap, fou", "encap, gue", "mode, mplsip", "fwmark, 0x10", "fwmark, inherit"})
  void shouldRefuseWhatIsOutOfScope(String word, String text) {
    Seq<EncapError> errors = errors(ends().with(word, read(word, text)));
    assertThat(errors).hasSize(1);
    assertThat(errors.head().isOutOfScope()).isTrue();
    assertThat(errors.head().message()).contains(text.replace("0x10", "16"));
  }

  @Test
  void shouldRefuseExternalMode() {
    assertThat(errors(ends().with("external", true)).map(EncapError::isOutOfScope))
        .containsExactly(true);
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("ipip")
            .with("remote", address("224.0.0.1"))
            .with("ttl", 300)
            .with("tos", 300)
            .with("external", true);
    assertThat(errors(settings)).hasSize(4);
  }

  @Test
  void required_law18_whatIsNotClaimedIsRefused() {
    assertThat(PROVIDER.capabilities())
        .containsExactly(
            Capability.over(IpFamily.V4, InnerType.IPV4),
            Capability.over(IpFamily.V4, InnerType.IPV6),
            Capability.over(IpFamily.V6, InnerType.IPV4),
            Capability.over(IpFamily.V6, InnerType.IPV6));
    for (InnerType inner :
        List.of(InnerType.IPV6, InnerType.ETHERNET, new InnerType(InnerType.ETHERTYPE, 0x8847))) {
      assertThat(PROVIDER.tuple(ends(), inner, Direction.TRANSMIT).isInvalid()).isTrue();
      assertThat(PROVIDER.tuple(ends(), inner, Direction.RECEIVE).isInvalid()).isTrue();
      assertThat(PROVIDER.shim(transmit(ends()), inner).isLeft()).isTrue();
    }
    assertThat(PROVIDER.shim(transmit(ends()), InnerType.IPV4).get()).isEqualTo(Shim.EMPTY);
  }

  @Test
  void required_law18_theNinthLayerIsRefused() {
    TunnelStack nine = new TunnelStack(List.fill(9, () -> Settings.of("ipip")));
    assertThat(
            new PathDiscovery(IpipFixture.REGISTRY, nine.scenario(TunnelStack.Side.NEAR).network())
                .to(RouteQuery.to(address("10.9.0.10")))
                .getLeft())
        .isInstanceOf(PathError.TooDeep.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ttl, 256",
    "ttl, -1",
    "ttl, x",
    "tos, 100",
    "tos, 0x100",
    "tos, g",
    "local, 1.2.3",
    "remote, 2001:db8::1",
    "ecn, rfc9999",
    "mode, sit",
    "encap, vxlan"
  })
  void shouldRefuseToReadNonsense(String word, String text) {
    Attribute attribute = PROVIDER.linkTypes().head().attribute(word).get();
    assertThat(attribute.read(text).isLeft()).isTrue();
    assertThat(attribute.read(text).getLeft()).contains(text);
  }
}
