package io.culvert.flowtable.table;

/**
 * How many flows a store has room for.
 *
 * @param first at first, 1..most, rounded up to a power of two
 * @param most in the end, 1..2^28, rounded up to a power of two
 */
public record Room(int first, int most) {
  private static final int MOST = 1 << 28;

  /** Checks and rounds up. */
  public Room {
    if (most < 1 || most > MOST) {
      throw new IllegalArgumentException("flow store: flows=" + most + ", expected 1.." + MOST);
    }
    if (first < 1 || first > most) {
      throw new IllegalArgumentException(
          "flow store: flows at first=" + first + ", expected 1 to at most=" + most);
    }
    first = powerOfTwo(first);
    most = powerOfTwo(most);
  }

  /** Room for so many flows from the beginning. */
  public static Room fixed(int flows) {
    return new Room(flows, flows);
  }

  private static int powerOfTwo(int atLeast) {
    return atLeast == 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
  }
}
