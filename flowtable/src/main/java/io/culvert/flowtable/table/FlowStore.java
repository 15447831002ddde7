package io.culvert.flowtable.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The entries of one IP family and their index.
 *
 * <p><em>Entries:</em> one per flow and direction, 64 bytes (IPv4) or 128 bytes (IPv6), on their
 * own cache lines. The two directions of a flow are neighbours: entries 2n and 2n+1, so that each
 * finds the other without a pointer. An entry never moves.
 *
 * <p><em>Index:</em> a {@link FlowIndex} of its own: an insert for which it has no room is refused.
 *
 * <p><em>Writers:</em> one at a time; an entry is filled before it is published, and given back
 * only when no reader can have it any more.
 *
 * <pre>
 *  0 generation | template                          two ints
 *  8 mtu                                             short
 * 10 worker seen last | TCP state                    two bytes
 * 12 last seen (ms)                                 int
 * 16 packets                                        long, see EntryCounters
 * 24 bytes                                          long
 * 32 translation | program on receipt               two ints
 * 40 ports, protocol, depth, ingress port           key
 * 48 encap identity                                 key
 * 56 addresses, 8 bytes (IPv4) or 32 (IPv6)         key
 * </pre>
 */
public final class FlowStore {
  /** Generation in which the flow was offered or confirmed. */
  public static final int GENERATION_OFFSET = 0;

  /** Number of the transmit template. */
  public static final int TEMPLATE_OFFSET = 4;

  /** Longest inner packet in bytes, 16 bits. */
  public static final int MTU_OFFSET = 8;

  /** Number of the worker that forwarded the last packet, 8 bits. */
  public static final int WORKER_OFFSET = 10;

  /** See {@link TcpState}, 8 bits. */
  public static final int TCP_STATE_OFFSET = 11;

  /** Time of the last packet in milliseconds of the table's clock. */
  public static final int LAST_SEEN_OFFSET = 12;

  /** Packets forwarded, as {@link EntryCounters} has them. */
  public static final int PACKETS_OFFSET = 16;

  /** Bytes forwarded, inner IP length, as {@link EntryCounters} has them. */
  public static final int BYTES_OFFSET = 24;

  /** The {@link Translation} of addresses and ports; 0 for none. */
  public static final int NAT_OFFSET = 32;

  /** Number of the {@link RxProgram}; 0 for none. */
  public static final int RX_PROGRAM_OFFSET = 36;

  /** Ports (32 bits), protocol (8), layers (8), ingress port (16). */
  public static final int PORTS_OFFSET = 40;

  /** Interned number or digest of the tunnel stack; 0 without tunnel. */
  public static final int ENCAP_OFFSET = 48;

  /** Source, then destination address. */
  public static final int ADDRESSES_OFFSET = 56;

  /** Bytes of an IPv4 entry. */
  public static final int STRIDE_4 = 64;

  /** Bytes of an IPv6 entry. */
  public static final int STRIDE_6 = 128;

  /** Native-order long. Unaligned layouts: the alignment is known, the check would cost. */
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** A byte. */
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** Native-order short. */
  public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Native-order int. */
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final int NO_PAIR = -1;

  private final Hashing hashing;
  private final int addressWords;
  private final int stride;
  private final int capacity;
  private final MemorySegment indexMemory;
  private final long indexBase;
  private final FlowIndex index;
  private final MemorySegment entries;
  private final long entriesBase;
  // Pairs that were given back are a chain through their own entries, which nobody reads.
  private int lastFree = NO_PAIR;
  private int unused;
  long touched; // what for, see FlowIndex
  private int size;

  private FlowStore(
      Hashing hashing,
      int addressWords,
      int flows,
      MemorySegment indexMemory,
      long indexBase,
      MemorySegment entries,
      long entriesBase) {
    this.hashing = hashing;
    this.addressWords = addressWords;
    stride = strideOf(addressWords);
    capacity = flows;
    this.indexMemory = indexMemory;
    this.indexBase = indexBase;
    this.entries = entries;
    this.entriesBase = entriesBase;
    index = new FlowIndex(indexMemory, indexBase, FlowIndex.bucketsFor(2 * flows), this::hashOf);
  }

  /**
   * An empty store for IPv4 flows and one for IPv6 flows, in one memory, so that the packet path
   * has one constant segment for both.
   *
   * @param hashing the table's hash
   * @param flows4 most IPv4 flows, 1..2^28, rounded up to a power of two
   * @param flows6 most IPv6 flows, 1..2^28, rounded up to a power of two
   * @return the IPv4 and the IPv6 store
   */
  public static FlowStore[] pair(Hashing hashing, int flows4, int flows6) {
    for (int flows : new int[] {flows4, flows6}) {
      if (flows < 1 || flows > 1 << 28) {
        throw new IllegalArgumentException("flow store: flows=" + flows);
      }
    }
    int capacity4 = powerOfTwo(flows4);
    int capacity6 = powerOfTwo(flows6);
    long index6 = indexBytes(capacity4);
    long entries6 = 2L * capacity4 * STRIDE_4;
    Arena arena = Arena.ofAuto();
    MemorySegment index = arena.allocate(index6 + indexBytes(capacity6), FlowIndex.BUCKET);
    MemorySegment entries = arena.allocate(entries6 + 2L * capacity6 * STRIDE_6, STRIDE_4);
    return new FlowStore[] {
      new FlowStore(hashing, 1, capacity4, index, 0, entries, 0),
      new FlowStore(hashing, 4, capacity6, index, index6, entries, entries6)
    };
  }

  private static int powerOfTwo(int atLeast) {
    return atLeast == 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
  }

  private static long indexBytes(int flows) {
    return (long) FlowIndex.BUCKET * FlowIndex.bucketsFor(2 * flows);
  }

  private static int strideOf(int addressWords) {
    return addressWords == 1 ? STRIDE_4 : STRIDE_6;
  }

  /** The index of both families. */
  public MemorySegment index() {
    return indexMemory;
  }

  /** Byte offset of this family's first bucket. */
  public long indexBase() {
    return indexBase;
  }

  /** Number of this family's buckets. */
  public int buckets() {
    return index.buckets();
  }

  /** The entries of both families. */
  public MemorySegment entries() {
    return entries;
  }

  /** Byte offset of this family's first entry. */
  public long entriesBase() {
    return entriesBase;
  }

  /** Most flows. */
  public int capacity() {
    return capacity;
  }

  /** Flows stored. */
  public int size() {
    return size;
  }

  /** Bytes of this family's native memory. */
  public long memoryBytes() {
    return indexBytes(capacity) + 2L * capacity * stride;
  }

  /** Takes a pair of entries: the one given back last, else the next; -1 if there is none left. */
  public int allocatePair() {
    if (size == capacity) {
      return NO_PAIR;
    }
    size++;
    if (lastFree == NO_PAIR) {
      return unused++;
    }
    int pair = lastFree;
    lastFree = entries.get(INT, at(2 * pair) + LAST_SEEN_OFFSET);
    return pair;
  }

  /** Gives a pair back. Its keys must have left the index, and no reader may have its entries. */
  public void freePair(int pair) {
    entries.set(INT, at(2 * pair) + LAST_SEEN_OFFSET, lastFree);
    lastFree = pair;
    size--;
  }

  /** Above all pairs that were ever in use. */
  public int pairsEverUsed() {
    return unused;
  }

  /** Byte offset of an entry. */
  public long at(int entry) {
    return entriesBase + (long) entry * stride;
  }

  /** Writes an entry's key and clears its counters. */
  public void writeKey(int entry, long[] addresses, long ports, long encap) {
    long at = at(entry);
    for (long offset = 0; offset < stride; offset += Long.BYTES) {
      entries.set(LONG, at + offset, 0);
    }
    entries.set(LONG, at + PORTS_OFFSET, ports);
    entries.set(LONG, at + ENCAP_OFFSET, encap);
    for (int word = 0; word < addressWords; word++) {
      entries.set(LONG, at + ADDRESSES_OFFSET + 8L * word, addresses[word]);
    }
  }

  /**
   * The entry with this key; -1 if there is none.
   *
   * <p>The control path's lookup: the packet path has its own over the same memory.
   */
  public int find(long[] addresses, long ports, long encap) {
    long hash = hash(addresses, ports, encap);
    int way = index.next(hash, 0);
    while (way < FlowIndex.WAYS) {
      int entry = index.entryAt(hash, way);
      if (hasKey(entry, addresses, ports, encap)) {
        return entry;
      }
      way = index.next(hash, way + 1);
    }
    return -1;
  }

  /**
   * Publishes an entry under the key that it holds; the key must not be there yet.
   *
   * @return false if the index has no room for it
   */
  public boolean publish(int entry) {
    return index.insert(hashOf(entry), entry);
  }

  /**
   * Publishes an entry in place of one with the same key, by one store: a reader has the old one or
   * the new one.
   *
   * @return false if the old one is not there
   */
  public boolean replace(int entry, int newEntry) {
    return index.replace(hashOf(newEntry), entry, newEntry);
  }

  /** Takes an entry out of the index; nothing happens if it is not there. */
  public void unpublish(int entry) {
    index.remove(hashOf(entry), entry);
  }

  /** The entry whose key has this hash, all 64 bits of it; -1 if there is none. */
  public int findHash(long hash) {
    for (int way = index.next(hash, 0); way < FlowIndex.WAYS; way = index.next(hash, way + 1)) {
      int entry = index.entryAt(hash, way);
      if (hashOf(entry) == hash) {
        return entry;
      }
    }
    return -1;
  }

  private boolean hasKey(int entry, long[] addresses, long ports, long encap) {
    long at = at(entry);
    boolean same =
        entries.get(LONG, at + PORTS_OFFSET) == ports
            && entries.get(LONG, at + ENCAP_OFFSET) == encap;
    for (int word = 0; word < addressWords; word++) {
      same &= entries.get(LONG, at + ADDRESSES_OFFSET + 8L * word) == addresses[word];
    }
    return same;
  }

  /** The hash of an entry's key. */
  public long hashOf(int entry) {
    long at = at(entry);
    long[] addresses = new long[addressWords];
    for (int word = 0; word < addressWords; word++) {
      addresses[word] = entries.get(LONG, at + ADDRESSES_OFFSET + 8L * word);
    }
    return hash(
        addresses, entries.get(LONG, at + PORTS_OFFSET), entries.get(LONG, at + ENCAP_OFFSET));
  }

  /** Reads where the search for each of the first so many hashes begins, all misses at once. */
  public void touch(long[] hashes, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += index.touch(hashes[i]);
    }
    touched = sum;
  }

  /** The hash of a key. */
  public long hash(long[] addresses, long ports, long encap) {
    return addressWords == 1
        ? hashing.key4(addresses[0], ports, encap)
        : hashing.key6(addresses[0], addresses[1], addresses[2], addresses[3], ports, encap);
  }
}
