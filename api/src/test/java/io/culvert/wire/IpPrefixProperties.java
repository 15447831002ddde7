package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.control.Either;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixProperties {

  /** Bit by bit, from the first. */
  private static boolean naive(byte[] a, byte[] b, int length) {
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >>> bit % 8;
      if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The second address differs from the first in one bit, and in what is random behind it. */
  private static byte[] differingAt(byte[] address, int bit, byte[] noise) {
    byte[] other = address.clone();
    if (bit < 8 * other.length) {
      other[bit / 8] ^= (byte) (0x80 >>> bit % 8);
      for (int at = bit / 8 + 1; at < other.length; at++) {
        other[at] = noise[at];
      }
    }
    return other;
  }

  @Property
  void shouldContainAsTheBitLoopForIpv4(
      @ForAll @Size(4) byte[] address,
      @ForAll @Size(4) byte[] noise,
      @ForAll @IntRange(max = 32) int differing,
      @ForAll @IntRange(max = 32) int length) {
    byte[] other = differingAt(address, differing, noise);
    IpPrefix prefix = new IpPrefix(IpAddress.of(address), length);
    assertThat(prefix.contains(IpAddress.of(other))).isEqualTo(naive(address, other, length));
  }

  @Property
  void shouldContainAsTheBitLoopForIpv6(
      @ForAll @Size(16) byte[] address,
      @ForAll @Size(16) byte[] noise,
      @ForAll @IntRange(max = 128) int differing,
      @ForAll @IntRange(max = 128) int length) {
    byte[] other = differingAt(address, differing, noise);
    IpPrefix prefix = new IpPrefix(IpAddress.of(address), length);
    assertThat(prefix.contains(IpAddress.of(other))).isEqualTo(naive(address, other, length));
  }

  @Test
  void shouldContainNothingOfTheOtherFamily() {
    IpPrefix all4 = IpPrefix.parse("0.0.0.0/0").get();
    IpPrefix all6 = IpPrefix.parse("::/0").get();
    assertThat(all4.contains(IpAddress.parse("::1").get())).isFalse();
    assertThat(all6.contains(IpAddress.parse("10.0.0.1").get())).isFalse();
    assertThat(all4.contains(IpAddress.parse("10.0.0.1").get())).isTrue();
    assertThat(all6.contains(IpAddress.parse("ff::1").get())).isTrue();
  }

  @Property
  void shouldReadBackWhatItPrints(
      @ForAll int bits, @ForAll @IntRange(max = 32) int length, @ForAll long high) {
    IpPrefix four = new IpPrefix(new Ipv4Address(bits), length);
    IpPrefix six = new IpPrefix(new Ipv6Address(high, bits), 4 * length);
    assertThat(IpPrefix.parse(four.toString())).isEqualTo(Either.right(four));
    assertThat(IpPrefix.parse(six.toString())).isEqualTo(Either.right(six));
  }

  @Test
  void shouldTakeABareAddressForAHostPrefix() {
    assertThat(IpPrefix.parse("10.0.0.1").get().length()).isEqualTo(32);
    assertThat(IpPrefix.parse("2001:db8::1").get().length()).isEqualTo(128);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "/8",
        "10/8",
        "::/129",
        "::/1234",
        "10.0.0.0/x",
        "10.0.0.0/ 8"
      })
  void shouldRefuseTextThatIsNoPrefix(String text) {
    assertThat(IpPrefix.parse(text).isLeft()).isTrue();
  }

  @Test
  void shouldRefuseALengthThatTheFamilyDoesNotHave() {
    assertThatThrownBy(() -> new IpPrefix(new Ipv4Address(0), 33))
        .hasMessageContaining("length=33");
    assertThatThrownBy(() -> new IpPrefix(new Ipv6Address(0, 0), -1))
        .hasMessageContaining("length=-1");
  }
}
