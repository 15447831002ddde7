package io.culvert.encap.vxlan;

import static io.culvert.encap.vxlan.VxlanFixture.PROVIDER;
import static io.culvert.encap.vxlan.VxlanFixture.address;
import static io.culvert.encap.vxlan.VxlanFixture.errors;
import static io.culvert.encap.vxlan.VxlanFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Invalid;
import io.culvert.spi.EncapError.Missing;
import io.culvert.spi.EncapError.OutOfRange;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a VXLAN device is refused: each reason is typed, and all come at once. */
class VxlanRefusalTest {
  private static final Settings V4 = settings("vxlan id 100 local 192.168.1.1 remote 192.168.1.2");
  private static final Settings V6 = settings("vxlan id 100 local fd00:1::1 remote fd00:1::2");

  private static Seq<EncapError> refused(String words) {
    return errors(settings("vxlan id 100 local 192.168.1.1 remote 192.168.1.2 " + words));
  }

  private static void isUnsupported(Seq<EncapError> errors, String text) {
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(Unsupported.class);
    assertThat(errors.head().message()).contains(text);
  }

  @Test
  void shouldAcceptWhatTheOthersAreMadeOf() {
    assertThat(errors(V4)).isEmpty();
    assertThat(errors(V6)).isEmpty();
  }

  @Test
  void shouldRefuseADeviceWithoutAPeer() {
    isUnsupported(errors(V4.without("remote")), "without remote");
    isUnsupported(errors(V6.with("remote", address("::"))), "without remote");
  }

  @Test
  void shouldRefuseAGroup() {
    isUnsupported(errors(V4.without("remote").with("group", address("239.1.1.1"))), "239.1.1.1");
    isUnsupported(errors(V6.without("remote").with("group", address("ff05::1"))), "ff05::1");
    isUnsupported(errors(V4.with("remote", address("239.1.1.1"))), "239.1.1.1");
  }

  @Test
  void shouldRefuseAnEndThatIsNotUnicast() {
    assertThat(errors(V4.with("remote", address("127.0.0.1"))))
        .containsExactly(new Invalid("remote", "127.0.0.1", "a unicast address"));
    assertThat(errors(V4.with("local", "here")))
        .containsExactly(new Invalid("local", "here", "a unicast address"));
  }

  @Test
  void shouldRefuseEndsOfTwoFamilies() {
    assertThat(errors(V4.with("remote", address("fd00:1::2"))))
        .containsExactly(
            new Conflict("local 192.168.1.1", "remote fd00:1::2", "one IP version for both"));
  }

  @Test
  void shouldNeedAVni() {
    assertThat(errors(V4.without("id"))).containsExactly(new Missing("id", "a VNI, 0..16777215"));
  }

  /** As the kernel: what is in use cannot be reserved. */
  @ParameterizedTest
  @ValueSource(strings = {"0xf7ffffff000001ff", "0x0800000000000000", "0xffffffff000000ff", "256"})
  void shouldRefuseToReserveWhatIsInUse(String bits) {
    assertThat(refused("reserved_bits " + bits)).hasSize(1);
    assertThat(refused("reserved_bits " + bits).head().message())
        .contains("does not go with flag I and the VNI");
  }

  @Test
  void shouldRefuseTwoWordsForTheReservedBits() {
    assertThat(refused("reserved ignore reserved_bits 0xff"))
        .containsExactly(
            new Conflict(
                "reserved ignore", "reserved_bits 0xff", "both say which bits are judged"));
    assertThat(errors(V4.with("reserved_bits", "all")).head()).isInstanceOf(Invalid.class);
  }

  @ParameterizedTest
  @CsvSource({
    "id, -1, 16777215",
    "id, 16777216, 16777215",
    "dstport, 65536, 65535",
    "dstport, -1, 65535",
    "ttl, 256, 255",
    "tos, 256, 255",
    "ageing, -1, 4294967295",
    "maxaddress, 4294967296, 4294967295"
  })
  void shouldRefuseNumbersOutOfRange(String field, long value, long most) {
    assertThat(errors(V4.with(field, value)))
        .containsExactly(new OutOfRange(field, value, 0, most));
  }

  /** Linux takes an empty range for its own ports, which nobody means. */
  @ParameterizedTest
  @CsvSource({"40000, 40000", "0, 9", "0, 65535"})
  void shouldRefuseASourcePortRangeThatIsEmptyOrHas0(int least, int most) {
    Seq<EncapError> errors = errors(V4.with("srcport", new Value.Range(least, most)));
    assertThat(errors).hasSize(1);
    assertThat(errors.head()).isInstanceOf(Invalid.class);
    assertThat(errors.head().message()).contains("srcport is '" + least + " " + most + "'");
  }

  @Test
  void shouldRefuseASourcePortRangeThatIsNone() {
    for (Value.Range range :
        List.of(new Value.Range(9, 5), new Value.Range(5, 65536), new Value.Range(-1, 5))) {
      Seq<EncapError> errors = errors(V4.with("srcport", range));
      assertThat(errors.head()).isInstanceOf(Invalid.class);
      assertThat(errors.head().message()).contains("srcport is '" + range + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flowlabel 5", "flowlabel inherit"})
  void shouldRefuseAFlowLabelOverIpv4AsTheKernelDoes(String words) {
    assertThat(refused(words)).hasSize(1);
    assertThat(refused(words).head()).isInstanceOf(Conflict.class);
    assertThat(refused(words).head().message()).contains(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "external",
        "gbp",
        "gpe",
        "remcsumtx",
        "remcsumrx",
        "proxy",
        "rsc",
        "l2miss",
        "l3miss"
      })
  void shouldRefuseWhatIsOutOfScope(String words) {
    isUnsupported(refused(words), words + " is not offloadable");
  }

  @Test
  void shouldRefuseAllButEthernet() {
    for (InnerType inner : List.of(InnerType.IPV4, InnerType.IPV6)) {
      isUnsupported(PROVIDER.tuple(V4, inner, Direction.TRANSMIT).getError(), inner + " in vxlan");
      assertThat(
              PROVIDER
                  .shim(PROVIDER.tuple(V4, InnerType.ETHERNET, Direction.TRANSMIT).get(), inner)
                  .getLeft())
          .isInstanceOf(Unsupported.class);
    }
  }

  @Test
  void shouldRefuseAnotherLinkType() {
    assertThat(errors(new Settings("geneve", V4.values())))
        .containsExactly(new Invalid("type", "geneve", "vxlan"));
  }

  @Test
  void shouldReportAllMistakesAtOnce() {
    Settings settings =
        Settings.of("vxlan")
            .with("local", address("127.0.0.1"))
            .with("ttl", 300)
            .with("df", "maybe")
            .with("gpe", true)
            .with("reserved", "maybe")
            .with("srcport", new Value.Range(9, 9))
            .with("flowlabel", 1);
    assertThat(errors(settings)).hasSize(9);
  }
}
