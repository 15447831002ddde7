package io.culvert.spi;

/**
 * Collects the identity words of one packet's tunnel stack, outermost layer first.
 *
 * <p>Reused for every packet; belongs to one worker thread. Adding never throws: words beyond
 * {@link #CAPACITY} only mark the key as overflowed, and the packet goes to the slow path.
 */
public final class EncapKey {
  /** Most words of a stack: eight layers of an IPv6 carrier (4) with three words of their own. */
  public static final int CAPACITY = 64;

  private final long[] words = new long[CAPACITY];
  private int size;

  /** An empty key. */
  public EncapKey() {}

  /** Appends a word. */
  public void add(long word) {
    int at = size;
    if (at < CAPACITY) {
      words[at] = word;
    }
    size = at + 1;
  }

  /** The number of words added. */
  public int size() {
    return size;
  }

  /** Word {@code index}, 0..{@link #size()}-1. */
  public long word(int index) {
    return words[index];
  }

  /** True if more words were added than fit. */
  public boolean overflowed() {
    return size > CAPACITY;
  }

  /** Drops the words behind the first {@code newSize}. */
  public void truncate(int newSize) {
    size = newSize;
  }
}
