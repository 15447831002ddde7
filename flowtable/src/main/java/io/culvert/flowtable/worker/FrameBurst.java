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

  // A row a frame, read and written by the hot path of this package: one array, one bounds check.
  static final int ROW = 4;

  /** First byte of the frame. */
  static final int OFFSET = 0;

  /** Length of the frame in the lower half, ingress port in the upper one. */
  static final int SPAN = 1;

  /** First byte of the pool that may be written for the frame. */
  static final int SLOT_START = 2;

  /** Reason in the lower half, egress port in the upper one. */
  static final int OUTCOME = 3;

  final long[] rows;
  private final long[] userWords;

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
    rows = new long[ROW * capacity];
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
    int row = index * ROW;
    rows[row + OFFSET] = offset;
    rows[row + SPAN] = (long) port << 32 | length;
    rows[row + SLOT_START] = slotStart;
    rows[row + OUTCOME] = Codes.MISS;
    userWords[index] = userWord;
    size = index + 1;
    return index;
  }

  /** First byte of the frame: changed by a push or pop if it was forwarded. */
  public long offset(int index) {
    return rows[row(index) + OFFSET];
  }

  /** Bytes of the frame. */
  public int length(int index) {
    return (int) rows[row(index) + SPAN];
  }

  /** What became of the frame. */
  public Verdict verdict(int index) {
    return reason(index) == Reason.NONE ? Verdict.FORWARD : Verdict.SLOW_PATH;
  }

  /** Why it was not forwarded; {@link Reason#NONE} if it was. */
  public Reason reason(int index) {
    return Reason.of((byte) rows[row(index) + OUTCOME]);
  }

  /** The port to send a forwarded frame out of; 0 otherwise. */
  public int port(int index) {
    return (int) (rows[row(index) + OUTCOME] >>> 32);
  }

  /** The port that the frame came in by. */
  public int ingressPort(int index) {
    return (int) (rows[row(index) + SPAN] >>> 32);
  }

  /** The caller's word. */
  public long userWord(int index) {
    return userWords[Objects.checkIndex(index, size)];
  }

  private int row(int index) {
    return ROW * Objects.checkIndex(index, size);
  }
}
