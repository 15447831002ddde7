package io.culvert.bench.measure;

import io.culvert.flowtable.worker.FrameBurst;

/**
 * Something that forwards bursts in place and can say what it made of the last one. Belongs to one
 * thread; {@link #process} allocates nothing.
 */
public interface ForwardingPath {
  /** For people. */
  String name();

  /** Forwards a burst. */
  void process(FrameBurst burst);

  /** Frames forwarded so far. */
  long forwarded();

  /** The port that frame {@code i} of the last burst leaves by; 0 if it was not forwarded. */
  int port(FrameBurst burst, int i);

  /** First byte of a forwarded frame. */
  long offset(FrameBurst burst, int i);

  /** Bytes of a forwarded frame. */
  int length(FrameBurst burst, int i);
}
