package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatchProperties {

  @Property
  void shouldUnpackWhatWasPackedOverTheWholeRanges(
      @ForAll @IntRange(max = 0xffff) int shim,
      @ForAll @IntRange(min = 1, max = 0xff) int namespace,
      @ForAll @IntRange(max = 0xffff) int number,
      @ForAll @IntRange(max = 0xff) int trailer) {
    long match = Match.hit(shim, namespace, number, trailer);
    assertThat(Match.isHit(match)).isTrue();
    assertThat(Match.shimLength(match)).isEqualTo(shim);
    assertThat(Match.namespace(match)).isEqualTo(namespace);
    assertThat(Match.number(match)).isEqualTo(number);
    assertThat(Match.trailerLength(match)).isEqualTo(trailer);
    assertThat(Match.innerType(match)).isEqualTo(new InnerType(namespace, number));
    assertThat(Match.hit(shim, namespace, number)).isEqualTo(Match.hit(shim, namespace, number, 0));
  }

  /** The upper half of each range, in which a forgotten mask shows as a sign. */
  @Test
  void shouldUnpackTheEndsOfTheRanges() {
    long match = Match.hit(0xffff, 0xff, 0xffff, 0xff);
    assertThat(match).isEqualTo(0xffff_ffff_ffffL);
    assertThat(Match.hit(0, 1, 0)).isEqualTo(1L << 32);
  }

  @Test
  void shouldTellCodesFromHits() {
    for (long code :
        new long[] {Match.NOT_MINE, Match.TRUNCATED, Match.UNSUPPORTED, Match.MALFORMED}) {
      assertThat(Match.isHit(code)).isFalse();
    }
    assertThat(Match.describe(Match.NOT_MINE)).isEqualTo("NOT_MINE");
    assertThat(Match.describe(Match.TRUNCATED)).isEqualTo("TRUNCATED");
    assertThat(Match.describe(Match.UNSUPPORTED)).isEqualTo("UNSUPPORTED");
    assertThat(Match.describe(Match.MALFORMED)).isEqualTo("MALFORMED");
    assertThat(Match.describe(-99)).isEqualTo("unknown code -99");
    assertThat(Match.describe(Match.hit(8, 1, 0x0800)))
        .isEqualTo("hit(shim 8 bytes, EtherType 0x0800)");
    assertThat(Match.describe(Match.hit(8, 2, 1, 4)))
        .isEqualTo("hit(shim 8 bytes, Ethernet, trailer 4 bytes)");
  }
}
