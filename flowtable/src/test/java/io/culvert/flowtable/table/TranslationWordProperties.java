package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.wire.InternetChecksum;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The change of a checksum, against the sum over all bytes before and after. */
class TranslationWordProperties {

  /**
   * Whatever else a header or segment holds (its sum is {@code rest}), the change makes of its
   * checksum what a new computation makes of the changed bytes.
   */
  @Property(tries = 5000)
  void shouldChangeAChecksumAsANewComputation(
      @ForAll("words") long[] before,
      @ForAll("words") long[] after,
      @ForAll("ports") int portsBefore,
      @ForAll("ports") int portsAfter,
      @ForAll @IntRange(min = 1, max = 0xffff) int rest) {
    int word = Translation.word(before, portsBefore, after, portsAfter);
    if (word == 0) {
      assertThat(before).isEqualTo(after);
      assertThat(portsBefore).isEqualTo(portsAfter);
      return;
    }
    assertThat(InternetChecksum.update(checksum(rest, before, 0), Translation.header(word)))
        .isEqualTo(checksum(rest, after, 0));
    assertThat(
            InternetChecksum.update(
                checksum(rest, before, portsBefore), Translation.transport(word)))
        .isEqualTo(checksum(rest, after, portsAfter));
  }

  /** RFC 1071 §1, byte by byte, modulo 65,535. */
  private static int checksum(int rest, long[] addresses, int ports) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * addresses.length + 4);
    for (long address : addresses) {
      bytes.putLong(address);
    }
    bytes.putInt(ports).flip();
    long sum = rest;
    while (bytes.hasRemaining()) {
      sum += (bytes.get() & 0xff) << 8;
      sum += bytes.get() & 0xff;
    }
    int folded = (int) (sum % 0xffff); // not the sum 0, since rest is not
    return 0xffff - (folded == 0 ? 0xffff : folded);
  }

  @Property
  void shouldTellAChangeFromNone(@ForAll("words") long[] addresses, @ForAll("ports") int ports) {
    assertThat(Translation.word(addresses, ports, addresses.clone(), ports)).isZero();
    int word = Translation.word(addresses, ports, addresses, Integer.rotateLeft(ports, 16));
    boolean isSymmetric = ports == Integer.rotateLeft(ports, 16);
    // Two ports exchanged change no sum: both halves say so by all ones, never by 0.
    assertThat(word).isEqualTo(isSymmetric ? 0 : -1);
  }

  @Property
  void shouldTurnKeysRound(@ForAll long addresses, @ForAll long key) {
    assertThat(Translation.turned(Translation.turned(addresses))).isEqualTo(addresses);
    assertThat((int) Translation.turned(addresses)).isEqualTo((int) (addresses >>> 32));
    assertThat(Translation.turnedPorts(key) >>> 16).isEqualTo((int) (key >>> 32) & 0xffff);
    assertThat(Translation.turnedPorts(key) & 0xffff).isEqualTo((int) (key >>> 48) & 0xffff);
  }

  /** From all ones to all zeros the sum is 0, which changes nothing and yet is a translation. */
  @Test
  void shouldNotTakeASumOfZeroForNoTranslation() {
    assertThat(Translation.word(new long[] {-1}, -1, new long[] {0}, 0)).isEqualTo(-1);
  }

  @Provide
  Arbitrary<long[]> words() {
    return Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.of(0L, -1L, 0xffff_ffffL, 1L, 0xffff_0000_0000_0000L)),
            Tuple.of(2, Arbitraries.longs()))
        .array(long[].class)
        .ofSize(4);
  }

  @Provide
  Arbitrary<Integer> ports() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of(0, -1, 0xffff, 0xffff_0000, 0x0050_0050)),
        Tuple.of(2, Arbitraries.integers().between(Integer.MIN_VALUE, Integer.MAX_VALUE)));
  }
}
