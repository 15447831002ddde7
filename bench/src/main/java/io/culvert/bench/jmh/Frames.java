package io.culvert.bench.jmh;

/** What all benchmarks share. */
final class Frames {
  /** Frames of an invocation: the score is nanoseconds per frame. */
  static final int PER_INVOCATION = 256;

  /** Bytes of a frame from its destination MAC address on, without FCS. */
  static final int LENGTH = 64;

  private Frames() {}
}
