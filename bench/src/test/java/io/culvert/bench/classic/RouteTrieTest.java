package io.culvert.bench.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RouteTrieTest {
  private record Prefix(int address, int length, int value) {
    boolean covers(int other) {
      return length == 0 || (address ^ other) >>> (32 - length) == 0;
    }
  }

  @Test
  void shouldFindNothingInAnEmptyTrie() {
    assertThat(new RouteTrie().lookup(0x0a000001)).isEqualTo(RouteTrie.NO_ROUTE);
  }

  @Test
  void shouldPreferTheLongerPrefixWhicheverCameFirst() {
    RouteTrie trie = new RouteTrie();
    trie.put(0x0a010203, 32, 1);
    trie.put(0x0a010200, 24, 2);
    trie.put(0x0a010000, 16, 3);
    trie.put(0x0a000000, 8, 4);
    trie.put(0, 0, 5);
    assertThat(trie.lookup(0x0a010203)).isEqualTo(1);
    assertThat(trie.lookup(0x0a010204)).isEqualTo(2);
    assertThat(trie.lookup(0x0a010304)).isEqualTo(3);
    assertThat(trie.lookup(0x0a020304)).isEqualTo(4);
    assertThat(trie.lookup(0xc0a80001)).isEqualTo(5);
  }

  @Test
  void shouldRefuseValuesThatMeanSomethingElse() {
    assertThatThrownBy(() -> new RouteTrie().put(0, 0, 0)).hasMessageContaining("value=0");
    assertThatThrownBy(() -> new RouteTrie().put(0, 33, 1)).hasMessageContaining("length=33");
  }

  @RepeatedTest(20)
  void shouldAgreeWithALinearSearch(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    RouteTrie trie = new RouteTrie();
    List<Prefix> prefixes = new ArrayList<>();
    for (int value = 1; value <= 300; value++) {
      int length = random.nextInt(33);
      int mask = length == 0 ? 0 : -1 << (32 - length);
      // Few different addresses, so that prefixes nest.
      int address = (0x0a000000 | (random.nextInt(4) << 16) | random.nextInt(1024)) & mask;
      prefixes.removeIf(p -> p.address() == address && p.length() == length);
      prefixes.add(new Prefix(address, length, value));
      trie.put(address, length, value);
    }
    for (int n = 0; n < 2000; n++) {
      int address = 0x0a000000 | random.nextInt(8) << 16 | random.nextInt(2048);
      int expected =
          prefixes.stream()
              .filter(p -> p.covers(address))
              .max((a, b) -> Integer.compare(a.length(), b.length()))
              .map(Prefix::value)
              .orElse(RouteTrie.NO_ROUTE);
      assertThat(trie.lookup(address)).as("%08x", address).isEqualTo(expected);
    }
  }
}
