package io.culvert.flowtable;

/** How the tunnel stack of a packet is compared with a flow's. The 5-tuple is always exact. */
public enum MatchMode {
  /** All identity words are compared: outer addresses, keys, ids, depth. */
  EXACT(0),
  /** A 16-bit keyed digest: another stack is taken for the flow's with probability 2^-16. */
  HASH16(16),
  /** A 32-bit keyed digest. */
  HASH32(32),
  /** A 64-bit keyed digest. */
  HASH64(64);

  private final int bits;

  MatchMode(int bits) {
    this.bits = bits;
  }

  /** Bits of the digest; 0 for an exact match. */
  public int bits() {
    return bits;
  }
}
