package io.culvert.flowtable;

import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.OffloadError.TableFull;
import io.culvert.flowtable.table.Bursts;
import io.culvert.flowtable.table.FlowIndex;
import io.culvert.flowtable.table.FlowStore;
import io.culvert.flowtable.table.Hashing;
import io.culvert.flowtable.table.NativeMemory;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.Room;
import io.culvert.flowtable.table.TcpState;
import io.culvert.flowtable.table.TemplateStore;
import io.culvert.spi.EncapKey;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes flows into the packet path's memory and takes them out again: all of a flow or nothing.
 * Used by one thread at a time, while workers run.
 *
 * <p>Taking out has two halves. {@link #withdraw} and {@link #replace} take a flow out of what
 * workers find; a burst that runs may still hold it, and count in it. {@link #settle} waits for
 * these bursts, once for all flows that were taken out before, and then gives back what the flows
 * had: entries, templates, stacks. Nothing is used again before that.
 */
final class FlowMemory {
  /** Most flows that wait to be given back while flows are offered. */
  private static final int MOST_WITHDRAWN = 256;

  private final Hashing hashing;
  private final FlowRows flows4;
  private final FlowRows flows6;
  private final StackIdentities stacks;
  private final TemplateStore templates;
  private final WaysInUse ways;
  private final PacketState state;
  private final Bursts bursts;
  private final List<Leaving> withdrawn = new ArrayList<>();

  FlowMemory(FlowTableConfig config, PacketState state, Bursts bursts, Slots slots) {
    this.state = state;
    this.bursts = bursts;
    hashing = Hashing.random(config.random());
    stacks = new StackIdentities(config.match().bits(), hashing, state);
    templates = new TemplateStore(config.templates());
    ways = new WaysInUse(stacks, templates, slots, state);
    Room room4 = room(config.memory().firstIpv4Flows(), config.ipv4Flows());
    Room room6 = room(config.memory().firstIpv6Flows(), config.ipv6Flows());
    boolean reserves =
        config.memory().hugePages() || room4.first() < room4.most() || room6.first() < room6.most();
    NativeMemory source =
        reserves ? NativeMemory.reserved(config.memory().hugePages()) : NativeMemory.whole();
    FlowStore[] stores = FlowStore.pair(hashing, room4, room6, source);
    boolean shared = bursts.limit() > 1;
    flows4 = new FlowRows(IpFamily.V4, stores[0], source, ways, shared);
    flows6 = new FlowRows(IpFamily.V6, stores[1], source, ways, shared);
  }

  private static Room room(int first, int most) {
    return new Room(Math.min(first, most), most);
  }

  FlowRows rows(IpFamily family) {
    return family == IpFamily.V4 ? flows4 : flows6;
  }

  Hashing hashing() {
    return hashing;
  }

  TemplateStore templates() {
    return templates;
  }

  WaysInUse ways() {
    return ways;
  }

  int stacksInUse() {
    return stacks.size();
  }

  long bytes() {
    return flows4.store().memoryBytes()
        + flows6.store().memoryBytes()
        + flows4.memoryBytes()
        + flows6.memoryBytes()
        + templates.memory().byteSize();
  }

  /** The flow one of whose directions comes in with this tuple; null if there is none. */
  @Nullable FlowRecord holder(FlowTuple tuple, @Nullable Identity in) {
    int entry = entry(tuple, in);
    return entry < 0 ? null : new FlowRecord(rows(tuple.family()), entry >>> 1);
  }

  /** The entry of a packet as it was parsed; -1 if there is none. */
  int entry(FlowTuple tuple, int port, EncapKey stack, int depth) {
    return entry(tuple, ways.identity(tuple.family(), port, stack, depth));
  }

  /** The entry with this key; -1 if there is none. */
  int entry(FlowTuple tuple, @Nullable Identity in) {
    return in == null
        ? -1
        : rows(tuple.family())
            .store()
            .find(TupleWords.addresses(tuple), in.portsWord(tuple), in.encap());
  }

  /**
   * Reads what {@link #holder} and {@link #store} will read of the index for some flows, so that
   * they do not wait for one miss after the other.
   */
  void touch(List<Prepared> offered) {
    long[] hashes = new long[2 * offered.size()];
    for (IpFamily family : IpFamily.values()) {
      int count = 0;
      for (Prepared flow : offered) {
        WayInUse original = ways.find(flow.original());
        WayInUse reply = ways.find(flow.reply());
        if (flow.tuple().family() == family && original != null && reply != null) {
          hashes[count++] = hash(flow.tuple(), reply.identity());
          hashes[count++] = hash(flow.replyTuple(), original.identity());
        }
      }
      rows(family).store().touch(hashes, count);
    }
  }

  private long hash(FlowTuple tuple, Identity in) {
    return rows(tuple.family())
        .store()
        .hash(TupleWords.addresses(tuple), in.portsWord(tuple), in.encap());
  }

  /** Stores both directions. The keys must be free. */
  Either<OffloadError, FlowRecord> store(Prepared offered, Past past) {
    Either<OffloadError, FlowRecord> prepared = prepare(offered, past);
    if (prepared.isLeft()) {
      return prepared;
    }
    FlowRecord flow = prepared.get();
    FlowStore store = flow.rows().store();
    if (!store.publish(2 * flow.pair()) || !store.publish(2 * flow.pair() + 1)) {
      withdraw(flow);
      settleIfMany();
      return Either.left(new TableFull("the index around one hash", FlowIndex.WAYS));
    }
    return prepared;
  }

  /**
   * Puts an offered flow in the place of one with the same two keys. Workers find the old entry or
   * the new one of each direction, whole; the counters go on.
   *
   * @param turn true if it is offered from the old one's other side
   */
  Either<OffloadError, FlowRecord> replace(FlowRecord old, Prepared offered, boolean turn) {
    Past past = new Past(FlowCounters.ZERO, old.bornMs(), 0, false);
    return prepare(offered, past)
        .peek(flow -> {
          FlowStore store = flow.rows().store();
          store.replace(old.entry(turn), 2 * flow.pair());
          store.replace(old.entry(!turn), 2 * flow.pair() + 1);
          Leaving leaving = old.rows().end(old.pair());
          flow.rows().follow(flow.pair(), leaving, turn);
          release(leaving);
          settleIfMany();
        });
  }

  /** Both entries, filled, but not to be found. */
  private Either<OffloadError, FlowRecord> prepare(Prepared offered, Past past) {
    Either<OffloadError, FlowRecord> prepared = tryToPrepare(offered, past);
    if (prepared.isLeft() && (!withdrawn.isEmpty() || ways.hasUnused())) {
      settle(); // gives back what it may have been that there was none of
      prepared = tryToPrepare(offered, past);
    }
    return prepared;
  }

  private Either<OffloadError, FlowRecord> tryToPrepare(Prepared offered, Past past) {
    Either<OffloadError, WayInUse> original = ways.use(offered.original());
    if (original.isLeft()) {
      return Either.left(original.getLeft());
    }
    Either<OffloadError, WayInUse> reply = ways.use(offered.reply());
    if (reply.isLeft()) {
      ways.release(original.get());
      return Either.left(reply.getLeft());
    }
    FlowRows rows = rows(offered.tuple().family());
    rows.store().grow(rows::isUsed, bursts::await);
    int pair = rows.store().allocatePair();
    if (pair < 0) {
      ways.release(original.get());
      ways.release(reply.get());
      return Either.left(new TableFull("flows", rows.store().room()));
    }
    rows.add(pair, original.get(), reply.get(), offered.timeoutMs(), past);
    write(rows, pair, offered, state.clockMs() - (int) past.idleMs());
    rows.tcpState(pair, past.isClosing() ? TcpState.CLOSING : TcpState.OPEN);
    return Either.right(new FlowRecord(rows, pair));
  }

  private void write(FlowRows rows, int pair, Prepared offered, int lastSeenMs) {
    FlowTuple tuple = offered.tuple();
    FlowTuple back = offered.replyTuple();
    EntryWriter writer = new EntryWriter(rows.store(), state.generation(), lastSeenMs);
    writer.write(
        2 * pair,
        tuple,
        rows.reply(pair),
        rows.original(pair),
        TupleWords.translation(tuple, back));
    writer.write(
        2 * pair + 1,
        back,
        rows.original(pair),
        rows.reply(pair),
        TupleWords.translation(back, tuple));
  }

  /** Takes both directions out of what workers find. */
  Leaving withdraw(FlowRecord flow) {
    FlowStore store = flow.rows().store();
    store.unpublish(2 * flow.pair());
    store.unpublish(2 * flow.pair() + 1);
    Leaving leaving = flow.rows().end(flow.pair());
    release(leaving);
    return leaving;
  }

  private void release(Leaving leaving) {
    ways.release(leaving.original());
    ways.release(leaving.reply());
    withdrawn.add(leaving);
  }

  /** Waiting once in a while keeps what waits to be given back small. */
  private void settleIfMany() {
    if (withdrawn.size() >= MOST_WITHDRAWN) {
      settle();
    }
  }

  /**
   * Waits until no burst runs that began before this call, and gives back what the flows taken out
   * had. What was written before, a new generation for instance, holds for every packet from now
   * on, and all counters are exact.
   */
  void settle() {
    ways.withdraw();
    state.publish();
    bursts.await();
    ways.reclaim();
    withdrawn.forEach(Leaving::seal);
    flows4.settle();
    flows6.settle();
    withdrawn.forEach(Leaving::free);
    withdrawn.clear();
  }
}
