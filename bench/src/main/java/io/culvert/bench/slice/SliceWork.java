package io.culvert.bench.slice;

/**
 * Work that is measured in bursts. Belongs to one thread; fills and forwards without allocation.
 */
public interface SliceWork {
  /** Frames, or keys, of a burst. */
  int burst();

  /** Writes the next burst: measured apart and subtracted. */
  void fill();

  /** Works on the burst just written. */
  void process();

  /** Frames forwarded, or keys found, so far. */
  long done();

  /**
   * What becomes of a few flows, for a comparison with the other sides: each frame sent in hex,
   * separated by blanks.
   */
  String show();
}
