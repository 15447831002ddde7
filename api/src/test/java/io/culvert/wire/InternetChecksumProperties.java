package io.culvert.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InternetChecksumProperties {

  @Property
  void shouldSumAsTheNaiveLoopForAnyRangeOddOnesIncluded(
      @ForAll @Size(max = 67) byte[] bytes,
      @ForAll @IntRange(max = 67) int a,
      @ForAll @IntRange(max = 67) int b) {
    int from = Math.min(Math.min(a, b), bytes.length);
    int to = Math.min(Math.max(a, b), bytes.length);
    assertThat(InternetChecksum.sum(Octets.of(bytes), from, to))
        .isEqualTo(NaiveChecksum.sum(bytes, from, to));
  }

  @Test
  void shouldSumEveryLengthFromNothingToAFullPacket() {
    byte[] bytes = new byte[1600];
    Arrays.fill(bytes, (byte) 0xff);
    MemorySegment segment = Octets.of(bytes);
    for (int length = 0; length <= bytes.length; length++) {
      assertThat(InternetChecksum.sum(segment, 0, length))
          .isEqualTo(NaiveChecksum.sum(bytes, 0, length));
    }
  }

  /** RFC 1071 §3, the example: 00 01 f2 03 f4 f5 f6 f7 sum to ddf2. */
  @Test
  void shouldSumTheExampleOfRfc1071() {
    byte[] bytes = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, -9};
    assertThat(InternetChecksum.sum(Octets.of(bytes), 0, 8)).isEqualTo(0xddf2);
    assertThat(InternetChecksum.finish(0xddf2)).isEqualTo(0x220d);
  }

  /** RFC 1624 §4, the example on which the equation of RFC 1141 gives ffff. */
  @Test
  void shouldUpdateTheExampleOfRfc1624() {
    assertThat(InternetChecksum.update16(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
  }

  @Property
  void shouldFoldAnySumWithEndAroundCarry(@ForAll long sum) {
    // 2^16 is 1 modulo 2^16 - 1: folding keeps the residue, and only 0 folds to 0.
    int folded = InternetChecksum.fold(sum);
    assertThat(folded).isBetween(0, 0xffff);
    assertThat(folded % 0xffff).isEqualTo((int) Long.remainderUnsigned(sum, 0xffff));
    assertThat(folded == 0).isEqualTo(sum == 0);
    assertThat(InternetChecksum.finish(sum)).isEqualTo(~folded & 0xffff);
  }

  @Property
  void shouldTellSumsThatFoldToAllOnes(
      @ForAll @LongRange(min = 1, max = 1L << 40) long sum, @ForAll @IntRange(max = 2) int beside) {
    long multiple = sum / 0xffff * 0xffff;
    for (long one : new long[] {sum, multiple, multiple + 0xffff, multiple + beside}) {
      if (one > 0) {
        assertThat(InternetChecksum.isAllOnes(one)).isEqualTo(one % 0xffff == 0);
      }
    }
  }

  @Property
  void shouldUpdate16AsAFullRecomputation(
      @ForAll @Size(20) byte[] header,
      @ForAll @IntRange(max = 9) int word,
      @ForAll @IntRange(max = 0xffff) int newWord) {
    header[0] = 0x45; // a header is never all zeros
    int at = word == 5 ? 0x06 : 2 * word; // not the checksum itself
    if (at == 0) {
      newWord = (newWord & 0x00ff) | 0x4500;
    }
    NaiveChecksum.seal(header);
    int before = (int) Octets.bits(header, 80, 16);
    int oldWord = (int) Octets.bits(header, 8 * at, 16);
    header[at] = (byte) (newWord >>> 8);
    header[at + 1] = (byte) newWord;
    int updated = InternetChecksum.update16(before, oldWord, newWord);
    NaiveChecksum.seal(header);
    assertThat(updated).isEqualTo((int) Octets.bits(header, 80, 16));
  }

  @Property
  void shouldUpdate32AsAFullRecomputation(
      @ForAll @Size(20) byte[] header, @ForAll boolean source, @ForAll int newWord) {
    header[0] = 0x45;
    int at = source ? 12 : 16;
    NaiveChecksum.seal(header);
    int before = (int) Octets.bits(header, 80, 16);
    int oldWord = (int) Octets.bits(header, 8 * at, 32);
    for (int byteAt = 0; byteAt < 4; byteAt++) {
      header[at + byteAt] = (byte) (newWord >>> (24 - 8 * byteAt));
    }
    int updated = InternetChecksum.update32(before, oldWord, newWord);
    NaiveChecksum.seal(header);
    assertThat(updated).isEqualTo((int) Octets.bits(header, 80, 16));
  }

  @Property
  void shouldKeepAWrongChecksumWrong(
      @ForAll @Size(20) byte[] header,
      @ForAll @IntRange(max = 0xffff) int error,
      @ForAll @IntRange(max = 0xffff) int newWord) {
    header[0] = 0x45;
    NaiveChecksum.seal(header);
    int right = (int) Octets.bits(header, 80, 16);
    int sent = right ^ error;
    header[10] = (byte) (sent >>> 8);
    header[11] = (byte) sent;
    boolean wasGood = NaiveChecksum.isGood(header);
    int oldWord = (int) Octets.bits(header, 32, 16);
    header[4] = (byte) (newWord >>> 8);
    header[5] = (byte) newWord;
    int updated = InternetChecksum.update16(sent, oldWord, newWord);
    header[10] = (byte) (updated >>> 8);
    header[11] = (byte) updated;
    assertThat(NaiveChecksum.isGood(header)).isEqualTo(wasGood);
  }

  @Property
  void shouldJudgeHeadersAsTheNaiveSum(@ForAll @Size(20) byte[] header, @ForAll boolean seal) {
    if (seal) {
      NaiveChecksum.seal(header);
    }
    assertThat(InternetChecksum.headerIsGood(Octets.of(header), 0))
        .isEqualTo(NaiveChecksum.isGood(header));
  }

  @Property
  void shouldSumThePseudoHeader(
      @ForAll int source,
      @ForAll int destination,
      @ForAll @IntRange(max = 255) int protocol,
      @ForAll @IntRange(max = 0xffff) int length) {
    byte[] pseudo =
        java.nio.ByteBuffer.allocate(12)
            .putInt(source)
            .putInt(destination)
            .putShort((short) protocol)
            .putShort((short) length)
            .array();
    assertThat(
            InternetChecksum.fold(
                InternetChecksum.pseudoHeader4(source, destination, protocol, length)))
        .isEqualTo(NaiveChecksum.sum(pseudo, 0, 12));
  }
}
