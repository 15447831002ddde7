package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.control.Either;
import io.vavr.control.Option;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTest {
  private static final Attribute TTL = OuterAttributes.TTL;
  private static final Attribute TOS = OuterAttributes.TOS;

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "64, 64", "255, 255", "007, 7", "0x40, 64", "0XfF, 255"})
  void shouldReadADecimalNumberUnlessItHasAPrefix(String text, long number) {
    assertThat(TTL.read(text)).isEqualTo(Either.right(new Value.Num(number)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "10, 16", "b8, 184", "B8, 184", "0xb8, 184", "ff, 255", "0xff, 255"})
  void shouldReadTheTosInHexadecimalAsIpDoes(String text, long number) {
    assertThat(TOS.read(text)).isEqualTo(Either.right(new Value.Num(number)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"256", "-1", "", "0x", "0x100", "ten", "1.5", " 1", "99999999999999999999", "ff"})
  void shouldRefuseWhatIsNoNumberInRangeAndSayWhatWasExpected(String text) {
    assertThat(TTL.read(text).getLeft())
        .isEqualTo("'" + text + "' is not a number 0..255 or inherit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "0x100", "-1", "g0", ""})
  void shouldRefuseATosOutOfRangeAndSayThatItIsHexadecimal(String text) {
    assertThat(TOS.read(text).getLeft())
        .isEqualTo("'" + text + "' is not a number 0..255 (hexadecimal) or inherit");
  }

  @Test
  void shouldReadAWordInPlaceOfANumber() {
    assertThat(TTL.read("inherit")).isEqualTo(Either.right(new Value.Word("inherit")));
    assertThat(TTL.read("Inherit").isLeft()).isTrue();
  }

  @Property
  void shouldReadExactlyTheNumbersOfItsRange(@ForAll long number, @ForAll short least) {
    Attribute attribute = new Attribute.Number("n", least, least + 1000L, 10, List.empty());
    for (long tried : new long[] {number, least - 1L, least, least + 1000L, least + 1001L}) {
      assertThat(attribute.read(Long.toString(tried)).isRight())
          .isEqualTo(tried >= least && tried <= least + 1000L);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "V4, 192.0.2.1, true",
    "V4, ::1, false",
    "V6, ::1, true",
    "V6, 192.0.2.1, false",
    "V4, nonsense, false"
  })
  void shouldReadAddressesOfItsFamilyOnly(IpFamily family, String text, boolean good) {
    Attribute attribute = new Attribute.Address("local", Option.some(family));
    assertThat(attribute.read(text).isRight()).isEqualTo(good);
    if (good) {
      assertThat(attribute.read(text).get()).isEqualTo(new Value.Ip(IpAddress.parse(text).get()));
    } else {
      assertThat(attribute.read(text).getLeft()).contains("'" + text + "'");
    }
  }

  @Test
  void shouldReadAnAddressOfEitherFamilyIfNoneIsAsked() {
    Attribute attribute = new Attribute.Address("local", Option.none());
    assertThat(attribute.read("192.0.2.1").isRight()).isTrue();
    assertThat(attribute.read("2001:db8::1").isRight()).isTrue();
    assertThat(attribute.expected()).isEqualTo("an IP address");
  }

  @Test
  void shouldReadAnyAsTheUnspecifiedAddressOfTheFamily() {
    Attribute four = new Attribute.Address("remote", Option.some(IpFamily.V4));
    Attribute six = new Attribute.Address("remote", Option.some(IpFamily.V6));
    assertThat(four.read("any").get().toString()).isEqualTo("0.0.0.0");
    assertThat(six.read("any").get().toString()).isEqualTo("::");
  }

  @Test
  void shouldReadFlagsKeywordsNamesAndMacAddresses() {
    Attribute nopmtudisc = OuterAttributes.NOPMTUDISC;
    assertThat(nopmtudisc.takesValue()).isFalse();
    assertThat(nopmtudisc.field()).isEqualTo("pmtudisc");
    assertThat(nopmtudisc.read("")).isEqualTo(Either.right(new Value.Flag(false)));
    assertThat(OuterAttributes.PMTUDISC.read("")).isEqualTo(Either.right(new Value.Flag(true)));
    assertThat(TTL.takesValue()).isTrue();
    assertThat(TTL.field()).isEqualTo("ttl");

    assertThat(OuterAttributes.ECN.read("rfc3168"))
        .isEqualTo(Either.right(new Value.Word("rfc3168")));
    assertThat(OuterAttributes.ECN.read("rfc9999").getLeft())
        .isEqualTo("'rfc9999' is not one of rfc6040, rfc3168, compatibility");

    assertThat(new Attribute.DeviceName("dev").read("eth0"))
        .isEqualTo(Either.right(new Value.Word("eth0")));
    assertThat(new Attribute.HardwareAddress("peer").read("02:00:00:00:00:01"))
        .isEqualTo(Either.right(new Value.Mac(new MacAddress(0x0200_0000_0001L))));
    assertThat(new Attribute.HardwareAddress("peer").read("02:00").getLeft()).contains("'02:00'");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x0",
    "255, 0xff",
    "0xff, 0xff",
    "0XF7ffffff000000ff, 0xf7ffffff000000ff",
    "18446744073709551615, 0xffffffffffffffff"
  })
  void shouldReadBitsAndWriteThemInHexadecimal(String text, String word) {
    Attribute attribute = new Attribute.Bits("reserved_bits");
    assertThat(attribute.read(text)).isEqualTo(Either.right(new Value.Word(word)));
    assertThat(attribute.read(word)).isEqualTo(Either.right(new Value.Word(word)));
    assertThat(attribute.accepts(new Value.Word(text))).isTrue();
    assertThat(Attribute.Bits.of(text)).contains(Long.parseUnsignedLong(word.substring(2), 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "-1", "ff", "18446744073709551616", "0x10000000000000000"})
  void shouldRefuseWhatIsNoNumberOf64Bits(String text) {
    Attribute attribute = new Attribute.Bits("reserved_bits");
    assertThat(attribute.read(text).getLeft())
        .isEqualTo("'" + text + "' is not a number of 64 bits, such as 0xff");
    assertThat(attribute.accepts(new Value.Word(text))).isFalse();
    assertThat(attribute.accepts(new Value.Num(1))).isFalse();
  }

  @Test
  void shouldFindAnAttributeByItsAliasAndSetItsOwnField() {
    LinkType type =
        new LinkType("t", LinkType.Layer.L3, List.of(TTL, TOS))
            .withAliases("ttl", "hoplimit", "hlim")
            .withAliases("tos", "dsfield");
    for (String word : List.of("ttl", "hoplimit", "hlim")) {
      assertThat(type.attribute(word)).isEqualTo(Option.some(TTL));
      assertThat(type.attribute(word).get().field()).isEqualTo("ttl");
    }
    assertThat(type.attribute("dsfield")).isEqualTo(Option.some(TOS));
    assertThat(type.attribute("tc")).isEqualTo(Option.none());
    assertThat(type.words()).containsExactly("ttl", "tos", "dsfield", "hlim", "hoplimit");
    assertThat(type.mistakes(Settings.of("t").with("ttl", 256)))
        .containsExactly(new EncapError.OutOfRange("ttl", 256, 0, 255));
  }

  @Test
  void shouldRefuseAnAliasOfNothingAndOneThatIsAWord() {
    LinkType type = new LinkType("t", LinkType.Layer.L3, List.of(TTL, TOS));
    assertThatThrownBy(() -> type.withAliases("hoplimit", "hlim"))
        .hasMessage("link type t: alias=hlim word=hoplimit");
    assertThatThrownBy(() -> type.withAliases("ttl", "tos"))
        .hasMessage("link type t: alias=tos word=ttl");
  }

  /** Of a tunnel over IPv6 ttl is the alias, and hoplimit the word. */
  @Test
  void shouldNameOuterFieldsAsIpDoes() {
    LinkType four =
        OuterAttributes.withOtherWords(new LinkType("t", LinkType.Layer.L3, List.of(TTL, TOS)));
    LinkType six =
        OuterAttributes.withOtherWords(
            new LinkType(
                "t6",
                LinkType.Layer.L3,
                List.of(
                    OuterAttributes.HOPLIMIT, OuterAttributes.TCLASS, OuterAttributes.FLOWLABEL)));
    for (String word : List.of("ttl", "hoplimit", "hlim")) {
      assertThat(four.attribute(word)).contains(TTL);
      assertThat(six.attribute(word)).contains(OuterAttributes.HOPLIMIT);
    }
    for (String word : List.of("tos", "tclass", "tc", "dsfield")) {
      assertThat(four.attribute(word)).contains(TOS);
      assertThat(six.attribute(word)).contains(OuterAttributes.TCLASS);
    }
    assertThat(six.attribute("fl")).contains(OuterAttributes.FLOWLABEL);
    assertThat(four.attribute("fl")).isEmpty();
  }

  @Test
  void shouldFindAnAttributeOfALinkTypeByItsWord() {
    LinkType type = new LinkType("t", LinkType.Layer.L3, List.of(TTL, TOS));
    assertThat(type.attribute("tos")).isEqualTo(Option.some(TOS));
    assertThat(type.attribute("pmtudisc")).isEqualTo(Option.none());
  }
}
