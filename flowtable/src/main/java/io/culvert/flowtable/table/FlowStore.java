package io.culvert.flowtable.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The entries of one IP family and their index.
 *
 * <p><em>Entries:</em> one per flow and direction, 64 bytes (IPv4) or 128 bytes (IPv6), on their
 * own cache lines. The two directions of a flow are neighbours: entries 2n and 2n+1, so that each
 * finds the other without a pointer. An entry never moves.
 *
 * <p><em>Index:</em> open addressing with linear probing over longs: upper half a tag (the hash's
 * upper half), lower half the entry's number plus one, 0 for free. At most half of it is used, and
 * an insert that would need more than {@link #MAX_PROBES} steps is refused, so that a lookup's work
 * is bounded whatever the traffic. Removal shifts back, no tombstones.
 *
 * <p><em>Writers:</em> one at a time; an entry is filled before its index slot is published.
 *
 * <pre>
 *  0 generation | template | mtu | last seen (ms)   four ints
 * 16 packets                                        long
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

  /** Longest inner packet in bytes. */
  public static final int MTU_OFFSET = 8;

  /** Time of the last packet in milliseconds of the table's clock. */
  public static final int LAST_SEEN_OFFSET = 12;

  /** Packets forwarded. */
  public static final int PACKETS_OFFSET = 16;

  /** Bytes forwarded, inner IP length. */
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

  /** Longest probe. */
  public static final int MAX_PROBES = 64;

  /** Native-order long. Unaligned layouts: the alignment is known, the check would cost. */
  public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Native-order int. */
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private final Hashing hashing;
  private final int addressWords;
  private final int stride;
  private final int capacity;
  private final MemorySegment index;
  private final long indexBase;
  private final MemorySegment entries;
  private final long entriesBase;
  private final int mask;
  private final int[] freePairs;
  private int free;

  private FlowStore(Hashing hashing, int addressWords, int flows, FlowStore before) {
    this.hashing = hashing;
    this.addressWords = addressWords;
    stride = strideOf(addressWords);
    capacity = flows;
    mask = slots(flows) - 1;
    index = before.index;
    entries = before.entries;
    indexBase = before.indexBase + 8L * (before.mask + 1);
    entriesBase = before.entriesBase + 2L * before.capacity * before.stride;
    freePairs = freePairs(flows);
    free = flows;
  }

  private FlowStore(Hashing hashing, int flows, long moreSlots, long moreEntryBytes) {
    this.hashing = hashing;
    addressWords = 1;
    stride = STRIDE_4;
    capacity = flows;
    mask = slots(flows) - 1;
    Arena arena = Arena.ofAuto();
    index = arena.allocate(8L * (mask + 1 + moreSlots), 64);
    entries = arena.allocate(2L * flows * stride + moreEntryBytes, 64);
    indexBase = 0;
    entriesBase = 0;
    freePairs = freePairs(flows);
    free = flows;
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
    FlowStore first =
        new FlowStore(hashing, capacity4, slots(capacity6), 2L * capacity6 * STRIDE_6);
    return new FlowStore[] {first, new FlowStore(hashing, 4, capacity6, first)};
  }

  private static int powerOfTwo(int atLeast) {
    return atLeast == 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
  }

  /** The smallest power of two that leaves half of the slots free. */
  private static int slots(int flows) {
    return Math.max(powerOfTwo(flows), 4) * 4;
  }

  private static int strideOf(int addressWords) {
    return addressWords == 1 ? STRIDE_4 : STRIDE_6;
  }

  private static int[] freePairs(int flows) {
    int[] pairs = new int[flows];
    for (int pair = 0; pair < flows; pair++) {
      pairs[pair] = flows - 1 - pair;
    }
    return pairs;
  }

  /** The index of both families. */
  public MemorySegment index() {
    return index;
  }

  /** Byte offset of this family's first index slot. */
  public long indexBase() {
    return indexBase;
  }

  /** The entries of both families. */
  public MemorySegment entries() {
    return entries;
  }

  /** Byte offset of this family's first entry. */
  public long entriesBase() {
    return entriesBase;
  }

  /** Number of index slots minus one; the number is a power of two. */
  public int mask() {
    return mask;
  }

  /** Most flows. */
  public int capacity() {
    return capacity;
  }

  /** Flows stored. */
  public int size() {
    return capacity - free;
  }

  /** Bytes of this family's native memory. */
  public long memoryBytes() {
    return 8L * (mask + 1) + 2L * capacity * stride;
  }

  /** Takes a pair of entries; -1 if there is none left. */
  public int allocatePair() {
    return free == 0 ? -1 : freePairs[--free];
  }

  /** Gives a pair back. Its keys must have left the index. */
  public void freePair(int pair) {
    freePairs[free++] = pair;
  }

  /** Byte offset of an entry. */
  public long at(int entry) {
    return entriesBase + (long) entry * stride;
  }

  /** Writes an entry's key and clears its counters. */
  public void writeKey(int entry, long[] addresses, long ports, long encap) {
    long at = at(entry);
    entries.asSlice(at, stride).fill((byte) 0);
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
    int slot = (int) hash & mask;
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      long candidate = index.get(LONG, slotAt(slot));
      if (candidate == 0) {
        return -1;
      }
      int entry = (int) candidate - 1;
      if (candidate >>> 32 == hash >>> 32 && hasKey(entry, addresses, ports, encap)) {
        return entry;
      }
      slot = slot + 1 & mask;
    }
    return -1;
  }

  /**
   * Publishes an entry under the key that it holds; the key must not be there yet.
   *
   * @return false if the bounded probe finds no room
   */
  public boolean publish(int entry) {
    long hash = hashOf(entry);
    int slot = (int) hash & mask;
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      if (index.get(LONG, slotAt(slot)) == 0) {
        VarHandle.releaseFence();
        index.set(LONG, slotAt(slot), slotValue(hash, entry));
        return true;
      }
      slot = slot + 1 & mask;
    }
    return false;
  }

  /** Takes an entry out of the index; nothing happens if it is not there. */
  public void unpublish(int entry) {
    long hash = hashOf(entry);
    long value = slotValue(hash, entry);
    int slot = (int) hash & mask;
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      long candidate = index.get(LONG, slotAt(slot));
      if (candidate == value) {
        closeGap(slot);
        return;
      }
      if (candidate == 0) {
        return;
      }
      slot = slot + 1 & mask;
    }
  }

  /** Knuth's algorithm R: moves back what the gap would hide. */
  private void closeGap(int gap) {
    int slot = gap;
    while (true) {
      slot = slot + 1 & mask;
      long candidate = index.get(LONG, slotAt(slot));
      if (candidate == 0) {
        index.set(LONG, slotAt(gap), 0);
        return;
      }
      int home = (int) hashOf((int) candidate - 1) & mask;
      if ((slot - home & mask) >= (slot - gap & mask)) {
        index.set(LONG, slotAt(gap), candidate);
        gap = slot;
      }
    }
  }

  private long slotAt(int slot) {
    return indexBase + 8L * slot;
  }

  private static long slotValue(long hash, int entry) {
    return (hash & 0xffff_ffff_0000_0000L) | (entry + 1);
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

  private long hashOf(int entry) {
    long at = at(entry);
    long[] addresses = new long[addressWords];
    for (int word = 0; word < addressWords; word++) {
      addresses[word] = entries.get(LONG, at + ADDRESSES_OFFSET + 8L * word);
    }
    return hash(
        addresses, entries.get(LONG, at + PORTS_OFFSET), entries.get(LONG, at + ENCAP_OFFSET));
  }

  private long hash(long[] addresses, long ports, long encap) {
    return addressWords == 1
        ? hashing.key4(addresses[0], ports, encap)
        : hashing.key6(addresses[0], addresses[1], addresses[2], addresses[3], ports, encap);
  }
}
