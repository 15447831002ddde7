package io.culvert.bench;

import java.io.PrintWriter;
import java.util.function.LongConsumer;

/** Says on stderr how far a long run is, every two seconds; silent for short ones. */
final class Progress implements LongConsumer {
  private static final long INTERVAL_NS = 2_000_000_000L;
  private static final int FRAMES_PER_LOOK = 1024;

  private final PrintWriter err;
  private final long startNs = System.nanoTime();
  private long lastNs = startNs;

  Progress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void accept(long frames) {
    if (frames % FRAMES_PER_LOOK != 0) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastNs >= INTERVAL_NS) {
      lastNs = now;
      double seconds = (now - startNs) / 1e9;
      err.printf("%,d frames in %.0f s (%,.0f frames/s) ...%n", frames, seconds, frames / seconds);
      err.flush();
    }
  }
}
