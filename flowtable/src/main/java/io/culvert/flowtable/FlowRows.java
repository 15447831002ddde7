package io.culvert.flowtable;

import io.culvert.flowtable.Leaving.Before;
import io.culvert.flowtable.table.EntryCounters;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.NativeMemory;
import io.culvert.flowtable.table.TcpState;
import io.culvert.wire.IpFamily;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What the control path keeps of a family's flows beside their entries: a row for each pair of
 * entries, 20 bytes. What a flow is said to be is made from its row, its entries and its ways when
 * somebody asks.
 *
 * <pre>
 *  0 original way          int, 0 for a pair without flow
 *  4 reply way             int
 *  8 turned 1 | idle timeout in ms 31   int, 0 for never
 * 12 born, in ms of the table's clock   long
 * </pre>
 *
 * <p>A flow that is offered from its other side is turned round where it lies: its original
 * direction is then the second of its two entries.
 */
final class FlowRows {
  private static final int ROW = 20;
  private static final int ORIGINAL_OFFSET = 0;
  private static final int REPLY_OFFSET = 4;
  private static final int TIMEOUT_OFFSET = 8;
  private static final int BORN_OFFSET = 12;
  private static final int TURNED = 1 << 31;

  private final IpFamily family;
  private final FlowStore store;
  private final WaysInUse ways;
  private final boolean shared;
  private final MemorySegment rows;
  private final CarriedCounters carried;
  private final Map<Integer, Before> before = new HashMap<>();
  private int size;

  /**
   * No flows.
   *
   * @param source where the memory is from
   * @param shared true if several workers count in an entry
   */
  FlowRows(IpFamily family, FlowStore store, NativeMemory source, WaysInUse ways, boolean shared) {
    this.family = family;
    this.store = store;
    this.ways = ways;
    this.shared = shared;
    rows = source.allocate((long) ROW * store.capacity());
    carried = new CarriedCounters(store.capacity());
  }

  IpFamily family() {
    return family;
  }

  FlowStore store() {
    return store;
  }

  boolean shared() {
    return shared;
  }

  /** Number of flows. */
  int size() {
    return size;
  }

  /** Above all pairs with a flow. */
  int end() {
    return store.pairsEverUsed();
  }

  /** Bytes of native memory beside the entries. */
  long memoryBytes() {
    return (long) ROW * store.room();
  }

  private int get(int pair, int offset) {
    return rows.get(FlowStore.INT, (long) ROW * pair + offset);
  }

  private void set(int pair, int offset, int value) {
    rows.set(FlowStore.INT, (long) ROW * pair + offset, value);
  }

  boolean isUsed(int pair) {
    return get(pair, ORIGINAL_OFFSET) != 0;
  }

  WayInUse original(int pair) {
    return ways.at(get(pair, ORIGINAL_OFFSET));
  }

  WayInUse reply(int pair) {
    return ways.at(get(pair, REPLY_OFFSET));
  }

  /** True if one of a flow's ways is among those, by number. */
  boolean isOver(BitSet those, int pair) {
    return those.get(get(pair, ORIGINAL_OFFSET)) || those.get(get(pair, REPLY_OFFSET));
  }

  /** Milliseconds without a packet after which the flow expires; 0 for never. */
  int timeoutMs(int pair) {
    return get(pair, TIMEOUT_OFFSET) & ~TURNED;
  }

  long bornMs(int pair) {
    return rows.get(FlowStore.LONG, (long) ROW * pair + BORN_OFFSET);
  }

  boolean isTurned(int pair) {
    return (get(pair, TIMEOUT_OFFSET) & TURNED) != 0;
  }

  /** Begins a row. Its ways have been counted. */
  void add(int pair, WayInUse original, WayInUse reply, int timeoutMs, Past past) {
    set(pair, ORIGINAL_OFFSET, original.number());
    set(pair, REPLY_OFFSET, reply.number());
    set(pair, TIMEOUT_OFFSET, timeoutMs);
    rows.set(FlowStore.LONG, (long) ROW * pair + BORN_OFFSET, past.bornMs());
    carried.set(pair, past.counters());
    size++;
  }

  /** The flow has the same two ways still, or the two turned round. */
  void confirm(int pair, boolean turn, int timeoutMs) {
    boolean isTurned = isTurned(pair) != turn;
    set(pair, TIMEOUT_OFFSET, timeoutMs | (isTurned ? TURNED : 0));
    if (turn) {
      int original = get(pair, ORIGINAL_OFFSET);
      set(pair, ORIGINAL_OFFSET, get(pair, REPLY_OFFSET));
      set(pair, REPLY_OFFSET, original);
    }
  }

  /** Ends a row; its entries stay until nobody can have them. */
  Leaving end(int pair) {
    Leaving leaving =
        new Leaving(
            this,
            pair,
            isTurned(pair),
            original(pair),
            reply(pair),
            bornMs(pair),
            carried.at(pair),
            before.remove(pair));
    set(pair, ORIGINAL_OFFSET, 0);
    size--;
    return leaving;
  }

  /** A flow takes the place of one that is leaving. */
  void follow(int pair, Leaving old, boolean isTurned) {
    before.put(pair, new Before(old, isTurned));
  }

  /** Nobody counts in the entries any more that flows had before. */
  void settle() {
    before.forEach((pair, past) -> carried.set(pair, carried.at(pair).plus(past.counters())));
    before.clear();
  }

  /** What was forwarded for a flow so far. */
  FlowCounters counters(int pair) {
    FlowCounters sum = counted(pair).plus(carried.at(pair));
    Before past = before.get(pair);
    sum = past == null ? sum : sum.plus(past.counters());
    return isTurned(pair) ? sum.reversed() : sum;
  }

  /** What was counted in a pair's entries, in their order. */
  FlowCounters counted(int pair) {
    long first = store.at(2 * pair);
    long second = store.at(2 * pair + 1);
    return new FlowCounters(
        EntryCounters.packets(store.entries(), first, shared),
        EntryCounters.bytes(store.entries(), first, shared),
        EntryCounters.packets(store.entries(), second, shared),
        EntryCounters.bytes(store.entries(), second, shared));
  }

  int generation(int pair) {
    return store.entries().get(FlowStore.INT, store.at(2 * pair) + FlowStore.GENERATION_OFFSET);
  }

  /** Milliseconds since either direction saw a packet, modulo the 49 days of the clock. */
  long idleMs(int pair, int clockMs) {
    return Math.min(
        Integer.toUnsignedLong(clockMs - lastSeenMs(2 * pair)),
        Integer.toUnsignedLong(clockMs - lastSeenMs(2 * pair + 1)));
  }

  /** See {@link TcpState}. */
  int tcpState(int pair) {
    return TcpState.of(store.entries(), store.at(2 * pair));
  }

  /** Says so of both directions. */
  void tcpState(int pair, int state) {
    TcpState.set(store.entries(), store.at(2 * pair), store.at(2 * pair + 1), state);
  }

  int lastSeenMs(int entry) {
    return store.entries().get(FlowStore.INT, store.at(entry) + FlowStore.LAST_SEEN_OFFSET);
  }
}
