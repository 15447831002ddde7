package io.culvert.flowtable;

import io.culvert.flowtable.table.Bursts;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * A control call waits for a worker that is in a burst, or online and not yet quiescent.
 *
 * @param worker the worker's number
 * @param thread its thread if it is online, whose stack trace tells more; none if it is in a burst
 *     of its own
 * @param duration how long the call has waited for it so far
 */
public record WorkerWait(int worker, Option<Thread> thread, Duration duration) {
  static WorkerWait of(Bursts.Wait wait) {
    return new WorkerWait(
        wait.worker(),
        Option.of(wait.thread()),
        Duration.ofNanos(System.nanoTime() - wait.sinceNanos()));
  }
}
