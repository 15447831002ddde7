package io.culvert.flowtable.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/**
 * Which workers are in a burst: a burst is a section in which a worker may hold what it read of the
 * table, and outside of which it holds nothing.
 *
 * <p>A word for each worker, on cache lines of its own, counts its entries and exits: odd while it
 * is in a burst.
 *
 * <p><em>Order:</em> a worker sets its word odd, then a full fence, then it reads the table. The
 * control path writes to the table, then a full fence, then it reads the words. So either the
 * control path sees the burst and waits for its end, or the burst reads what was written. The word
 * is set even with release order after the last access of the burst, and read with acquire order by
 * who waits: all that the burst did, its counting too, has happened before the wait returns.
 *
 * <p>A worker between bursts, or one that never runs again, is waited for by nobody; a burst has
 * 256 frames at most, so that a wait is bounded by the scheduler's whims alone.
 */
public final class Bursts {
  /** Most workers. */
  public static final int MOST = 64;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** Longs between two words: two cache lines, since the processor fetches them in pairs. */
  private static final int STRIDE = 16;

  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;

  private final long[] words;
  private final int limit;
  private final BitSet taken = new BitSet();
  private volatile int workers; // above all numbers ever given out

  /**
   * No workers.
   *
   * @param limit most workers, 1..{@value #MOST}
   */
  public Bursts(int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("bursts: workers=" + limit);
    }
    this.limit = limit;
    words = new long[STRIDE * (limit + 2)];
  }

  /** Most workers. */
  public int limit() {
    return limit;
  }

  /** The number of a new worker, the least that is free; -1 if all are taken. */
  public synchronized int register() {
    int number = taken.nextClearBit(0);
    if (number == limit) {
      return -1;
    }
    taken.set(number);
    workers = Math.max(workers, number + 1);
    return number;
  }

  /** Gives a number back; the worker is not in a burst and will never be. */
  public synchronized void release(int worker) {
    taken.clear(worker);
  }

  /** The worker begins a burst. Called by its thread alone. */
  public void enter(int worker) {
    int at = STRIDE * (worker + 1);
    WORD.setOpaque(words, at, words[at] + 1);
    VarHandle.fullFence();
  }

  /** The worker's burst is over. */
  public void leave(int worker) {
    int at = STRIDE * (worker + 1);
    WORD.setRelease(words, at, words[at] + 1);
  }

  /**
   * Waits until every burst that runs now is over. What was written before is seen by each burst
   * that still runs or starts afterwards. Must not be called from within a burst.
   */
  public void await() {
    VarHandle.fullFence();
    int last = workers;
    for (int worker = 0; worker < last; worker++) {
      int at = STRIDE * (worker + 1);
      long word = (long) WORD.getAcquire(words, at);
      if ((word & 1) != 0) {
        awaitChange(at, word);
      }
    }
  }

  /** Any change will do: the next burst, should one run already, began after the call. */
  private void awaitChange(int at, long word) {
    for (int turn = 0; (long) WORD.getAcquire(words, at) == word; turn++) {
      if (turn < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    }
  }
}
