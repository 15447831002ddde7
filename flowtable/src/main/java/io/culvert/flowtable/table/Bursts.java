package io.culvert.flowtable.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
 *
 * <p><em>Online:</em> a worker may keep its section open over many bursts, so that it is waited for
 * until it says that it is through with what they told it. {@link #pass} ends a section and begins
 * the next one by a single step of the word, from odd to odd. Such a section is a thread's, and
 * three kinds of threads are surely between two bursts: the one that waits itself, one that waits
 * to make a control call, and one that has ended. They are not waited for.
 */
public final class Bursts {
  /** Most workers. */
  public static final int MOST = 64;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** Longs between two words: two cache lines, since the processor fetches them in pairs. */
  private static final int STRIDE = 16;

  private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Thread[].class);

  /** Longs from a worker's word to what its own thread notes. */
  private static final int BUSY = 1;

  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;

  private final long[] words;
  private final int limit;
  private final BitSet taken = new BitSet();
  private final @Nullable Thread[] owners; // of who is online
  private final Predicate<Thread> isAtControl;
  private volatile int workers; // above all numbers ever given out
  private volatile @Nullable Wait wait;

  /**
   * Who is waited for.
   *
   * @param worker its number
   * @param thread its thread if it is online
   * @param sinceNanos since when, as {@link System#nanoTime}
   */
  public record Wait(int worker, @Nullable Thread thread, long sinceNanos) {}

  /**
   * No workers, for one control thread.
   *
   * @param limit most workers, 1..{@value #MOST}
   */
  public Bursts(int limit) {
    this(limit, _ -> false);
  }

  /**
   * No workers.
   *
   * @param limit most workers, 1..{@value #MOST}
   * @param isAtControl true of a thread that waits to make a control call, as long as another one
   *     makes one
   */
  public Bursts(int limit, Predicate<Thread> isAtControl) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("bursts: workers=" + limit);
    }
    this.limit = limit;
    words = new long[STRIDE * (limit + 2)];
    owners = new Thread[limit];
    this.isAtControl = isAtControl;
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
    WORD.setRelease(words, at, words[at] + 1); // who sees it odd sees whose it is
    VarHandle.fullFence();
  }

  /** The worker's burst is over. */
  public void leave(int worker) {
    int at = STRIDE * (worker + 1);
    WORD.setRelease(words, at, words[at] + 1);
  }

  /** The worker begins a section that is open until {@link #offline}; the caller's thread's. */
  public void online(int worker) {
    OWNER.setRelease(owners, worker, Thread.currentThread());
    enter(worker);
  }

  /** The online worker's section is over, and the next one begins. */
  public void pass(int worker) {
    int at = STRIDE * (worker + 1);
    WORD.setRelease(words, at, words[at] + 2);
    VarHandle.fullFence();
  }

  /** The online worker's section is over. */
  public void offline(int worker) {
    leave(worker);
    OWNER.setRelease(owners, worker, null);
  }

  /** The online worker begins a burst, or is through with it; for its own thread alone. */
  public void busy(int worker, boolean isBusy) {
    words[STRIDE * (worker + 1) + BUSY] = isBusy ? 1 : 0;
  }

  /** Who is waited for now; null if nobody is. */
  public @Nullable Wait waiting() {
    return wait;
  }

  /**
   * Waits until every burst that runs now is over, and every worker that is online is quiescent.
   * What was written before is seen by each burst that still runs or starts afterwards.
   *
   * @throws IllegalStateException from within a burst of an online worker; of another one, it would
   *     not return
   */
  public void await() {
    VarHandle.fullFence();
    int last = workers;
    for (int worker = 0; worker < last; worker++) {
      int at = STRIDE * (worker + 1);
      long word = (long) WORD.getAcquire(words, at);
      if ((word & 1) != 0 && !isBetweenBursts(worker)) {
        awaitChange(worker, at, word);
      }
    }
  }

  /** True if it is known from its thread that the worker is online and holds nothing. */
  private boolean isBetweenBursts(int worker) {
    Thread owner = (Thread) OWNER.getAcquire(owners, worker);
    if (owner == null) {
      return false;
    }
    boolean isAsking = owner == Thread.currentThread();
    if (!isAsking && !isAtControl.test(owner)) {
      return !owner.isAlive();
    }
    boolean isBusy = words[STRIDE * (worker + 1) + BUSY] != 0; // written before it came here
    if (isAsking && isBusy) {
      throw new IllegalStateException("control call from within a burst: worker=" + worker);
    }
    return !isBusy;
  }

  /** Any change will do: the next section, should one run already, began after the call. */
  private void awaitChange(int worker, int at, long word) {
    for (int turn = 0; turn < SPINS; turn++) {
      if ((long) WORD.getAcquire(words, at) != word) {
        return;
      }
      Thread.onSpinWait();
    }
    Wait now = new Wait(worker, (Thread) OWNER.getAcquire(owners, worker), System.nanoTime());
    wait = now;
    try {
      while ((long) WORD.getAcquire(words, at) == word && !isBetweenBursts(worker)) {
        LockSupport.parkNanos(now, PARK_NANOS);
      }
    } finally {
      wait = null;
    }
  }
}
