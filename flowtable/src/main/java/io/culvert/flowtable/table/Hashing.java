package io.culvert.flowtable.table;

import java.util.random.RandomGenerator;

/**
 * The keyed hash of a table: random per table, so that nobody outside can aim for collisions.
 *
 * <p>Multiply and fold the 128-bit product, as wyhash does: two multiplications for an IPv4 key. It
 * is keyed, not a PRF; the bounded search ({@link FlowIndex#WAYS}) is the second fence.
 *
 * @param s0 secret words, random
 */
public record Hashing(
    long s0, long s1, long s2, long s3, long s4, long s5, long s6, long s7, long s8, long s9) {

  /** A hash with random secrets. */
  public static Hashing random(RandomGenerator random) {
    return new Hashing(
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong());
  }

  /** The 128-bit product folded to 64 bits. */
  public static long multiplyAndFold(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b) ^ a * b;
  }

  /** Hash of an IPv4 flow key. */
  public long key4(long addresses, long ports, long encap) {
    return multiplyAndFold(multiplyAndFold(addresses ^ s0, ports ^ s1) ^ s2, encap ^ s3);
  }

  /** Hash of an IPv6 flow key. */
  public long key6(
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      long ports,
      long encap) {
    long addresses =
        multiplyAndFold(sourceHigh ^ s4, sourceLow ^ s5)
            + multiplyAndFold(destinationHigh ^ s6, destinationLow ^ s7);
    return key4(addresses, ports, encap);
  }

  /** Start value of a digest of identity words. */
  public long digestStart() {
    return s8;
  }

  /** The digest after one more word. */
  public long digest(long digest, long word) {
    return multiplyAndFold(word ^ s9, digest ^ s0);
  }
}
