package io.culvert.bench.measure;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Worker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * A worker with flows of its own, in a half of {@link FrameMemory} of its own: two lanes may run on
 * two threads. Frames into the tunnels, 64 bytes, bursts of 64, flows in pseudo-random order.
 *
 * <p>Frames of eight bursts are written, then processed; the processing alone is timed, in CPU time
 * of the thread, and afterwards it is verified that every frame of an own flow was forwarded.
 */
final class Lane {
  /** Frames of a batch. */
  static final int BATCH = FrameMemory.SLOTS / 2;

  /** With strangers, one frame in so many is one of theirs. */
  static final int STRANGER_SHARE = 16;

  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final TrafficGenerator traffic;
  private final Worker worker;
  private final FrameBurst[] bursts = new FrameBurst[BATCH / BURST];
  private final int slot;
  private final int first;
  private final int count;
  private long random = 88172645463325252L;
  private int strangers;
  private int firstStranger;

  /**
   * A lane with a new worker.
   *
   * @param half 0 or 1, its half of the memory
   * @param first number of its first flow
   * @param count its flows
   */
  Lane(FlowTable table, TrafficGenerator traffic, int half, int first, int count) {
    this.traffic = traffic;
    this.first = first;
    this.count = count;
    slot = half * BATCH;
    worker = table.newWorker(FrameMemory.SEGMENT);
    for (int i = 0; i < bursts.length; i++) {
      bursts[i] = new FrameBurst(FrameMemory.SEGMENT, BURST);
    }
  }

  /** The CPU time that this thread has had, nanoseconds. */
  static long cpuTime() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** From now on one frame in {@value #STRANGER_SHARE} is of one of these flows; none for 0. */
  void strangers(int firstOne, int howMany) {
    firstStranger = firstOne;
    strangers = howMany;
  }

  /**
   * Forwards so many batches.
   *
   * @return nanoseconds of processing, strangers included, for each frame of an own flow
   * @throws IllegalStateException if such a frame was not forwarded
   */
  double slice(int batches) {
    long spent = 0;
    for (int n = 0; n < batches; n++) {
      spent += batch();
    }
    return spent / ((double) batches * ownFrames());
  }

  /** Frames of own flows in a batch. */
  int ownFrames() {
    return strangers == 0 ? BATCH : BATCH - BATCH / STRANGER_SHARE;
  }

  /** One batch; nanoseconds of processing. */
  long batch() {
    for (int i = 0; i < bursts.length; i++) {
      fill(bursts[i], slot + i * BURST);
    }
    long start = cpuTime();
    for (FrameBurst burst : bursts) {
      worker.process(burst);
    }
    long spent = cpuTime() - start;
    for (FrameBurst burst : bursts) {
      verify(burst);
    }
    return spent;
  }

  private void fill(FrameBurst burst, int at) {
    burst.clear();
    for (int i = 0; i < BURST; i++) {
      int flow = isStranger(i) ? firstStranger + next(strangers) : first + next(count);
      traffic.add(burst, at + i, flow, Way.INTO_TUNNEL, FRAME);
    }
  }

  private boolean isStranger(int i) {
    return strangers != 0 && i % STRANGER_SHARE == STRANGER_SHARE - 1;
  }

  private int next(int bound) {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return (int) (((random >>> 33) * bound) >>> 31);
  }

  private void verify(FrameBurst burst) {
    for (int i = 0; i < BURST; i++) {
      if (!isStranger(i) && burst.port(i) != Way.INTO_TUNNEL.egress()) {
        throw new IllegalStateException("a frame was not forwarded: " + burst.reason(i));
      }
    }
  }
}
