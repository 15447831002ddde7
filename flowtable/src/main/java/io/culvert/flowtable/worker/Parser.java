package io.culvert.flowtable.worker;

/** The parser as its first half sees the second one. */
abstract class Parser extends Stage {
  /**
   * Walks through the tunnels of a frame, whose outermost one was found.
   *
   * @param frames rows of the burst
   * @param i the frame
   * @param slot the tunnel's slot
   * @return 0 or a reason
   */
  abstract int walk(long[] frames, int i, int slot);

  /** Picks up what the control path changed. */
  abstract void pickUpState();
}
