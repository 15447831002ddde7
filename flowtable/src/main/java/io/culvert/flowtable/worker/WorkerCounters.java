package io.culvert.flowtable.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Frames by reason of one worker. Its worker writes plainly, any thread may read, slightly behind;
 * a count never falls. They stay readable when the worker is gone.
 */
public final class WorkerCounters {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  /**
   * Where in the array the counters begin: two cache lines in, and two more are behind them, so
   * that no other worker writes to a line of theirs.
   */
  static final int FIRST = 16;

  private final long[] counts = new long[FIRST + Reason.count() + FIRST];

  WorkerCounters() {}

  /** The live array, the reasons in their order from {@link #FIRST} on, for the packet path. */
  long[] live() {
    return counts;
  }

  /** Frames so far; {@link Reason#NONE} counts the forwarded ones. */
  @SuppressWarnings("EnumOrdinal") // Counters are indexed by it.
  public long count(Reason reason) {
    return (long) COUNT.getOpaque(counts, FIRST + reason.ordinal());
  }
}
