package io.culvert.encap.gre;

import static io.culvert.encap.gre.GreFixture.PROVIDER;
import static io.culvert.encap.gre.GreFixture.address;
import static io.culvert.encap.gre.GreFixture.errors;
import static io.culvert.encap.gre.GreFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Invalid;
import io.culvert.spi.EncapError.OutOfRange;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a GRE device is refused: each reason is typed, and all come at once. */
class GreRefusalTest {
  private static final Settings GRE = settings("gre local 192.168.1.1 remote 192.168.1.2");
  private static final Settings IP6GRE =
      settings("ip6gre local fd00:1::1 remote fd00:1::2 encaplimit none");

  private static Seq<EncapError> refused(String words) {
    return errors(settings("gre local 192.168.1.1 remote 192.168.1.2 " + words), InnerType.IPV4);
  }

  private static void isUnsupported(Seq<EncapError> errors, String text) {
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(Unsupported.class);
    assertThat(errors.head().message()).contains(text);
  }

  @Test
  void shouldAcceptWhatTheOthersAreMadeOf() {
    assertThat(errors(GRE, InnerType.IPV4)).isEmpty();
    assertThat(errors(IP6GRE, InnerType.IPV4)).isEmpty();
  }

  @Test
  void shouldRefuseAWildcardPeer() {
    isUnsupported(errors(GRE.without("remote"), InnerType.IPV4), "gre without remote");
    isUnsupported(errors(GRE.with("remote", address("0.0.0.0")), InnerType.IPV4), "without remote");
    isUnsupported(errors(IP6GRE.with("remote", address("::")), InnerType.IPV6), "without remote");
  }

  @ParameterizedTest
  @CsvSource({"gre, 239.1.1.1", "ip6gre, ff05::1"})
  void shouldRefuseAGroupAsRemoteAsOutOfScope(String type, String group) {
    Settings settings = (type.equals("gre") ? GRE : IP6GRE).with("remote", address(group));
    isUnsupported(errors(settings, InnerType.IPV4), "remote " + group);
  }

  @Test
  void shouldRefuseAnEndThatIsNotUnicastOfItsFamily() {
    assertThat(errors(GRE.with("remote", address("2001:db8::1")), InnerType.IPV4))
        .containsExactly(new Invalid("remote", "2001:db8::1", "a unicast IPv4 address"));
    assertThat(errors(IP6GRE.with("local", address("::1")), InnerType.IPV4))
        .containsExactly(new Invalid("local", "::1", "a unicast IPv6 address"));
    assertThat(errors(GRE.with("remote", "peer"), InnerType.IPV4))
        .containsExactly(new Invalid("remote", "peer", "a unicast IPv4 address"));
  }

  @ParameterizedTest
  @CsvSource({
    "encap fou, fou",
    "encap gue, gue",
    "external, external",
    "ttl 64 encap fou encap-sport 7777 encap-dport 5556 encap-csum, fou"
  })
  void shouldRefuseWhatIsOutOfScope(String words, String text) {
    isUnsupported(refused(words), text);
  }

  /** Linux's default adds an option header, as the capture ip6gre shows. */
  @ParameterizedTest
  @CsvSource({"'', 4", "encaplimit 4, 4", "encaplimit 0, 0"})
  void shouldRefuseAnEncapsulationLimit(String words, String text) {
    for (String type : new String[] {"ip6gre", "ip6gretap"}) {
      Settings settings = settings((type + " local fd00:1::1 remote fd00:1::2 " + words).strip());
      InnerType inner = type.equals("ip6gre") ? InnerType.IPV6 : InnerType.ETHERNET;
      isUnsupported(errors(settings, inner), "encaplimit " + text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ignore-df", "ignore-df pmtudisc", "pmtudisc ignore-df ttl 64"})
  void shouldRefuseIgnoreDfWithPathMtuDiscoveryAsTheKernelDoes(String words) {
    assertThat(refused(words)).hasSize(1);
    assertThat(refused(words).head()).isInstanceOf(Conflict.class);
    assertThat(refused(words).head().message()).contains("ignore-df").contains("pmtudisc");
  }

  @Test
  void shouldRefuseAFixedTtlWithoutPathMtuDiscovery() {
    assertThat(refused("ttl 64 nopmtudisc")).hasSize(1);
    assertThat(refused("ttl 64 nopmtudisc").head()).isInstanceOf(Conflict.class);
  }

  @ParameterizedTest
  @CsvSource({
    "key, -1, 0, 4294967295",
    "key, 4294967296, 0, 4294967295",
    "ikey, 4294967296, 0, 4294967295",
    "okey, -1, 0, 4294967295",
    "ttl, 256, 0, 255",
    "tos, -1, 0, 255"
  })
  void shouldRefuseNumbersOutOfRange(String field, long value, long least, long most) {
    assertThat(errors(GRE.with(field, value), InnerType.IPV4))
        .containsExactly(new OutOfRange(field, value, least, most));
  }

  @ParameterizedTest
  @CsvSource({
    "hoplimit, 256, 0, 255",
    "tclass, 256, 0, 255",
    "flowlabel, 0x100000, 0, 0xfffff",
    "encaplimit, 256, 0, 255"
  })
  void shouldRefuseNumbersOutOfRangeOverIpv6(
      String field, String value, String least, String most) {
    assertThat(errors(IP6GRE.with(field, Long.decode(value)), InnerType.IPV4))
        .containsExactly(
            new OutOfRange(field, Long.decode(value), Long.decode(least), Long.decode(most)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "ikey", "okey"})
  void shouldRefuseASwitchAsAKey(String field) {
    assertThat(errors(GRE.with(field, true), InnerType.IPV4))
        .containsExactly(new Invalid(field, "on", "a number 0..4294967295"));
  }

  @Test
  void shouldRefuseWhatADeviceDoesNotCarry() {
    isUnsupported(errors(GRE, InnerType.ETHERNET), "Ethernet in gre");
    isUnsupported(errors(IP6GRE, InnerType.ETHERNET), "Ethernet in ip6gre");
    Settings frames = settings("gretap local 192.168.1.1 remote 192.168.1.2");
    isUnsupported(errors(frames, InnerType.IPV4), "EtherType 0x0800 in gretap");
  }

  @Test
  void shouldRefuseALinkTypeThatIsNotGre() {
    Settings settings = Settings.of("erspan");
    assertThat(errors(settings, InnerType.IPV4))
        .containsExactly(new Invalid("type", "erspan", "one of gre, gretap, ip6gre, ip6gretap"));
    assertThat(PROVIDER.carriers(settings)).isEmpty();
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("gre")
            .with("remote", address("127.0.0.1"))
            .with("key", -1)
            .with("ttl", 300)
            .with("ignore-df", true)
            .with("encap", "gue")
            .with("external", true);
    assertThat(errors(settings, InnerType.ETHERNET)).hasSize(7);
  }
}
