package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.IntToLongFunction;

/**
 * From a key's hash to entries: buckets of one cache line, eight slots each, two buckets a key.
 *
 * <pre>
 *  0 tags of slots 0..3, 16 bits each, slot 0 in the lowest; 0 for a free slot   long
 *  8 tags of slots 4..7                                                          long
 * 16 number of the entry in each slot, plus one                                  eight ints
 * 48 keys of this bucket that live in their second one                           int
 * 52 unused
 * </pre>
 *
 * <p><em>Search:</em> the eight tags are compared at once, as two words, without a branch; what is
 * left are slots whose entry has the key, but for one search in some thousands.
 *
 * <p><em>Place:</em> a key lives in its first bucket, or in its second one if the first was full.
 * If both are full, an insert moves one key of the first kind out of the way into its own second
 * bucket; if none can go, it is refused: a lookup looks at {@value #WAYS} slots at most, whatever
 * the traffic. While no key of a bucket lives in its second one, a lookup that found nothing need
 * not look there.
 *
 * <p><em>Concurrency:</em> one writer, any number of readers without locks. A slot's number is
 * stored with release order behind its entry, which was filled before, and its tag behind its
 * number. A reader reads tags, then (acquire) a number, then (acquire) the entry, and believes
 * nothing but the whole key there: a slot that was given to another key in between is no hit. A key
 * that moves is counted, then in its second bucket, before it leaves the first, and never moves
 * back. So a reader that looks at the first bucket, then (acquire) at its count, then at the second
 * bucket finds every key that is there from the start of its search to the end.
 */
public final class FlowIndex {
  /** Bytes of a bucket: a cache line. */
  public static final int BUCKET = 64;

  /** Slots of a bucket. */
  public static final int SLOTS = 8;

  /** Most slots in which a key may be. */
  public static final int WAYS = 2 * SLOTS;

  /** In a bucket: the tags of the upper four slots. */
  public static final int UPPER_TAGS = 8;

  /** In a bucket: the entries' numbers plus one. */
  public static final int NUMBERS = 16;

  /** In a bucket: keys of it that live in their second one. */
  public static final int DISPLACED = 48;

  private static final VarHandle TAG = ValueLayout.JAVA_SHORT.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final long LOW_HALF = 0xffff_ffffL;

  /** Odd, so that no two upper halves of a hash come to the same. */
  private static final long SPREAD = 0x9e37_79b1L;

  private static final long LOWEST_BITS = 0x0001_0001_0001_0001L;
  private static final long HIGHEST_BITS = 0x8000_8000_8000_8000L;

  private final MemorySegment memory;
  private final long base;
  private final int buckets;
  private final IntToLongFunction hashOf;

  /**
   * An index over zeroed memory.
   *
   * @param memory holds it, 64-byte aligned
   * @param base offset of its first bucket
   * @param buckets number of buckets, see {@link #bucketsFor}
   * @param hashOf from an entry's number to the hash of its key
   */
  FlowIndex(MemorySegment memory, long base, int buckets, IntToLongFunction hashOf) {
    this.memory = memory;
    this.base = base;
    this.buckets = buckets;
    this.hashOf = hashOf;
  }

  /**
   * Buckets for so many entries: seven of ten slots used when all of them are in. At that load, and
   * with keys that come and go all the time, not one insert of 30 million was refused in a
   * simulation; with three of four slots used it was one.
   */
  static int bucketsFor(int entries) {
    return (int) ((5L * entries + 27) / 28) + 1;
  }

  /** Byte offset of the first bucket of a hash, from the index's base. */
  public static long first(long hash, int buckets) {
    return (((hash & LOW_HALF) * buckets) >>> 32) * BUCKET;
  }

  /** Byte offset of the second one; another one if there are at least two. */
  public static long second(long hash, int buckets) {
    long mixed = ((hash >>> 32) * SPREAD) & LOW_HALF;
    long second = (mixed * buckets) >>> 32;
    long at = second * BUCKET;
    return at != first(hash, buckets) ? at : second + 1 == buckets ? 0 : at + BUCKET;
  }

  /** A hash's tag in each of a word's four places; never 0. */
  public static long tags(long hash) {
    return (hash >>> 48 | 1) * LOWEST_BITS;
  }

  /**
   * The slots of a bucket that have a tag: one bit each, see {@link #slot}. A slot above one that
   * has it may be among them without having it.
   *
   * @param lower tags of slots 0..3
   * @param upper tags of slots 4..7
   * @param tags of the hash
   */
  public static long candidates(long lower, long upper, long tags) {
    return zeros(lower ^ tags) >>> 1 | zeros(upper ^ tags);
  }

  /** The highest bit of each 16 bits that are 0, and perhaps of some above the first of them. */
  private static long zeros(long word) {
    return (word - LOWEST_BITS) & ~word & HIGHEST_BITS;
  }

  /**
   * The slot of the lowest of the {@link #candidates}; {@code candidates & candidates - 1} drops
   * it.
   */
  public static int slot(long candidates) {
    int bit = Long.numberOfTrailingZeros(candidates);
    return bit >>> 4 | (bit & 1) << 2;
  }

  /**
   * The place of the next slot with the hash's tag and an entry.
   *
   * @param way 0..{@link #WAYS}, where to go on
   * @return its way; {@link #WAYS} if there is none
   */
  int next(long hash, int way) {
    int end = ways(hash);
    int next = way;
    while (next < end && (!hasTag(hash, next) || entryAt(hash, next) < 0)) {
      next++;
    }
    return next < end ? next : WAYS;
  }

  /** Where a key may be: in its first bucket, unless keys of that live in their second one. */
  private int ways(long hash) {
    long first = base + first(hash, buckets);
    return (int) INT.get(memory, first + DISPLACED) == 0 ? SLOTS : WAYS;
  }

  /**
   * Reads a word of a hash's first bucket, so that it is in the cache when it is searched.
   *
   * @return something that the caller uses, or the JIT drops the read. (An acquire stays by itself,
   *     but then several do not overlap: offers a second fell from 2.7 to 1.4 million.)
   */
  long touch(long hash) {
    return (int) INT.get(memory, base + first(hash, buckets) + DISPLACED);
  }

  /** The entry at a way of {@link #next}; -1 if it is free. */
  int entryAt(long hash, int way) {
    return (int) INT.get(memory, numberAt(hash, way)) - 1;
  }

  /**
   * Publishes a filled entry whose key is not in the index.
   *
   * @return false if there is no room around its hash
   */
  boolean insert(long hash, int entry) {
    int way = freeWay(hash);
    for (int taken = 0; way == WAYS && taken < WAYS; taken++) {
      way = moveAway(hash, taken) ? taken : WAYS;
    }
    if (way < WAYS) {
      put(hash, way, entry);
    }
    return way < WAYS;
  }

  /** The first free way of a hash; {@link #WAYS} if there is none. */
  private int freeWay(long hash) {
    int way = slotOf(-1, first(hash, buckets));
    return way < SLOTS ? way : SLOTS + slotOf(-1, second(hash, buckets));
  }

  /** The slot of a bucket that has an entry, or is free for -1; {@link #SLOTS} if none is. */
  private int slotOf(int entry, long bucket) {
    long numbers = base + bucket + NUMBERS;
    int slot = 0;
    while (slot < SLOTS && (int) INT.get(memory, numbers + 4L * slot) != entry + 1) {
      slot++;
    }
    return slot;
  }

  /** Puts the entry at a way into its second bucket as well, if that is another and has room. */
  private boolean moveAway(long hash, int way) {
    int entry = entryAt(hash, way);
    long itsHash = hashOf.applyAsLong(entry);
    if (bucket(hash, way) != first(itsHash, buckets)) {
      return false; // it is in its second bucket already
    }
    int free = freeWay(itsHash);
    if (free == WAYS) {
      return false;
    }
    put(itsHash, free, entry);
    return true;
  }

  private void put(long hash, int way, int entry) {
    if (way >= SLOTS) {
      displace(hash, 1);
    }
    INT.setRelease(memory, numberAt(hash, way), entry + 1);
    TAG.setRelease(memory, tagAt(hash, way), (short) tags(hash));
  }

  /** Puts a filled entry in place of one with the same key; false if that one is not there. */
  boolean replace(long hash, int entry, int newEntry) {
    int way = wayOf(hash, entry);
    // In a small index an entry of another key may be within reach.
    boolean isThere = way < WAYS && hasTag(hash, way);
    if (isThere) {
      INT.setRelease(memory, numberAt(hash, way), newEntry + 1);
    }
    return isThere;
  }

  /** Takes an entry out; nothing happens if it is not there. */
  void remove(long hash, int entry) {
    int way = wayOf(hash, entry);
    if (way < WAYS) {
      TAG.setRelease(memory, tagAt(hash, way), (short) 0);
      INT.setRelease(memory, numberAt(hash, way), 0);
      if (way >= SLOTS) {
        displace(hash, -1);
      }
    }
  }

  private int wayOf(long hash, int entry) {
    int way = slotOf(entry, first(hash, buckets));
    return way < SLOTS ? way : SLOTS + slotOf(entry, second(hash, buckets));
  }

  /** Counts the keys of a hash's first bucket that live in their second one. */
  private void displace(long hash, int change) {
    long at = base + first(hash, buckets) + DISPLACED;
    INT.setRelease(memory, at, (int) INT.get(memory, at) + change);
  }

  private boolean hasTag(long hash, int way) {
    return (short) TAG.get(memory, tagAt(hash, way)) == (short) tags(hash);
  }

  private long tagAt(long hash, int way) {
    return base + bucket(hash, way) + 2L * (way & SLOTS - 1);
  }

  private long numberAt(long hash, int way) {
    return base + bucket(hash, way) + NUMBERS + 4L * (way & SLOTS - 1);
  }

  private long bucket(long hash, int way) {
    return way < SLOTS ? first(hash, buckets) : second(hash, buckets);
  }
}
