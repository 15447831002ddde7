package io.culvert.bench.measure;

import io.culvert.flowtable.RoutedOffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A control thread that, while it is told to, offers a million flows a second, or as many as it
 * can, and moves the table's clock on each 10 ms.
 */
final class SpoofedOffers implements AutoCloseable {
  private static final int BULK = 1000;
  private static final long NS_PER_FLOW = 1000;
  private static final long TICK_NS = 10_000_000;

  private final RoutedTable table;
  private final int first;
  private final int count;
  private final boolean isInOrder;
  private final Semaphore mayRun = new Semaphore(0);
  private final Semaphore paused = new Semaphore(0);
  private volatile boolean isRunning;
  private volatile boolean isClosed;
  private final AtomicLong offered = new AtomicLong();
  private final AtomicLong activeNs = new AtomicLong();
  private long clock;
  private long nextTick;
  private long random = 0x9e3779b97f4a7c15L;

  /**
   * A thread that waits.
   *
   * @param first number of the first spoofed flow
   * @param count how many there are
   * @param isInOrder one after the other, as a scan over addresses and ports; else at random
   */
  SpoofedOffers(RoutedTable table, int first, int count, boolean isInOrder) {
    this.table = table;
    this.first = first;
    this.count = count;
    this.isInOrder = isInOrder;
    Thread.ofPlatform().daemon().name("flood").start(this::run);
  }

  /** Starts offering. */
  void start() {
    isRunning = true;
    mayRun.release();
  }

  /** Ends it; none is on its way when this returns. */
  void pause() {
    isRunning = false;
    paused.acquireUninterruptibly();
  }

  /** Offers so far. */
  long offered() {
    return offered.get();
  }

  /** Offers a second of the time in which it was to offer. */
  double rate() {
    return offered.get() * 1e9 / activeNs.get();
  }

  @Override
  public void close() {
    isClosed = true;
    mayRun.release();
  }

  private void run() {
    while (true) {
      mayRun.acquireUninterruptibly();
      if (isClosed) {
        return;
      }
      offerUntilPaused();
      paused.release();
    }
  }

  private void offerUntilPaused() {
    List<RoutedOffer> offers = new ArrayList<>(BULK);
    long start = System.nanoTime();
    long made = 0;
    long now = start;
    do {
      offers.clear();
      for (int i = 0; i < BULK; i++) {
        offers.add(table.offer(first + next(), Duration.ofSeconds(30)));
      }
      table.table.offerAll(offers);
      made += BULK;
      now = waitUntil(start + made * NS_PER_FLOW);
      tick(now - start);
    } while (isRunning);
    clock += now - start;
    activeNs.addAndGet(now - start);
    offered.addAndGet(made);
  }

  private static long waitUntil(long then) {
    long now = System.nanoTime();
    while (now < then) {
      LockSupport.parkNanos(then - now);
      now = System.nanoTime();
    }
    return now;
  }

  /** The table's time stands still while this is paused. */
  private void tick(long since) {
    if (clock + since >= nextTick) {
      nextTick = clock + since + TICK_NS;
      table.table.tick(clock + since);
    }
  }

  private int next() {
    if (isInOrder) {
      random++;
      return (int) Long.remainderUnsigned(random, count);
    }
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return (int) Long.remainderUnsigned(random >>> 20, count);
  }
}
