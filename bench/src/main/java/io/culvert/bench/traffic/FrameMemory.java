package io.culvert.bench.traffic;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one pool of frames that everything measured here works on: slots of one size with headroom,
 * as in a packet driver's memory.
 *
 * <p>A constant on purpose. The flow table compiles its pipeline with its pool as a constant; a
 * path that is compared with it must not pay for a segment in a field (1.2 to 1.5 times the work).
 */
public final class FrameMemory {
  /** Frames that fit; a power of two. */
  public static final int SLOTS = 1024;

  /** Bytes of a slot, headroom included. */
  public static final int SLOT_LENGTH = 2048;

  /** Bytes in front of a frame. */
  public static final int HEADROOM = 128;

  /** Longest frame. */
  public static final int LONGEST_FRAME = SLOT_LENGTH - HEADROOM;

  /** The memory. */
  public static final MemorySegment SEGMENT =
      Arena.global().allocate((long) SLOTS * SLOT_LENGTH, 4096);

  private FrameMemory() {}

  /** First byte of a slot; {@code number} counts on without end. */
  public static long slotStart(long number) {
    return (number & (SLOTS - 1)) * SLOT_LENGTH;
  }
}
