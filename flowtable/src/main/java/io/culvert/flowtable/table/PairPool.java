package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;

/**
 * Which pairs of entries are free: those never used, from a number on, and those that were given
 * back, a chain through their own entries, which nobody reads.
 */
final class PairPool {
  private static final int NONE = -1;

  private final MemorySegment entries;
  private final IntToLongFunction linkOf;
  private int room;
  private int taken;
  private int lastFree = NONE;
  private int unused;

  /**
   * All free.
   *
   * @param linkOf byte offset of an int of a pair's entries that nobody needs while it is free
   * @param room how many
   */
  PairPool(MemorySegment entries, IntToLongFunction linkOf, int room) {
    this.entries = entries;
    this.linkOf = linkOf;
    this.room = room;
  }

  int room() {
    return room;
  }

  /** Sets a larger room. */
  void room(int newRoom) {
    room = newRoom;
  }

  int taken() {
    return taken;
  }

  /** True if none is left. */
  boolean isEmpty() {
    return taken == room;
  }

  /** Above all that were ever taken. */
  int everTaken() {
    return unused;
  }

  /** The one given back last, else the next that was never used; -1 if none is left. */
  int take() {
    if (isEmpty()) {
      return NONE;
    }
    taken++;
    if (lastFree == NONE) {
      return unused++;
    }
    int pair = lastFree;
    lastFree = entries.get(FlowStore.INT, linkOf.applyAsLong(pair));
    return pair;
  }

  void give(int pair) {
    entries.set(FlowStore.INT, linkOf.applyAsLong(pair), lastFree);
    lastFree = pair;
    taken--;
  }
}
