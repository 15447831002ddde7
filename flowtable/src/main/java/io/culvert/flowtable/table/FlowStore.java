package io.culvert.flowtable.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntPredicate;

/**
 * The entries of one IP family and their index.
 *
 * <p><em>Entries:</em> one per flow and direction, 64 bytes (IPv4) or 128 bytes (IPv6), on their
 * own cache lines. The two directions of a flow are neighbours: entries 2n and 2n+1, so that each
 * finds the other without a pointer. An entry never moves.
 *
 * <p><em>Index:</em> a {@link FlowIndex} of its own: an insert for which it has no room is refused.
 * In a store that grows a larger one takes its place now and then ({@link GrowingIndex}).
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

  /** Room for flows is made when only one of so many places is left. */
  private static final int LEFT = 4;

  /** Pairs of entries that an insert moves: a larger index is full before the last place is. */
  private static final int MOVED = 4;

  private final Hashing hashing;
  private final int addressWords;
  private final int stride;
  private final int capacity;
  private final boolean grows;
  private final MemorySegment indexMemory;
  private final GrowingIndex index;
  private final MemorySegment entries;
  private final long entriesBase;
  private final PairPool pairs;
  long touched; // what for, see FlowIndex

  private FlowStore(
      Hashing hashing,
      int addressWords,
      Room flows,
      NativeMemory source,
      MemorySegment indexMemory,
      IndexLayout layout,
      MemorySegment entries,
      long entriesBase) {
    this.hashing = hashing;
    this.addressWords = addressWords;
    stride = strideOf(addressWords);
    capacity = flows.most();
    grows = flows.first() < capacity;
    this.indexMemory = indexMemory;
    this.entries = entries;
    this.entriesBase = entriesBase;
    index = new GrowingIndex(source, indexMemory, layout, this::hashOf);
    pairs = new PairPool(entries, pair -> at(2 * pair) + LAST_SEEN_OFFSET, flows.first());
  }

  /**
   * An empty store for IPv4 flows and one for IPv6 flows, in one memory, so that the packet path
   * has one constant segment for both.
   *
   * @param hashing the table's hash
   * @param flows4 IPv4 flows
   * @param flows6 IPv6 flows
   * @param source where the memory is from; one that reserves if a store is to grow
   * @return the IPv4 and the IPv6 store
   */
  public static FlowStore[] pair(Hashing hashing, Room flows4, Room flows6, NativeMemory source) {
    IndexLayout index4 = IndexLayout.of(0, flows4.first(), flows4.most(), source.granule());
    IndexLayout index6 =
        IndexLayout.of(index4.end(), flows6.first(), flows6.most(), source.granule());
    long entries6 = 2L * flows4.most() * STRIDE_4;
    MemorySegment index = source.allocate(index6.end());
    MemorySegment entries = source.allocate(entries6 + 2L * flows6.most() * STRIDE_6);
    return new FlowStore[] {
      new FlowStore(hashing, 1, flows4, source, index, index4, entries, 0),
      new FlowStore(hashing, 4, flows6, source, index, index6, entries, entries6)
    };
  }

  /** The same with room for all flows from the beginning. */
  public static FlowStore[] pair(Hashing hashing, int flows4, int flows6) {
    return pair(hashing, Room.fixed(flows4), Room.fixed(flows6), NativeMemory.whole());
  }

  private static int strideOf(int addressWords) {
    return addressWords == 1 ? STRIDE_4 : STRIDE_6;
  }

  /** The index of both families. */
  public MemorySegment index() {
    return indexMemory;
  }

  /** The {@link IndexView} of where this family's entries are looked up now; a volatile read. */
  public long view() {
    return index.view();
  }

  /** True if there was less room at first than there may be: the {@link #view} changes. */
  public boolean grows() {
    return grows;
  }

  /** The entries of both families. */
  public MemorySegment entries() {
    return entries;
  }

  /** Byte offset of this family's first entry. */
  public long entriesBase() {
    return entriesBase;
  }

  /** Most flows that there will ever be room for. */
  public int capacity() {
    return capacity;
  }

  /** Most flows for which there is room now. */
  public int room() {
    return pairs.room();
  }

  /** True if no flow can be added before another one leaves. */
  public boolean isFull() {
    return pairs.isEmpty() && !(index.isGrowing() || index.mayGrow());
  }

  /** Flows stored. */
  public int size() {
    return pairs.taken();
  }

  /** Bytes of native memory that this family takes for the flows that there is room for. */
  public long memoryBytes() {
    return index.bytes() + 2L * pairs.room() * stride;
  }

  /**
   * Makes room ahead of need, a bounded piece of work a call: to be called before each insert.
   *
   * @param isUsed whether both entries of a pair are published
   * @param awaitReaders returns when nobody searches who began before it was called; it is called
   *     once each time that room has doubled
   */
  public void grow(IntPredicate isUsed, Runnable awaitReaders) {
    int room = pairs.room();
    if (room == capacity || pairs.taken() < room - room / LEFT) {
      return;
    }
    if (!index.isGrowing() && index.mayGrow()) {
      index.begin();
    }
    if (index.isGrowing() && index.move(MOVED, pairs.everTaken(), isUsed)) {
      index.show(awaitReaders);
      pairs.room(2 * room);
    }
  }

  /**
   * Takes a pair of entries: the one given back last, else the next; -1 if there is none left. Its
   * memory may hold anything.
   */
  public int allocatePair() {
    return pairs.take();
  }

  /** Gives a pair back. Its keys must have left the index, and no reader may have its entries. */
  public void freePair(int pair) {
    pairs.give(pair);
  }

  /** Above all pairs that were ever in use. */
  public int pairsEverUsed() {
    return pairs.everTaken();
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
    FlowIndex searched = index.current();
    int way = searched.next(hash, 0);
    while (way < FlowIndex.WAYS) {
      int entry = searched.entryAt(hash, way);
      if (hasKey(entry, addresses, ports, encap)) {
        return entry;
      }
      way = searched.next(hash, way + 1);
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
    FlowIndex searched = index.current();
    int way = searched.next(hash, 0);
    while (way < FlowIndex.WAYS) {
      int entry = searched.entryAt(hash, way);
      if (hashOf(entry) == hash) {
        return entry;
      }
      way = searched.next(hash, way + 1);
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
      sum += index.current().touch(hashes[i]);
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
