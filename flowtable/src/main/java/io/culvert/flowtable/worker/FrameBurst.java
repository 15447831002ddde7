package io.culvert.flowtable.worker;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Up to 256 frames of one memory pool on their way through a {@link Worker}.
 *
 * <p>Each frame is contiguous and lies in a slot of the pool: {@code [slotStart, slotEnd)} may be
 * written, {@code [offset, offset + length)} is the frame from its destination MAC address on,
 * without FCS. The bytes in front of the frame are its headroom. No partial checksums, no
 * super-frames.
 *
 * <p>A burst is reused: {@link #clear}, {@link #add} …, {@link Worker#process}, read the verdicts.
 * It belongs to one thread. Nothing here allocates after construction.
 */
public final class FrameBurst {
  /** Most frames of a burst. */
  public static final int MAX_SIZE = 256;

  private final MemorySegment pool;
  private final int capacity;
  private int size;

  // Read and written by the hot path of this package.
  final long[] offsets;
  final int[] lengths;
  final long[] slotStarts;
  final int[] ingress;
  final int[] egress;
  final byte[] reasons;
  final long[] userWords;

  /**
   * A burst over a pool.
   *
   * @param pool native memory that holds every frame added; accessible by the worker's thread
   * @param capacity most frames, 1..{@link #MAX_SIZE}
   */
  public FrameBurst(MemorySegment pool, int capacity) {
    if (!pool.isNative() || pool.isReadOnly()) {
      throw new IllegalArgumentException(
          "pool: native=" + pool.isNative() + " readOnly=" + pool.isReadOnly());
    }
    if (capacity < 1 || capacity > MAX_SIZE) {
      throw new IllegalArgumentException("burst: capacity=" + capacity);
    }
    this.pool = pool;
    this.capacity = capacity;
    offsets = new long[capacity];
    lengths = new int[capacity];
    slotStarts = new long[capacity];
    ingress = new int[capacity];
    egress = new int[capacity];
    reasons = new byte[capacity];
    userWords = new long[capacity];
  }

  /** The pool. */
  public MemorySegment pool() {
    return pool;
  }

  /** Forgets all frames. */
  public void clear() {
    size = 0;
  }

  /** The number of frames. */
  public int size() {
    return size;
  }

  /** Most frames. */
  public int capacity() {
    return capacity;
  }

  /**
   * Adds a frame.
   *
   * @param slotStart first byte of the pool that may be written for this frame
   * @param offset first byte of the frame, at or behind {@code slotStart}
   * @param length bytes of the frame, 0 or more; the frame must lie in the pool
   * @param port the port's index that the frame came in by
   * @param userWord a word that stays with the frame
   * @return the frame's index in this burst
   */
  public int add(long slotStart, long offset, int length, int port, long userWord) {
    int index = size;
    if (index == capacity) {
      throw new IllegalStateException("burst is full: capacity=" + capacity);
    }
    if (slotStart < 0 || offset < slotStart || length < 0) {
      throw new IndexOutOfBoundsException(
          "frame: slotStart=" + slotStart + " offset=" + offset + " length=" + length);
    }
    Objects.checkFromIndexSize(offset, length, pool.byteSize());
    offsets[index] = offset;
    lengths[index] = length;
    slotStarts[index] = slotStart;
    ingress[index] = port;
    egress[index] = 0;
    userWords[index] = userWord;
    reasons[index] = (byte) Codes.MISS;
    size = index + 1;
    return index;
  }

  /** First byte of the frame: changed by a push or pop if it was forwarded. */
  public long offset(int index) {
    return offsets[Objects.checkIndex(index, size)];
  }

  /** Bytes of the frame. */
  public int length(int index) {
    return lengths[Objects.checkIndex(index, size)];
  }

  /** What became of the frame. */
  public Verdict verdict(int index) {
    return reason(index) == Reason.NONE ? Verdict.FORWARD : Verdict.SLOW_PATH;
  }

  /** Why it was not forwarded; {@link Reason#NONE} if it was. */
  public Reason reason(int index) {
    return Reason.of(reasons[Objects.checkIndex(index, size)]);
  }

  /** The port to send a forwarded frame out of; 0 otherwise. */
  public int port(int index) {
    return egress[Objects.checkIndex(index, size)];
  }

  /** The port that the frame came in by. */
  public int ingressPort(int index) {
    return ingress[Objects.checkIndex(index, size)];
  }

  /** The caller's word. */
  public long userWord(int index) {
    return userWords[Objects.checkIndex(index, size)];
  }
}
