package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/**
 * The index of a store that may grow: the {@link FlowIndex} that readers search, and now and then
 * one of twice its size beside it, which is filled piece by piece.
 *
 * <p><em>Growing:</em> {@link #begin}; {@link #move} until all entries are in the larger one too,
 * while what comes and goes is done to both; {@link #show}, from when on bursts that begin search
 * the larger one. When no burst runs that began before, the smaller one's memory is given back.
 * Entries themselves never move.
 *
 * <p>All sizes lie one behind the other in one memory, which takes room only where it is used. So
 * the packet path has one constant segment, and two numbers that it takes anew for each burst:
 * where the index begins in it, and how many buckets it has ({@link #view}).
 *
 * <p>One writer at a time.
 */
final class GrowingIndex {
  private static final int NONE = -1;

  private final NativeMemory source;
  private final MemorySegment memory;
  private final IndexLayout layout;
  private final FlowIndex[] sizes;
  private final IntToLongFunction hashOf;
  private int size;
  // Entries below it are in the next size too, while that is filled.
  private int moved = NONE;
  // The next size had no room around a hash, and nothing has left since.
  private boolean isBlocked;
  private volatile long view;

  /** Keeps reads that are made for their misses, see {@link FlowIndex#touch}. */
  long touched;

  /**
   * An empty index of the first size.
   *
   * @param source where the memory is from
   * @param memory zeroed
   * @param layout where in it the sizes are
   * @param hashOf from an entry's number to the hash of its key
   */
  GrowingIndex(
      NativeMemory source, MemorySegment memory, IndexLayout layout, IntToLongFunction hashOf) {
    this.source = source;
    this.memory = memory;
    this.layout = layout;
    this.hashOf = hashOf;
    sizes = new FlowIndex[layout.sizes()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = new FlowIndex(memory, layout.base(i), layout.buckets(i), hashOf);
    }
    setView();
  }

  private void setView() {
    view = IndexView.of(layout.base(size), layout.buckets(size));
  }

  /** The {@link IndexView} of where readers search; a volatile read. */
  long view() {
    return view;
  }

  /** The index that readers search. */
  FlowIndex current() {
    return sizes[size];
  }

  /** Bytes in use: those of the present size, and of the next one while that is filled. */
  long bytes() {
    long buckets = layout.buckets(size) + (isGrowing() ? layout.buckets(size + 1) : 0L);
    return FlowIndex.BUCKET * buckets;
  }

  /** True if the next size can be filled. */
  boolean mayGrow() {
    return size + 1 < sizes.length && !isBlocked;
  }

  /** True while the next size is filled. */
  boolean isGrowing() {
    return moved != NONE;
  }

  /** Begins to fill the next size. */
  void begin() {
    moved = 0;
  }

  private FlowIndex next() {
    return sizes[size + 1];
  }

  /**
   * Puts entries into the next size too.
   *
   * @param pairs so many pairs of entries are looked at, at most
   * @param end above all pairs that may be in use
   * @param isUsed whether both entries of a pair are in the index
   * @return true if there is none left
   */
  boolean move(int pairs, int end, IntPredicate isUsed) {
    int from = moved;
    int to = Math.min(2 * end, from + 2 * pairs);
    long[] hashes = hashes(from, to, isUsed);
    for (int entry = from; isGrowing() && entry < to; entry++) {
      moved = entry + 1;
      if (isUsed.test(entry >>> 1)) {
        addToNext(hashes[entry - from], entry);
      }
    }
    return moved == 2 * end;
  }

  /** Of the entries in use; the places of all are read before the first is written to. */
  private long[] hashes(int from, int to, IntPredicate isUsed) {
    long[] hashes = new long[to - from];
    long sum = 0;
    for (int entry = from; entry < to; entry++) {
      if (isUsed.test(entry >>> 1)) {
        hashes[entry - from] = hashOf.applyAsLong(entry);
        sum += next().touch(hashes[entry - from]);
      }
    }
    touched = sum;
    return hashes;
  }

  /** Without room around one hash the larger index is of no use: the chance is nil, but not 0. */
  private void addToNext(long hash, int entry) {
    if (!next().insert(hash, entry)) {
      moved = NONE;
      isBlocked = true;
      release(size + 1);
    }
  }

  private void release(int which) {
    source.release(memory, layout.base(which), layout.bytes(which));
  }

  /**
   * All entries are in the next size: it is the one that is searched from now on.
   *
   * @param awaitReaders returns when nobody searches who began before it was called
   */
  void show(Runnable awaitReaders) {
    moved = NONE;
    size++;
    setView();
    awaitReaders.run();
    release(size - 1);
  }

  /** As {@link FlowIndex#insert}. */
  boolean insert(long hash, int entry) {
    boolean isIn = current().insert(hash, entry);
    if (isIn && entry < moved) {
      addToNext(hash, entry);
    }
    return isIn;
  }

  /** As {@link FlowIndex#replace}. */
  boolean replace(long hash, int entry, int newEntry) {
    boolean isIn = current().replace(hash, entry, newEntry);
    if (isIn && entry < moved) {
      next().remove(hash, entry);
    }
    if (isIn && newEntry < moved) {
      addToNext(hash, newEntry);
    }
    return isIn;
  }

  /** As {@link FlowIndex#remove}. */
  void remove(long hash, int entry) {
    isBlocked = false;
    current().remove(hash, entry);
    if (entry < moved) {
      next().remove(hash, entry);
    }
  }
}
