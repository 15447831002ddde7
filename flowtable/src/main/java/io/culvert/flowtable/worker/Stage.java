package io.culvert.flowtable.worker;

/**
 * One stage of the packet path: runs over a part of a burst. A class, since a call through a
 * virtual table is cheaper than one through an interface.
 */
abstract class Stage {
  /**
   * Runs the stage on the frames {@code [from, to)}; never throws for what a packet holds.
   *
   * @param burst the burst
   * @param from index of the first frame
   * @param to index behind the last frame
   */
  abstract void run(FrameBurst burst, int from, int to);
}
