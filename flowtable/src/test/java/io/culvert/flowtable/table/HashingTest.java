package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HashingTest {
  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  @Property
  void shouldFoldThe128BitProduct(@ForAll long a, @ForAll long b) {
    BigInteger product = unsigned(a).multiply(unsigned(b));
    assertThat(Hashing.multiplyAndFold(a, b))
        .isEqualTo(product.shiftRight(64).xor(product.and(MASK)).longValue());
  }

  private static BigInteger unsigned(long value) {
    return BigInteger.valueOf(value).and(MASK);
  }

  /** Every bit of every word of a key counts: CVE-2020-35498 and CVE-2023-1668 of a peer. */
  @Test
  void shouldHashKeysThatDifferInOneBitDifferently() {
    Hashing hashing = Hashing.random(new Random(1));
    Set<Long> hashes = new HashSet<>();
    for (int word = 0; word < 3; word++) {
      for (int bit = 0; bit < 64; bit++) {
        long[] key = {11, 22, 33};
        key[word] ^= 1L << bit;
        hashes.add(hashing.key4(key[0], key[1], key[2]));
      }
    }
    for (int word = 0; word < 6; word++) {
      for (int bit = 0; bit < 64; bit++) {
        long[] key = {11, 22, 33, 44, 55, 66};
        key[word] ^= 1L << bit;
        hashes.add(hashing.key6(key[0], key[1], key[2], key[3], key[4], key[5]));
      }
    }
    assertThat(hashes).hasSize(9 * 64);
  }

  @Test
  void shouldHashWithTheSecretsOfItsTable() {
    Hashing one = Hashing.random(new Random(1));
    Hashing other = Hashing.random(new Random(2));
    assertThat(one).isNotEqualTo(other).isEqualTo(Hashing.random(new Random(1)));
    assertThat(one.key4(1, 2, 3)).isNotEqualTo(other.key4(1, 2, 3));
    assertThat(one.digest(one.digestStart(), 1)).isNotEqualTo(other.digest(other.digestStart(), 1));
  }
}
