package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.table.PacketState;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flows of a table, who is told of them, and what has left. Used by one thread at a time. */
final class Flows {
  private final FlowMemory memory;
  private final PacketState state;
  private final OfferGate gate;
  private final Map<Cause, Long> removals = new EnumMap<>(Cause.class);
  private final @Nullable Eviction eviction;
  private FlowListener listener = FlowListener.NONE;

  Flows(FlowMemory memory, PacketState state, OfferGate gate, WhenFull whenFull) {
    eviction =
        whenFull instanceof WhenFull.Evict(Duration leastIdle)
            ? new Eviction(leastIdle.toMillis())
            : null;
    this.memory = memory;
    this.state = state;
    this.gate = gate;
  }

  void listener(FlowListener newListener) {
    listener = newListener;
  }

  /** Number of flows. */
  int size() {
    return memory.rows(IpFamily.V4).size() + memory.rows(IpFamily.V6).size();
  }

  /** All of them, IPv4 first, by the number of their entries. */
  Stream<FlowRecord> all() {
    return Stream.of(IpFamily.values()).map(memory::rows).flatMap(rows -> those(rows, _ -> true));
  }

  private static Stream<FlowRecord> those(FlowRows rows, IntPredicate wanted) {
    return IntStream.range(0, rows.end())
        .filter(rows::isUsed)
        .filter(wanted)
        .mapToObj(pair -> new FlowRecord(rows, pair));
  }

  /** Those that a change is about. */
  List<FlowRecord> in(FlowScope scope) {
    BitSet ways = memory.ways().those(path -> ScopeMatch.concerns(scope, path));
    if (!ScopeMatch.looksAtEnds(scope)) {
      return overWays(ways);
    }
    return all()
        .filter(flow ->
            flow.rows().isOver(ways, flow.pair())
                || ScopeMatch.concerns(scope, flow.tuple(false), flow.tuple(true)))
        .toList();
  }

  /** Those with a layer of a provider on their ways. */
  List<FlowRecord> using(String provider) {
    return overWays(
        memory
            .ways()
            .those(path ->
                path.layers().exists(layer -> layer.transmit().provider().equals(provider))));
  }

  /** Looks at flows only if one of the ways is meant: mostly none is, of forged path MTUs say. */
  private List<FlowRecord> overWays(BitSet ways) {
    if (ways.isEmpty()) {
      return List.of();
    }
    return Stream.of(IpFamily.values())
        .map(memory::rows)
        .flatMap(rows -> those(rows, pair -> rows.isOver(ways, pair)))
        .toList();
  }

  /** The flow whose original direction has this tuple and comes in by this device. */
  @Nullable FlowRecord find(FlowTuple tuple, int ingress) {
    for (Identity in : memory.ways().identities(ingress)) {
      FlowRecord flow = in.family() == tuple.family() ? memory.holder(tuple, in) : null;
      if (flow != null && isNamed(flow, tuple, ingress)) {
        return flow;
      }
    }
    return null;
  }

  private static boolean isNamed(FlowRecord flow, FlowTuple tuple, int ingress) {
    return flow.ingress() == ingress && flow.tuple(false).equals(tuple);
  }

  DeviceCounters deviceCounters(int ifindex) {
    DeviceCounters retired = memory.ways().retired(ifindex);
    return in(new FlowScope.Device(ifindex)).stream()
        .map(flow -> DeviceCounters.of(flow.flow(), flow.counters(), ifindex))
        .reduce(retired, DeviceCounters::plus);
  }

  /** How many flows have left, by cause. */
  io.vavr.collection.Map<Cause, Long> removals() {
    return io.vavr.collection.TreeMap.ofAll(removals);
  }

  boolean isValid(FlowRecord flow) {
    return flow.generation() == state.generation();
  }

  /** Some flows are about to be inserted. */
  void touch(List<Prepared> offered) {
    memory.touch(offered);
  }

  /** Adds a flow, or confirms one that has both of its keys. */
  Either<OffloadError, FlowRecord> insert(Prepared offered, Past past) {
    FlowTuple tuple = offered.tuple();
    Identity in = memory.ways().identity(offered.reply());
    Identity back = memory.ways().identity(offered.original());
    FlowRecord atOriginal = memory.holder(tuple, in);
    FlowRecord atReply = memory.holder(offered.replyTuple(), back);
    if (atOriginal != null && atOriginal.equals(atReply)) {
      return refresh(atOriginal, offered, memory.entry(tuple, in) == atOriginal.entry(true));
    }
    if (atOriginal != null && isValid(atOriginal)) {
      return Either.left(new OffloadError.KeyTaken(tuple));
    }
    if (atReply != null && isValid(atReply)) {
      return Either.left(new OffloadError.KeyTaken(offered.replyTuple()));
    }
    dropStale(atOriginal, atReply, namesake(offered, in));
    if (offered.isSelfConnected()) {
      return Either.left(new OffloadError.SelfConnected());
    }
    return makeRoom(tuple.family())
        ? memory.store(offered, past).peek(this::added)
        : Either.left(new OffloadError.NoneIdle(Eviction.LOOKS, leastIdleMs()));
  }

  private long leastIdleMs() {
    return eviction == null ? 0 : eviction.leastIdleMs();
  }

  /** False if flows would have to make room and none may. */
  private boolean makeRoom(IpFamily family) {
    FlowRows rows = memory.rows(family);
    return eviction == null
        || !rows.store().isFull()
        || drop(eviction.victims(rows, state.clockMs()), Cause.EVICTED) > 0;
  }

  /** What stands in the way of a fresh flow. */
  private void dropStale(
      @Nullable FlowRecord atOriginal,
      @Nullable FlowRecord atReply,
      @Nullable FlowRecord namesake) {
    if (atOriginal != null || atReply != null || namesake != null) {
      List<FlowRecord> stale =
          Stream.of(atOriginal, atReply, namesake).filter(Objects::nonNull).distinct().toList();
      drop(stale, Cause.INVALIDATED);
    }
  }

  /** A flow called as the offered one, from when its device had other ends. */
  private @Nullable FlowRecord namesake(Prepared offered, @Nullable Identity in) {
    return memory.ways().isOnly(offered.ingress(), in)
        ? null
        : find(offered.tuple(), offered.ingress());
  }

  private void added(FlowRecord flow) {
    if (gate.asks()) {
      gate.added(flow.flow());
    }
    if (isHeard()) {
      listener.added(flow.flow());
    }
  }

  @SuppressWarnings("ReferenceEquality") // The one that does nothing is itself.
  private boolean isHeard() {
    return listener != FlowListener.NONE;
  }

  /**
   * Gives a flow newly found ways, or confirms it if they are those that it has.
   *
   * @param turn true if it is offered from the old one's other side
   */
  private Either<OffloadError, FlowRecord> refresh(FlowRecord old, Prepared offered, boolean turn) {
    if (offered.isSelfConnected()) {
      drop(List.of(old), Cause.INVALIDATED);
      return Either.left(new OffloadError.SelfConnected());
    }
    dropNamesake(old, offered);
    Flow before = old.flow();
    Either<OffloadError, FlowRecord> refreshed =
        hasWays(old, offered, turn)
            ? Either.right(confirm(old, offered, turn))
            : memory.replace(old, offered, turn);
    if (refreshed.isLeft()) {
      return refreshInFullTable(old, offered, turn);
    }
    if (gate.asks()) {
      gate.removed(before);
      gate.added(refreshed.get().flow());
    }
    listener.refreshed(refreshed.get().flow());
    return refreshed;
  }

  private void dropNamesake(FlowRecord old, Prepared offered) {
    FlowRecord named = namesake(offered, memory.ways().identity(offered.reply()));
    if (named != null && !named.equals(old)) {
      drop(List.of(named), Cause.INVALIDATED);
    }
  }

  private boolean hasWays(FlowRecord old, Prepared offered, boolean turn) {
    WayInUse original = memory.ways().find(offered.original());
    WayInUse reply = memory.ways().find(offered.reply());
    return old.original().equals(turn ? reply : original)
        && old.reply().equals(turn ? original : reply);
  }

  /** All that changes for workers is the generation: one store a direction, in place. */
  private FlowRecord confirm(FlowRecord flow, Prepared offered, boolean turn) {
    flow.rows().confirm(flow.pair(), turn, offered.timeoutMs());
    flow.confirm(state.generation(), state.clockMs());
    return flow;
  }

  /** The old one makes room for the new one: in between its packets go to the slow path. */
  private Either<OffloadError, FlowRecord> refreshInFullTable(
      FlowRecord old, Prepared offered, boolean turn) {
    Flow before = old.flow();
    Leaving leaving = memory.withdraw(old);
    memory.settle();
    FlowCounters counters = turn ? leaving.counters().reversed() : leaving.counters();
    gate.removed(before);
    return memory
        .store(offered, new Past(counters, leaving.bornMs(), 0, false))
        .peek(flow -> {
          gate.added(flow.flow());
          listener.refreshed(flow.flow());
        })
        .peekLeft(_ -> tell(leaving, before, Cause.INVALIDATED));
  }

  private void tell(Leaving left, @Nullable Flow flow, Cause cause) {
    memory.ways().retire(left);
    removals.merge(cause, 1L, Long::sum);
    if (flow != null) {
      listener.removed(flow, cause, left.counters());
    }
  }

  /**
   * Takes flows out, both directions. When it returns no worker forwards a packet of theirs, and
   * the listener has their final counters.
   *
   * @return how many
   */
  int drop(Collection<FlowRecord> leaving, Cause cause) {
    if (leaving.isEmpty()) {
      return 0;
    }
    List<Leaving> left = new ArrayList<>(leaving.size());
    List<@Nullable Flow> names = new ArrayList<>(leaving.size());
    for (FlowRecord flow : leaving) {
      Flow name = isHeard() || gate.asks() ? flow.flow() : null;
      names.add(name);
      left.add(memory.withdraw(flow));
      if (name != null) {
        gate.removed(name);
      }
    }
    memory.settle();
    for (int i = 0; i < left.size(); i++) {
      tell(left.get(i), names.get(i), cause);
    }
    return left.size();
  }
}
