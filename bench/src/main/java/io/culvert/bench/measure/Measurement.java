package io.culvert.bench.measure;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.worker.FrameBurst;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs several paths in turns on several kinds of traffic until the time is up. One thread.
 *
 * <p>A round is, for each kind of traffic: a slice of only writing frames, then for each path a
 * slice of writing and forwarding them. A slice is some milliseconds, so that all paths see the
 * same machine, whatever else runs on it.
 */
public final class Measurement {
  private static final int BURSTS_PER_SLICE = 1024;
  private static final int MOST_ROUNDS = 100_000;

  /**
   * A kind of traffic.
   *
   * @param way which way through the router
   * @param frameLength bytes of a frame outside the tunnel
   */
  public record Kind(Way way, int frameLength) {}

  /**
   * What came out for one path on one kind of traffic.
   *
   * @param kind the traffic
   * @param path the path's name
   * @param workNs nanoseconds of work per frame, a value for each round
   * @param fillNs nanoseconds of writing a frame, a value for each round
   * @param bytesPerFrame bytes of heap allocated per frame
   */
  public record Result(
      Kind kind, String path, Samples workNs, Samples fillNs, double bytesPerFrame) {

    /** Frames per second at the median. */
    public double framesPerSecond() {
      return 1e9 / workNs.median();
    }

    /** Gigabits per second at the median, counting the frame as it is outside the tunnel. */
    public double gigabitsPerSecond() {
      return framesPerSecond() * kind.frameLength() * 8 / 1e9;
    }

    /** How many times as fast as another path in the same round, at the median. */
    public double speedUpOver(Result other) {
      Samples ratios = new Samples(workNs.size());
      for (int round = 0; round < Math.min(workNs.size(), other.workNs.size()); round++) {
        ratios.add(other.workNs.value(round) / workNs.value(round));
      }
      return ratios.median();
    }
  }

  private static final class Cell {
    final ForwardingPath path;
    final Samples work = new Samples(MOST_ROUNDS);
    long allocated;

    Cell(ForwardingPath path) {
      this.path = path;
    }
  }

  private static final class Row {
    final Kind kind;
    final Samples fill = new Samples(MOST_ROUNDS);
    final List<Cell> cells = new ArrayList<>();

    Row(Kind kind, List<ForwardingPath> paths) {
      this.kind = kind;
      paths.forEach(path -> cells.add(new Cell(path)));
    }
  }

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final boolean hasCpuTime = threads.isCurrentThreadCpuTimeSupported();
  private final TrafficGenerator traffic;
  private final FrameBurst burst;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A measurement.
   *
   * @param traffic where frames come from
   * @param burstSize frames of a burst
   * @param kinds kinds of traffic
   * @param paths what is measured
   */
  public Measurement(
      TrafficGenerator traffic, int burstSize, List<Kind> kinds, List<ForwardingPath> paths) {
    this.traffic = traffic;
    burst = new FrameBurst(FrameMemory.SEGMENT, burstSize);
    kinds.forEach(kind -> rows.add(new Row(kind, paths)));
  }

  /**
   * Warms up, then measures; at least one round of each.
   *
   * @throws IllegalStateException if a path does not forward every frame
   */
  public List<Result> run(Duration warmUp, Duration measuring) {
    rounds(warmUp, false);
    int rounds = rounds(measuring, true);
    double frames = (double) rounds * BURSTS_PER_SLICE * burst.capacity();
    List<Result> results = new ArrayList<>();
    for (Row row : rows) {
      for (Cell cell : row.cells) {
        results.add(
            new Result(row.kind, cell.path.name(), cell.work, row.fill, cell.allocated / frames));
      }
    }
    return results;
  }

  private int rounds(Duration time, boolean keep) {
    long start = System.nanoTime();
    int rounds = 0;
    do {
      for (Row row : rows) {
        round(row, keep);
      }
      rounds++;
    } while (System.nanoTime() - start < time.toNanos() && rounds < MOST_ROUNDS);
    return rounds;
  }

  private void round(Row row, boolean keep) {
    double fill = fillSlice(row.kind);
    if (keep) {
      row.fill.add(fill);
    }
    for (Cell cell : row.cells) {
      long forwarded = cell.path.forwarded();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      double both = workSlice(row.kind, cell.path);
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      long missing =
          (long) BURSTS_PER_SLICE * burst.capacity() - (cell.path.forwarded() - forwarded);
      if (missing != 0) {
        throw new IllegalStateException(
            cell.path.name() + " did not forward " + missing + " frames " + row.kind.way().label());
      }
      if (keep) {
        cell.work.add(both - fill);
        cell.allocated += allocated;
      }
    }
  }

  private double fillSlice(Kind kind) {
    long start = cpuTime();
    for (int n = 0; n < BURSTS_PER_SLICE; n++) {
      traffic.fill(burst, kind.way(), kind.frameLength());
    }
    return perFrame(start);
  }

  private double workSlice(Kind kind, ForwardingPath path) {
    long start = cpuTime();
    for (int n = 0; n < BURSTS_PER_SLICE; n++) {
      traffic.fill(burst, kind.way(), kind.frameLength());
      path.process(burst);
    }
    return perFrame(start);
  }

  private double perFrame(long start) {
    return (cpuTime() - start) / ((double) BURSTS_PER_SLICE * burst.capacity());
  }

  /** This thread's own time, so that waiting for a busy processor does not count. */
  private long cpuTime() {
    return hasCpuTime ? threads.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
