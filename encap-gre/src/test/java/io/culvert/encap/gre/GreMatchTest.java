package io.culvert.encap.gre;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The receive side, over all values of each field. */
class GreMatchTest {
  private static final int MOST_LENGTH = 16;
  private static final int IPV4 = 0x0800;

  private final MemorySegment frame = Arena.ofAuto().allocate(2 * MOST_LENGTH);
  private final EncapKey key = new EncapKey();

  private long match(int length) {
    key.truncate(0);
    return GreEncap.INSTANCE.match(frame, 0, length, key);
  }

  private void header(int flags, int protocolType) {
    frame.fill((byte) 0);
    Wire.put16(frame, 0, flags);
    Wire.put16(frame, 2, protocolType);
  }

  /** RFC 2784 §2 and RFC 2890 §2: the words that are C, K, S and zeros, by their lengths. */
  private static int length(int first) {
    return switch (first) {
      case 0x0000 -> 4;
      case 0x8000, 0x2000, 0x1000 -> 8;
      case 0xa000, 0x9000, 0x3000 -> 12;
      case 0xb000 -> 16;
      default -> -1;
    };
  }

  @Test
  void shouldHitExactlyTheWordsOfFlagsAndVersionThatAPeerSends() {
    int hits = 0;
    Set<Long> words = HashSet.empty();
    for (int first = 0; first <= 0xffff; first++) {
      header(first, IPV4);
      long match = match(MOST_LENGTH);
      if (length(first) < 0) {
        assertThat(match).as("0x%04x", first).isEqualTo(Match.UNSUPPORTED);
        assertThat(key.size()).isZero();
      } else {
        assertThat(Match.shimLength(match)).as("0x%04x", first).isEqualTo(length(first));
        assertThat(Match.innerType(match)).isEqualTo(InnerType.IPV4);
        assertThat(key.size()).isEqualTo(1);
        words = words.add(key.word(0));
        hits++;
      }
    }
    assertThat(hits).isEqualTo(8);
    assertThat(words).hasSize(8);
  }

  @Test
  void shouldHitExactlyThreeProtocolTypes() {
    for (int type = 0; type <= 0xffff; type++) {
      header(0, type);
      long match = match(4);
      switch (type) {
        case 0x0800 -> assertThat(Match.innerType(match)).isEqualTo(InnerType.IPV4);
        case 0x86dd -> assertThat(Match.innerType(match)).isEqualTo(InnerType.IPV6);
        case 0x6558 -> assertThat(Match.innerType(match)).isEqualTo(InnerType.ETHERNET);
        default -> assertThat(match).as("0x%04x", type).isEqualTo(Match.UNSUPPORTED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8000, 0xa000, 0x9000, 0xb000})
  void shouldRefuseAllButZeroBehindTheChecksum(int flags) {
    for (int reserved = 0; reserved <= 0xffff; reserved++) {
      header(flags, IPV4);
      Wire.put16(frame, 6, reserved);
      assertThat(match(MOST_LENGTH) == Match.UNSUPPORTED).isEqualTo(reserved != 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0000, 0x8000, 0x2000, 0x1000, 0xa000, 0x9000, 0x3000, 0xb000})
  void shouldCallEveryPrefixTruncated(int flags) {
    for (int protocolType : new int[] {0x0800, 0x86dd, 0x6558}) {
      header(flags, protocolType);
      for (int end = 0; end < length(flags); end++) {
        assertThat(match(end)).isEqualTo(Match.TRUNCATED);
      }
      assertThat(Match.isHit(match(length(flags)))).isTrue();
    }
  }

  /** The key stands behind the checksum, and in front of the sequence number. */
  @ParameterizedTest
  @CsvSource({"0x2000, 4", "0xa000, 8", "0x3000, 4", "0xb000, 8"})
  void shouldReadTheKeyWhereItStands(int flags, int at) {
    Set<Long> words = HashSet.empty();
    for (int bit = 0; bit < 32; bit++) {
      header(flags, IPV4);
      Wire.put32(frame, at, 1 << bit);
      assertThat(Match.isHit(match(MOST_LENGTH))).isTrue();
      assertThat(key.word(0)).isEqualTo((long) flags << 32 | 1L << bit);
      words = words.add(key.word(0));
    }
    assertThat(words).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8000, 0x1000, 0x9000, 0x3000, 0xa000, 0xb000})
  void shouldNotTakeChecksumOrSequenceForAKey(int flags) {
    header(flags, IPV4);
    match(MOST_LENGTH);
    long word = key.word(0);
    if ((flags & 0x8000) != 0) {
      Wire.put16(frame, 4, 0xffff);
    }
    if ((flags & 0x1000) != 0) {
      Wire.put32(frame, length(flags) - 4, -1);
    }
    assertThat(Match.isHit(match(MOST_LENGTH))).isTrue();
    assertThat(key.word(0)).isEqualTo(word);
  }

  @Test
  void shouldTellAnAbsentKeyFromKey0() {
    header(0x2000, IPV4);
    match(MOST_LENGTH);
    long keyed = key.word(0);
    header(0, IPV4);
    match(MOST_LENGTH);
    assertThat(key.word(0)).isNotEqualTo(keyed);
  }

  /** What a WCCP router sends, RFC 1701's bits, and PPTP (RFC 2637). */
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0x883e",
    "0x4000, 0x0800",
    "0x0800, 0x0800",
    "0x0100, 0x0800",
    "0x0080, 0x0800",
    "0x0001, 0x0800",
    "0x3001, 0x880b"
  })
  void shouldLeaveWhatNoPeerSendsToTheSlowPath(int flags, int protocolType) {
    header(flags, protocolType);
    assertThat(match(MOST_LENGTH)).isEqualTo(Match.UNSUPPORTED);
  }

  @Test
  void shouldReadAtItsPlaceOnly() {
    for (int at : List.of(0, 1, 3, 14, 16)) {
      frame.fill((byte) 0xff);
      Wire.put32(frame, at, 0x2000_86dd);
      Wire.put32(frame, at + 4, 0x0a0b0c0d);
      key.truncate(0);
      long match = GreEncap.INSTANCE.match(frame, at, at + 8, key);
      assertThat(Match.describe(match)).isEqualTo("hit(shim 8 bytes, EtherType 0x86dd)");
      assertThat(key.word(0)).isEqualTo(0x2000_0a0b_0c0dL);
    }
  }
}
