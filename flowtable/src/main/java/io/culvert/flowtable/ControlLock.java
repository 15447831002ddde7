package io.culvert.flowtable;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes control calls one after the other. Not a monitor, since a call that waits for an online
 * worker has to know whether this worker's thread itself waits to make a call: then neither would
 * ever go on. Whoever waits here is not in a burst.
 *
 * <p>Use: {@code try (var _ = lock.hold()) { ... }}
 */
final class ControlLock {
  private final ReentrantLock lock = new ReentrantLock();
  private final Held held = new Held(lock);

  /** To be closed by who holds it. */
  record Held(ReentrantLock lock) implements AutoCloseable {
    @Override
    public void close() {
      lock.unlock();
    }
  }

  /** Waits for the lock; it may be held several times. */
  Held hold() {
    lock.lock();
    return held;
  }

  /** True if a thread waits for the lock. As long as another one holds it, that stays so. */
  boolean isAwaitedBy(Thread thread) {
    return lock.hasQueuedThread(thread);
  }
}
