package io.culvert.bench.slice;

import io.culvert.bench.measure.StackPath;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;

/** The flow table in front of tunnels of one kind; its frames were checked when it was made. */
public final class StackWork implements SliceWork {
  private static final int BURST = 64;

  /** Frames of a tunnel in a row: a random order, as the other sides have it. */
  private static final int RUN = 1;

  private final Way way;
  private final StackPath path;
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
  private long written;

  /**
   * Offers the flows.
   *
   * @param flows flows, spread over the tunnels in turn
   * @param tunnels number of tunnels, at most {@value Stack#MOST_TUNNELS}
   * @param way which way
   * @param stack the kind of all tunnels
   */
  public StackWork(int flows, int tunnels, Way way, Stack stack) {
    this.way = way;
    path = new StackPath(flows, tunnels, tunnel -> stack, EncapRegistry.load(), RUN);
  }

  @Override
  public int burst() {
    return BURST;
  }

  @Override
  public void fill() {
    written = path.fill(burst, way, written);
  }

  @Override
  public void process() {
    path.process(burst);
  }

  @Override
  public long done() {
    return path.forwarded();
  }

  @Override
  public String show() {
    return ""; // Each stack's frames are its own.
  }
}
