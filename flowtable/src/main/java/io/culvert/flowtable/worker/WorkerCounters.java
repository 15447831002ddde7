package io.culvert.flowtable.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Frames by reason of one worker. Its worker writes plainly, any thread may read, slightly behind;
 * a count never falls. They stay readable when the worker is gone.
 */
public final class WorkerCounters {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[Reason.count()];

  WorkerCounters() {}

  /** The live array, indexed by the reasons' ordinals, for the packet path. */
  long[] live() {
    return counts;
  }

  /** Frames so far; {@link Reason#NONE} counts the forwarded ones. */
  @SuppressWarnings("EnumOrdinal") // Counters are indexed by it.
  public long count(Reason reason) {
    return (long) COUNT.getOpaque(counts, reason.ordinal());
  }
}
