package io.culvert.flowtable.worker;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * Runs a worker's stages one by one and takes the time of each: the same compiled code in the same
 * order as {@link Worker#process}, with a look at the clock in between. In this package since the
 * stages are nobody else's business.
 */
@NullMarked
public final class StageClock {
  private static final int CALIBRATION = 10_000;

  private final Stage[] stages;
  private final long[] nanos;
  private final double tick;

  /** The stages that a worker has now; later ones, for other providers, are not seen. */
  public StageClock(Worker worker) {
    stages = worker.pipeline().stages();
    nanos = new long[stages.length];
    tick = calibrate();
  }

  /** Nanoseconds that a look at the clock takes by itself. */
  private static double calibrate() {
    long best = Long.MAX_VALUE;
    for (int turn = 0; turn < 20; turn++) {
      long start = System.nanoTime();
      for (int n = 0; n < CALIBRATION; n++) {
        System.nanoTime();
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return best / (double) CALIBRATION;
  }

  /** The stages' names, in their order. */
  public List<String> names() {
    return Arrays.stream(stages)
        .map(stage -> stage.getClass().getSimpleName().replaceFirst("Stage.*", ""))
        .toList();
  }

  /**
   * Runs a burst through the stages.
   *
   * @throws IllegalArgumentException if it is larger than what the stages take at a time
   */
  public void process(FrameBurst burst) {
    if (burst.size() > Pipeline.PART) {
      throw new IllegalArgumentException(
          "burst: size=" + burst.size() + ", expected at most " + Pipeline.PART);
    }
    long start = System.nanoTime();
    for (int stage = 0; stage < stages.length; stage++) {
      stages[stage].run(burst, 0, burst.size());
      long end = System.nanoTime();
      nanos[stage] += end - start;
      start = end;
    }
  }

  /**
   * The time of each stage since the last call, less that of the clock.
   *
   * @param bursts how many were processed
   * @return nanoseconds a burst
   */
  public double[] take(int bursts) {
    double[] each = Arrays.stream(nanos).mapToDouble(sum -> (double) sum / bursts - tick).toArray();
    Arrays.fill(nanos, 0);
    return each;
  }
}
