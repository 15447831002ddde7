package io.culvert.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EncapKeyTest {

  @Property
  void shouldHoldTheWordsInTheirOrder(@ForAll @Size(max = EncapKey.CAPACITY) List<Long> words) {
    EncapKey key = keyOf(words);
    assertThat(key.size()).isEqualTo(words.size());
    assertThat(key.overflowed()).isFalse();
    for (int word = 0; word < words.size(); word++) {
      assertThat(key.word(word)).isEqualTo(words.get(word));
    }
  }

  /** What was in it before does not show: decode(B) after decode(A) is decode(B). */
  @Property
  void shouldForgetWhatWasTruncated(
      @ForAll @Size(max = EncapKey.CAPACITY) List<Long> before,
      @ForAll @IntRange(max = EncapKey.CAPACITY) int kept,
      @ForAll long next) {
    EncapKey key = keyOf(before);
    int size = Math.min(kept, before.size());
    key.truncate(size);
    key.add(next);
    assertThat(key.size()).isEqualTo(size + 1);
    if (size < EncapKey.CAPACITY) {
      assertThat(key.word(size)).isEqualTo(next);
    }
  }

  @Test
  void shouldMarkAnOverflowInsteadOfThrowing() {
    EncapKey key = new EncapKey();
    for (int word = 0; word < EncapKey.CAPACITY; word++) {
      key.add(word);
      assertThat(key.overflowed()).isFalse();
    }
    for (int more = 0; more < 1000; more++) {
      key.add(-1);
      assertThat(key.overflowed()).isTrue();
    }
    for (int word = 0; word < EncapKey.CAPACITY; word++) {
      assertThat(key.word(word)).isEqualTo(word);
    }
    key.truncate(0);
    assertThat(key.overflowed()).isFalse();
    assertThat(key.size()).isZero();
  }

  private static EncapKey keyOf(List<Long> words) {
    EncapKey key = new EncapKey();
    words.forEach(key::add);
    return key;
  }
}
