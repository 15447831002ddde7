package io.culvert.flowtable.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The copying adapter for callers whose frames are {@code byte[]}: native slots of one size, filled
 * in turn, each with headroom in front.
 *
 * <p>A frame copied in stays valid until as many further frames as there are slots were copied in.
 * Belongs to one thread. The memory lives as long as the pool is reachable.
 */
public final class FramePool {
  private final MemorySegment memory;
  private final int slots;
  private final int slotSize;
  private final int headroom;
  private int next;

  /**
   * A pool.
   *
   * @param slots number of frames that it holds
   * @param slotSize bytes of a slot, headroom included
   * @param headroom bytes in front of a frame, 0..slotSize
   */
  public FramePool(int slots, int slotSize, int headroom) {
    if (slots < 1 || slotSize < 1 || headroom < 0 || headroom > slotSize) {
      throw new IllegalArgumentException(
          "pool: slots=" + slots + " slotSize=" + slotSize + " headroom=" + headroom);
    }
    this.slots = slots;
    this.slotSize = slotSize;
    this.headroom = headroom;
    memory = Arena.ofAuto().allocate((long) slots * slotSize, 64);
  }

  /** The memory, to make a {@link FrameBurst} and a {@link Worker} of. */
  public MemorySegment memory() {
    return memory;
  }

  /** Longest frame that fits behind the headroom, in bytes. */
  public int longestFrame() {
    return slotSize - headroom;
  }

  /**
   * Copies a frame into the next slot and adds it to a burst of this pool.
   *
   * @return the frame's index in the burst
   */
  public int add(FrameBurst burst, byte[] frame, int port, long userWord) {
    if (!burst.pool().equals(memory)) {
      throw new IllegalArgumentException("burst of another pool");
    }
    if (frame.length > longestFrame()) {
      throw new IllegalArgumentException(
          "frame: length=" + frame.length + " longest=" + longestFrame());
    }
    long slotStart = (long) next * slotSize;
    next = next + 1 == slots ? 0 : next + 1;
    MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, slotStart + headroom, frame.length);
    return burst.add(slotStart, slotStart + headroom, frame.length, port, userWord);
  }

  /** A copy of a frame of a burst of this pool, as it is now. */
  public byte[] copyOut(FrameBurst burst, int index) {
    byte[] frame = new byte[burst.length(index)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, burst.offset(index), frame, 0, frame.length);
    return frame;
  }
}
