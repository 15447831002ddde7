package io.culvert.bench.slice;

import io.culvert.bench.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Answers a line with a line: {@code go} with nanoseconds a frame in all, of them for writing
 * frames, and bytes allocated a frame; {@code show} with {@link SliceWork#show}.
 */
public final class SliceLoop {
  private static final int WARM_UP_SLICES = 6;

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final SliceWork work;
  private final int frames;

  /**
   * A loop.
   *
   * @param frames frames of a slice, rounded down to bursts, at least one of them
   */
  public SliceLoop(SliceWork work, int frames) {
    this.work = work;
    this.frames = Math.max(work.burst(), frames / work.burst() * work.burst());
  }

  /** Warms up, says {@code ready}, and answers until there is no more line. */
  public void run(BufferedReader in, PrintWriter out) throws IOException {
    for (int i = 0; i < WARM_UP_SLICES; i++) {
      slice(false);
      slice(true);
    }
    out.println("ready");
    out.flush();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(line.equals("show") ? work.show() : go());
      out.flush();
    }
  }

  private String go() {
    double fill = slice(false);
    long allocated = threads.getCurrentThreadAllocatedBytes();
    double both = slice(true);
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    return String.format(Locale.ROOT, "%.3f %.3f %.6f", both, fill, allocated / (double) frames);
  }

  /** Nanoseconds a frame of this thread, so that waiting for a busy processor does not count. */
  private double slice(boolean isWorking) {
    long before = work.done();
    long start = threads.getCurrentThreadCpuTime();
    for (int n = 0; n < frames; n += work.burst()) {
      work.fill();
      if (isWorking) {
        work.process();
      }
    }
    double ns = (threads.getCurrentThreadCpuTime() - start) / (double) frames;
    if (isWorking && work.done() - before != frames) {
      throw CliException.failed("slice: not every frame was forwarded");
    }
    return ns;
  }
}
