package io.culvert.flowtable;

/**
 * Which ways are out of date: those of an older generation, and those that a change since they were
 * found is about. Used by one thread at a time.
 *
 * <p>A change of a route or an address may be about any way, since flows to other destinations than
 * that it was found for take it. The last {@value #REMEMBERED} changes are remembered; a way that
 * was not looked at for longer counts as out of date, since finding it again costs little.
 */
final class Invalidations {
  private static final int REMEMBERED = 256;

  private final FlowScope[] scopes = new FlowScope[REMEMBERED];
  private long count;

  /** How many there were. */
  long count() {
    return count;
  }

  void add(FlowScope scope) {
    scopes[(int) (count % REMEMBERED)] = scope;
    count++;
  }

  /** True if flows by this way, found when it was, would be stale. */
  boolean concerns(Way way, int generation) {
    if (way.generation() != generation || count - way.asOf() > REMEMBERED) {
      return true;
    }
    for (long number = way.asOf(); number < count; number++) {
      FlowScope scope = scopes[(int) (number % REMEMBERED)];
      if (ScopeMatch.looksAtEnds(scope) || ScopeMatch.concerns(scope, way.path())) {
        return true; // and stays so: asOf is left behind
      }
    }
    way.asOf(count);
    return false;
  }
}
