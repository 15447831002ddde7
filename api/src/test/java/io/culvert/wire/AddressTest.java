package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.control.Either;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @Property
  void shouldReadBackEveryIpv4AddressThatItPrints(@ForAll int bits) {
    Ipv4Address address = new Ipv4Address(bits);
    assertThat(IpAddress.parse(address.toString())).isEqualTo(Either.right(address));
    assertThat(IpAddress.of(address.bytes())).isEqualTo(address);
  }

  @Property
  void shouldReadBackEveryIpv6AddressThatItPrints(@ForAll long high, @ForAll long low) {
    Ipv6Address address = new Ipv6Address(high, low);
    assertThat(IpAddress.parse(address.toString())).isEqualTo(Either.right(address));
    assertThat(IpAddress.of(address.bytes())).isEqualTo(address);
  }

  /** Addresses with runs of zeros, which random ones hardly ever have. */
  @Property
  void shouldReadBackIpv6AddressesWithRunsOfZeros(
      @ForAll long high, @ForAll long low, @ForAll byte zeroGroups) {
    long highMask = 0;
    long lowMask = 0;
    for (int group = 0; group < 4; group++) {
      highMask |= ((zeroGroups >>> group) & 1) == 0 ? 0xffffL << (16 * group) : 0;
      lowMask |= ((zeroGroups >>> (group + 4)) & 1) == 0 ? 0xffffL << (16 * group) : 0;
    }
    Ipv6Address address = new Ipv6Address(high & highMask, low & lowMask);
    assertThat(Ipv6Address.parse(address.toString())).isEqualTo(Either.right(address));
  }

  /** RFC 5952 §4 and §5: one way to write each address. */
  @ParameterizedTest
  @CsvSource({
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::ABCD:EF12, 2001:db8::abcd:ef12",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:0:1:0:0:0:0:0, 0:0:1::",
    "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"
  })
  void shouldPrintIpv6AddressesAsRfc5952Asks(String text, String canonical) {
    assertThat(Ipv6Address.parse(text).get().toString()).isEqualTo(canonical);
  }

  @Test
  void shouldKeepAMappedAddressAnIpv6Address() {
    Ipv6Address mapped = new Ipv6Address(0, 0xffff_c000_0201L);
    assertThat(IpAddress.parse("::ffff:192.0.2.1")).isEqualTo(Either.right(mapped));
    assertThat(IpAddress.parse("::ffff:c000:201")).isEqualTo(Either.right(mapped));
    assertThat(IpAddress.parse(mapped.toString())).isEqualTo(Either.right(mapped));
    assertThat(mapped).isNotEqualTo(new Ipv4Address(0xc000_0201));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.04",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4 ",
        " 1.2.3.4",
        "+1.2.3.4",
        "-1.2.3.4",
        "0x1.2.3.4",
        "1.2.3.1000",
        "localhost",
        "1.2.3.4/24",
        "١.2.3.4"
      })
  void shouldRefuseTextThatIsNoIpv4AddressAndQuoteIt(String text) {
    assertThat(Ipv4Address.parse(text).getLeft()).contains("'" + text + "'");
    assertThat(IpAddress.parse(text).isLeft()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "g::",
        "::1%eth0",
        "[::1]",
        "::1 ",
        "::1/64",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::1.2.3.256",
        "host:1"
      })
  void shouldRefuseTextThatIsNoIpv6AddressAndQuoteIt(String text) {
    assertThat(Ipv6Address.parse(text).getLeft()).contains("'" + text + "'");
    assertThat(IpAddress.parse(text).isLeft()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, true, false, false",
    "0.0.0.1, false, false, false",
    "127.0.0.1, false, true, false",
    "127.255.255.255, false, true, false",
    "128.0.0.1, false, false, false",
    "223.255.255.255, false, false, false",
    "224.0.0.0, false, false, true",
    "239.255.255.255, false, false, true",
    "240.0.0.0, false, false, false",
    "::, true, false, false",
    "::1, false, true, false",
    "::2, false, false, false",
    "1::1, false, false, false",
    "ff00::, false, false, true",
    "ff02::1, false, false, true",
    "fe80::1, false, false, false"
  })
  void shouldKnowSpecialAddresses(
      String text, boolean unspecified, boolean loopback, boolean multicast) {
    IpAddress address = IpAddress.parse(text).get();
    assertThat(address.isUnspecified()).isEqualTo(unspecified);
    assertThat(address.isLoopback()).isEqualTo(loopback);
    assertThat(address.isMulticast()).isEqualTo(multicast);
  }

  @ParameterizedTest
  @CsvSource({"fe80::1, true", "febf:ffff::, true", "fec0::, false", "fe7f::, false", "::, false"})
  void shouldKnowLinkLocalAddresses(String text, boolean linkLocal) {
    assertThat(Ipv6Address.parse(text).get().isLinkLocal()).isEqualTo(linkLocal);
  }

  @Test
  void shouldRefuseByteArraysOfOtherLengths() {
    assertThatThrownBy(() -> IpAddress.of(new byte[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("length=5");
    assertThatThrownBy(() -> Ipv4Address.of(new byte[16])).hasMessageContaining("length=16");
    assertThatThrownBy(() -> Ipv6Address.of(new byte[4])).hasMessageContaining("length=4");
  }

  @Property
  void shouldReadBackEveryMacAddressThatItPrints(@ForAll long any) {
    MacAddress address = new MacAddress(any & 0xffff_ffff_ffffL);
    assertThat(MacAddress.parse(address.toString())).isEqualTo(Either.right(address));
    assertThat(address.isGroup()).isEqualTo((any >>> 40 & 1) == 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02:00:00:00:00",
        "02:00:00:00:00:01:02",
        "2:0:0:0:0:1",
        "02-00-00-00-00-01",
        "02:00:00:00:00:0g",
        "020000000001",
        " 02:00:00:00:00:01"
      })
  void shouldRefuseTextThatIsNoMacAddressAndQuoteIt(String text) {
    assertThat(MacAddress.parse(text).getLeft()).contains("'" + text + "'");
  }

  @Test
  void shouldPrintMacAddressesInLowerCaseAndRefuseMoreThan48Bits() {
    assertThat(MacAddress.parse("0A:00:00:00:00:fF").get().toString())
        .isEqualTo("0a:00:00:00:00:ff");
    assertThatThrownBy(() -> new MacAddress(1L << 48)).hasMessageContaining("0x1000000000000");
  }
}
