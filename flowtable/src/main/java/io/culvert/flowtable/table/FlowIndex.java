package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.IntToLongFunction;

/**
 * From a key's hash to entries: buckets of one cache line, eight slots each, two buckets a key.
 *
 * <pre>
 * slot:  tag 32 (the hash's upper half) | mark 1 | 0 | entry's number plus one 30, 0 for free
 * </pre>
 *
 * <p><em>Place:</em> a key lives in its first bucket, or in its second one if the first was full.
 * If both are full, an insert moves one key of the first kind out of the way into its own second
 * bucket; if none can go, it is refused: a lookup looks at {@value #WAYS} slots at most, whatever
 * the traffic. Slots are searched from the one that the hash names on, so that most keys lie in the
 * very slot that is read first.
 *
 * <p><em>Mark:</em> on the first slot of a bucket, set while a key of this bucket lives in its
 * second one: without it a lookup that found nothing need not look there.
 *
 * <p><em>Concurrency:</em> one writer, any number of readers without locks. A slot changes by one
 * store with release order, its entry was filled before. A key that moves is in its second bucket
 * before it leaves the first, and never moves back; the mark is set before both. So a reader that
 * looks at the first bucket, then (acquire) at its mark, then at the second bucket finds every key
 * that is there from the start of its search to the end.
 */
public final class FlowIndex {
  /** Bytes of a bucket: a cache line. */
  public static final int BUCKET = 64;

  /** Slots of a bucket. */
  public static final int SLOTS = 8;

  /** Most slots in which a key may be. */
  public static final int WAYS = 2 * SLOTS;

  /** In the first slot of a bucket: a key of this bucket lives in its second one. */
  public static final long MARK = 1L << 31;

  /** In a slot: the entry's number plus one. */
  public static final int NUMBER = (1 << 30) - 1;

  private static final VarHandle SLOT = ValueLayout.JAVA_LONG.varHandle();
  private static final long LOW_HALF = 0xffff_ffffL;
  private static final long TAG = LOW_HALF << 32;

  /** Odd, so that no two tags come to the same. */
  private static final long SPREAD = 0x9e37_79b1L;

  private final MemorySegment memory;
  private final long base;
  private final int buckets;
  private final IntToLongFunction hashOf;

  /** For each bucket the keys of it that live in their second one; 255 for as many or more. */
  private final byte[] displaced;

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
    displaced = new byte[buckets];
  }

  /**
   * Buckets for so many entries: seven of ten slots used when all of them are in. At that load, and
   * with keys that come and go all the time, not one insert of 30 million was refused in a
   * simulation; with three of four slots used it was one.
   */
  static int bucketsFor(int entries) {
    return (int) ((5L * entries + 27) / 28) + 1;
  }

  /** Number of buckets. */
  public int buckets() {
    return buckets;
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

  /** Byte offset in a bucket of the slot at which the search for a hash begins. */
  public static long home(long hash) {
    return (hash & SLOTS - 1) * 8;
  }

  /** True if a slot has the hash's tag; it may be free all the same. */
  public static boolean matches(long slot, long hash) {
    return (slot ^ hash) >>> 32 == 0;
  }

  /** Number of the entry in a slot; -1 if it is free. */
  public static int entry(long slot) {
    return ((int) slot & NUMBER) - 1;
  }

  /**
   * The place of the next slot, in the order of search, with the hash's tag and an entry.
   *
   * @param way 0..{@link #WAYS}, where to go on
   * @return its way; {@link #WAYS} if there is none
   */
  int next(long hash, int way) {
    int end = ways(hash);
    int next = way;
    while (next < end) {
      long slot = read(place(hash, next));
      if (matches(slot, hash) && entry(slot) >= 0) {
        return next;
      }
      next++;
    }
    return WAYS;
  }

  /** Where a key may be: in its first bucket, unless keys of that live in their second one. */
  private int ways(long hash) {
    return (read(base + first(hash, buckets)) & MARK) == 0 ? SLOTS : WAYS;
  }

  /**
   * Reads the slot at which the search for a hash begins, so that it is in the cache then.
   *
   * @return something that the caller uses, or the JIT drops the read. (An acquire stays by itself,
   *     but then several do not overlap: offers a second fell from 2.7 to 1.4 million.)
   */
  long touch(long hash) {
    return read(place(hash, 0));
  }

  /** The entry at a way of {@link #next}. */
  int entryAt(long hash, int way) {
    return entry(read(place(hash, way)));
  }

  /**
   * Publishes a filled entry whose key is not in the index.
   *
   * @return false if there is no room around its hash
   */
  boolean insert(long hash, int entry) {
    int way = freeWay(hash);
    if (way < WAYS) {
      put(hash, way, entry);
      return true;
    }
    for (int taken = 0; taken < WAYS; taken++) {
      if (moveAway(place(hash, taken), hash, taken, entry)) {
        return true;
      }
    }
    return false;
  }

  private int freeWay(long hash) {
    int way = 0;
    while (way < WAYS && entry(read(place(hash, way))) >= 0) {
      way++;
    }
    return way;
  }

  /** Puts an entry in place of another one, if that one has room in its second bucket. */
  private boolean moveAway(long at, long hash, int way, int entry) {
    int other = entry(read(at));
    long otherHash = hashOf.applyAsLong(other);
    if (bucketOf(at) != first(otherHash, buckets)) {
      return false; // it is in its second bucket already
    }
    int free = freeWay(otherHash);
    if (free == WAYS) {
      return false;
    }
    put(otherHash, free, other);
    put(hash, way, entry);
    return true;
  }

  private void put(long hash, int way, int entry) {
    if (way >= SLOTS) {
      displace(first(hash, buckets), 1);
    }
    write(place(hash, way), (hash & TAG) | entry + 1);
  }

  /** Puts a filled entry in place of one with the same key; false if that one is not there. */
  boolean replace(long hash, int entry, int newEntry) {
    int way = wayOf(hash, entry);
    // In a small index an entry of another key may be within reach.
    boolean isThere = way < WAYS && matches(read(place(hash, way)), hash);
    if (isThere) {
      write(place(hash, way), (hash & TAG) | newEntry + 1);
    }
    return isThere;
  }

  /** Takes an entry out; nothing happens if it is not there. */
  void remove(long hash, int entry) {
    int way = wayOf(hash, entry);
    if (way < WAYS) {
      write(place(hash, way), 0);
      if (way >= SLOTS) {
        displace(first(hash, buckets), -1);
      }
    }
  }

  private int wayOf(long hash, int entry) {
    int way = 0;
    while (way < WAYS && entry(read(place(hash, way))) != entry) {
      way++;
    }
    return way;
  }

  /** Counts the keys of a bucket that live in their second one, and keeps its mark. */
  private void displace(long bucket, int change) {
    int number = (int) (bucket / BUCKET);
    int count = displaced[number] & 0xff;
    if (count == 0xff) {
      return; // nobody knows how many: the mark stays
    }
    displaced[number] = (byte) (count + change);
    long slot = read(base + bucket);
    SLOT.setRelease(memory, base + bucket, count + change == 0 ? slot & ~MARK : slot | MARK);
  }

  private long place(long hash, int way) {
    long bucket = way < SLOTS ? first(hash, buckets) : second(hash, buckets);
    return base + bucket + (hash + way & SLOTS - 1) * 8;
  }

  private long bucketOf(long at) {
    return at - base & -BUCKET;
  }

  private long read(long at) {
    return (long) SLOT.get(memory, at);
  }

  private void write(long at, long slot) {
    long mark = at % BUCKET == 0 ? read(at) & MARK : 0;
    SLOT.setRelease(memory, at, slot | mark);
  }
}
