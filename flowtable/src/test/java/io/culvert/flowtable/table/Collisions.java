package io.culvert.flowtable.table;

/** A hash with secrets that nobody would draw. */
final class Collisions {
  /** Every key whose encap identity is 0 hashes to 0: the last factor is zero. */
  static final Hashing HASHING = new Hashing(1, 2, 3, 0, 5, 6, 7, 8, 9, 10);

  private Collisions() {}
}
