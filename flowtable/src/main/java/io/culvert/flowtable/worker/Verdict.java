package io.culvert.flowtable.worker;

/** What became of a frame. */
public enum Verdict {
  /** Rewritten and ready to be sent out of {@link FrameBurst#port}. */
  FORWARD,
  /** Untouched: the caller's slow path decides. */
  SLOW_PATH,
  /** Must not be sent; the frame's bytes are undefined. */
  DROP
}
