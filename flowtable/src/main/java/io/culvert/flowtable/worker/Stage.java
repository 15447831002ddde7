package io.culvert.flowtable.worker;

/** One stage of the packet path: runs over a whole burst. */
interface Stage {
  /** Runs the stage; never throws for what a packet holds. */
  void run(FrameBurst burst);
}
