package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.culvert.wire.IpFamily;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a declared guard says, against numbers of any size. */
class TransitTest {
  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  @Property
  void shouldTakeExactlyTheGuardsThatFitTheirBytes(
      @ForAll @IntRange(min = -1, max = 9) int length,
      @ForAll long bits,
      @ForAll @IntRange(max = 63) int shift,
      @ForAll long other,
      @ForAll boolean covers) {
    long mask = bits >>> shift;
    long value = covers ? other & mask : other >>> shift;
    boolean isGood =
        length >= 0
            && length <= 8
            && unsigned(mask).bitLength() <= 8 * length
            && unsigned(value).andNot(unsigned(mask)).signum() == 0;
    if (isGood) {
      assertThat(new Transit(IpFamily.V4, 99, length, mask, value).mask()).isEqualTo(mask);
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Transit(IpFamily.V4, 99, length, mask, value))
          .withMessageContaining("length=" + length);
    }
  }

  @Property
  void shouldCompareTheFirstBytesAsANumber(
      @ForAll @Size(max = 12) byte[] payload,
      @ForAll @IntRange(max = 8) int length,
      @ForAll long bits,
      @ForAll long wanted,
      @ForAll boolean isMade) {
    long mask = length == 0 ? 0 : bits >>> (64 - 8 * length);
    byte[] head = Arrays.copyOf(payload, length);
    BigInteger number = new BigInteger(1, head);
    // Half of the time a value that the payload has.
    long value = isMade ? number.longValue() & mask : wanted & mask;
    boolean fits = payload.length >= length && number.and(unsigned(mask)).equals(unsigned(value));
    assertThat(new Transit(IpFamily.V6, 99, length, mask, value).fits(payload)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"-1", "256", "1000"})
  void shouldRefuseANumberThatIsNoProtocol(int protocol) {
    assertThatIllegalArgumentException().isThrownBy(() -> Transit.all(IpFamily.V4, protocol));
  }

  @Test
  void shouldSayWhatItIs() {
    assertThat(Transit.all(IpFamily.V6, 0)).hasToString("IPv6 protocol 0");
    assertThat(new Transit(IpFamily.V4, 99, 4, 0x7_0000, 0x1_0000))
        .hasToString("IPv4 protocol 99 with 4 bytes & 0x70000 = 0x10000");
  }
}
