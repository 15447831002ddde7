package io.culvert.flowtable;

import io.culvert.flowtable.table.EntryCounters;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Translation;
import io.culvert.spi.EncapKey;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;

/**
 * The control path's side of a flow. Each is itself: a flow that is offered again gets a new one.
 */
final class FlowRecord {
  private final Flow flow;
  private final FlowStore store;
  private final int pair;
  private final boolean shared;
  private final Half original;
  private final Half reply;
  private final long bornMs;
  // What the flow's records before this one have counted: all but the last of them, which workers
  // may still be counting in.
  private FlowCounters base;
  private @Nullable FlowRecord before;
  private boolean turned;
  private boolean isSealed;

  /**
   * A flow in memory.
   *
   * @param flow what the embedder sees
   * @param store where its entries are
   * @param pair their number: entries 2n (original) and 2n+1 (reply)
   * @param shared true if several workers count in them
   * @param original what the original direction holds
   * @param reply what the reply direction holds
   * @param past what it brings along
   */
  FlowRecord(
      Flow flow, FlowStore store, int pair, boolean shared, Half original, Half reply, Past past) {
    this.flow = flow;
    this.store = store;
    this.pair = pair;
    this.shared = shared;
    this.original = original;
    this.reply = reply;
    base = past.counters();
    bornMs = past.bornMs();
  }

  Flow flow() {
    return flow;
  }

  FlowStore store() {
    return store;
  }

  int pair() {
    return pair;
  }

  Half original() {
    return original;
  }

  Half reply() {
    return reply;
  }

  /** When it was first taken, in milliseconds of the table's clock. */
  long bornMs() {
    return bornMs;
  }

  /**
   * The references of one direction's entry.
   *
   * @param encap interned stack or digest of its receive key; 0 without tunnel
   * @param interned true if {@code encap} is a reference to the stack table
   * @param template number of its template
   * @param rxProgram number of its program on receipt
   */
  record Half(long encap, boolean interned, int template, int rxProgram) {}

  /**
   * What is done with the tunnel headers of a direction's packets, as {@link
   * io.culvert.flowtable.table.RxProgram} has it.
   *
   * @param headerLength header bytes in front of the inner packet
   * @param operations the operations
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Received(int headerLength, long[] operations) {}

  /**
   * The receive key of one direction.
   *
   * @param tuple its 5-tuple
   * @param port the port that it comes in by
   * @param stack identity words of its tunnels
   * @param depth number of its tunnels
   * @param received what is done with their headers on receipt
   */
  record Key(FlowTuple tuple, int port, EncapKey stack, int depth, Received received) {
    long[] addresses() {
      return addresses(tuple);
    }

    int ports() {
      return ports(tuple);
    }

    /** What happens to packets of this key, as an entry has it: they go out as answers come in. */
    int translation(Key other) {
      FlowTuple out = other.tuple.reversed();
      return Translation.word(addresses(), ports(), addresses(out), ports(out));
    }

    private static int ports(FlowTuple tuple) {
      return tuple.sourcePort() << 16 | tuple.destinationPort();
    }

    private static long[] addresses(FlowTuple tuple) {
      if (tuple.source() instanceof Ipv4Address(int source)
          && tuple.destination() instanceof Ipv4Address(int destination)) {
        return new long[] {((long) source << 32) | (destination & 0xffff_ffffL)};
      }
      Ipv6Address source = (Ipv6Address) tuple.source();
      Ipv6Address destination = (Ipv6Address) tuple.destination();
      return new long[] {source.high(), source.low(), destination.high(), destination.low()};
    }
  }

  int entry(boolean replyDirection) {
    return 2 * pair + (replyDirection ? 1 : 0);
  }

  private long at(boolean replyDirection, int offset) {
    return store.at(entry(replyDirection)) + offset;
  }

  /** What was forwarded so far, in the records before this one too. */
  FlowCounters counters() {
    FlowCounters sum = isSealed ? base : base.plus(counted());
    return before == null ? sum : sum.plus(countedBefore(before));
  }

  private FlowCounters countedBefore(FlowRecord old) {
    return turned ? old.counters().reversed() : old.counters();
  }

  /** What a record that takes this one's place brings along: all but the counters, see there. */
  Past heritage() {
    return new Past(FlowCounters.ZERO, bornMs, 0);
  }

  /** This record takes another one's place. */
  void follow(FlowRecord old, boolean isTurned) {
    before = old;
    turned = isTurned;
  }

  /** Nobody counts in the record before this one any more. */
  void settle() {
    if (before != null) {
      base = base.plus(countedBefore(before));
      before = null;
    }
  }

  /** Nobody counts in this record any more, and its entries will be another flow's. */
  void seal() {
    base = counters();
    isSealed = true;
  }

  private FlowCounters counted() {
    return new FlowCounters(
        EntryCounters.packets(store.entries(), at(false, 0), shared),
        EntryCounters.bytes(store.entries(), at(false, 0), shared),
        EntryCounters.packets(store.entries(), at(true, 0), shared),
        EntryCounters.bytes(store.entries(), at(true, 0), shared));
  }

  int generation() {
    return store.entries().get(FlowStore.INT, at(false, FlowStore.GENERATION_OFFSET));
  }

  /** Milliseconds since either direction saw a packet, modulo the 49 days of the clock. */
  long idleMs(int clockMs) {
    int original = store.entries().get(FlowStore.INT, at(false, FlowStore.LAST_SEEN_OFFSET));
    int replied = store.entries().get(FlowStore.INT, at(true, FlowStore.LAST_SEEN_OFFSET));
    return Math.min(
        Integer.toUnsignedLong(clockMs - original), Integer.toUnsignedLong(clockMs - replied));
  }

  /** The worker that saw the flow last; none if nobody did, or if the table has only one. */
  Option<Integer> lastWorker() {
    int sinceOriginal = store.entries().get(FlowStore.INT, at(false, FlowStore.LAST_SEEN_OFFSET));
    int sinceReply = store.entries().get(FlowStore.INT, at(true, FlowStore.LAST_SEEN_OFFSET));
    FlowCounters seen = counted();
    boolean reply =
        seen.originalPackets() == 0 || (seen.replyPackets() > 0 && sinceReply - sinceOriginal > 0);
    return Option.when(
        shared && (seen.originalPackets() > 0 || seen.replyPackets() > 0),
        () -> (int) store.entries().get(FlowStore.SHORT, at(reply, FlowStore.WORKER_OFFSET)));
  }

  /** Fills what may change in a direction's entry. */
  void fill(boolean replyDirection, int template, int mtu, int generation, int clockMs) {
    store.entries().set(FlowStore.INT, at(replyDirection, FlowStore.TEMPLATE_OFFSET), template);
    store
        .entries()
        .set(
            FlowStore.SHORT,
            at(replyDirection, FlowStore.MTU_OFFSET),
            (short) Math.min(mtu, 0xffff));
    store.entries().set(FlowStore.INT, at(replyDirection, FlowStore.LAST_SEEN_OFFSET), clockMs);
    store.entries().set(FlowStore.INT, at(replyDirection, FlowStore.GENERATION_OFFSET), generation);
  }

  /** Sets the programs on receipt of fresh entries. */
  void startPrograms() {
    store
        .entries()
        .set(FlowStore.INT, at(false, FlowStore.RX_PROGRAM_OFFSET), original.rxProgram());
    store.entries().set(FlowStore.INT, at(true, FlowStore.RX_PROGRAM_OFFSET), reply.rxProgram());
  }

  /**
   * Sets the translations of fresh entries.
   *
   * @param originalKey receive key of the original direction
   * @param replyKey receive key of the reply direction
   */
  void startTranslation(Key originalKey, Key replyKey) {
    store
        .entries()
        .set(FlowStore.INT, at(false, FlowStore.NAT_OFFSET), originalKey.translation(replyKey));
    store
        .entries()
        .set(FlowStore.INT, at(true, FlowStore.NAT_OFFSET), replyKey.translation(originalKey));
  }

  /** Generation 0 is never valid. */
  void invalidate() {
    store.entries().set(FlowStore.INT, at(false, FlowStore.GENERATION_OFFSET), 0);
    store.entries().set(FlowStore.INT, at(true, FlowStore.GENERATION_OFFSET), 0);
  }
}
