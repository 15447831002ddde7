package io.culvert.flowtable;

/**
 * Which ways are out of date: those of an older generation, and those over a device that was
 * invalidated since they were found. Used by one thread at a time.
 *
 * <p>The last {@value #REMEMBERED} devices are remembered; a way that was not looked at for longer
 * counts as out of date, since finding it again costs little.
 */
final class Invalidations {
  private static final int REMEMBERED = 256;

  private final int[] devices = new int[REMEMBERED];
  private long count;

  /** How many there were. */
  long count() {
    return count;
  }

  void add(int ifindex) {
    devices[(int) (count % REMEMBERED)] = ifindex;
    count++;
  }

  /** True if flows by this way, found when it was, would be stale. */
  boolean concerns(Way way, int generation) {
    if (way.generation() != generation || count - way.asOf() > REMEMBERED) {
      return true;
    }
    for (long number = way.asOf(); number < count; number++) {
      if (way.passes(devices[(int) (number % REMEMBERED)])) {
        return true; // and stays so: asOf is left behind
      }
    }
    way.asOf(count);
    return false;
  }
}
