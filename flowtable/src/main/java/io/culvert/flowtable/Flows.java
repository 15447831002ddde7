package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.table.PacketState;
import io.vavr.control.Either;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flows of a table, who is told of them, and what has left. Used by one thread at a time. */
final class Flows {
  private final FlowMemory memory;
  private final Slots slots;
  private final PacketState state;
  private final OfferGate gate;
  private final Map<FlowId, FlowRecord> flows = new LinkedHashMap<>();
  private final DeviceLedger ledger = new DeviceLedger();
  private FlowListener listener = FlowListener.NONE;

  /** What a flow is called by. */
  record FlowId(FlowTuple tuple, int ingress) {
    static FlowId of(Flow flow) {
      return new FlowId(flow.tuple(), flow.ingress());
    }
  }

  Flows(FlowMemory memory, Slots slots, PacketState state, OfferGate gate) {
    this.memory = memory;
    this.slots = slots;
    this.state = state;
    this.gate = gate;
  }

  void listener(FlowListener newListener) {
    listener = newListener;
  }

  /** All of them, oldest offer first. */
  Collection<FlowRecord> all() {
    return flows.values();
  }

  /** The names of all of them. */
  FlowId[] ids() {
    return flows.keySet().toArray(FlowId[]::new);
  }

  @Nullable FlowRecord find(FlowId id) {
    return flows.get(id);
  }

  /** Those that fit, in a list of its own. */
  List<FlowRecord> those(Predicate<FlowRecord> wanted) {
    return flows.values().stream().filter(wanted).toList();
  }

  @Nullable FlowRecord find(FlowTuple tuple, int ingress) {
    return flows.get(new FlowId(tuple, ingress));
  }

  DeviceCounters deviceCounters(int ifindex) {
    return ledger.sum(ifindex, flows.values());
  }

  boolean isValid(FlowRecord flow) {
    return flow.generation() == state.generation();
  }

  /** Adds a flow, or confirms one that has both of its keys. */
  @SuppressWarnings("ReferenceEquality") // One record is one flow.
  Either<OffloadError, FlowRecord> insert(Prepared offered, Past past) {
    FlowRecord atOriginal = memory.holder(offered.originalKey());
    FlowRecord atReply = memory.holder(offered.replyKey());
    if (atOriginal != null && atOriginal == atReply) {
      return refresh(atOriginal, offered);
    }
    for (FlowRecord other : new FlowRecord[] {atOriginal, atReply}) {
      if (other != null && isValid(other)) {
        Flow flow = offered.flow();
        return Either.left(
            new OffloadError.KeyTaken(other == atOriginal ? flow.tuple() : flow.replyTuple()));
      }
    }
    drop(
        Stream.of(atOriginal, atReply, flows.get(FlowId.of(offered.flow())))
            .filter(Objects::nonNull)
            .distinct()
            .toList(),
        Cause.INVALIDATED);
    if (offered.isSelfConnected()) {
      return Either.left(new OffloadError.SelfConnected());
    }
    return memory.store(offered, past).peek(this::add).peek(flow -> listener.added(flow.flow()));
  }

  /** Replaces a flow by the same one with newly found ways; its counters go on. */
  private Either<OffloadError, FlowRecord> refresh(FlowRecord old, Prepared offered) {
    if (offered.isSelfConnected()) {
      drop(List.of(old), Cause.INVALIDATED);
      return Either.left(new OffloadError.SelfConnected());
    }
    Either<OffloadError, FlowRecord> refreshed = memory.replace(old, offered);
    if (refreshed.isLeft()) {
      return refreshInFullTable(old, offered);
    }
    unlist(old);
    add(refreshed.get());
    releaseSlots(old); // after the new one's, so that ends that both have stay known
    state.publish();
    listener.refreshed(refreshed.get().flow());
    return refreshed;
  }

  /** The old one makes room for the new one: in between its packets go to the slow path. */
  private Either<OffloadError, FlowRecord> refreshInFullTable(FlowRecord old, Prepared offered) {
    memory.withdraw(old);
    forget(old);
    memory.settle();
    boolean turned = !old.flow().tuple().equals(offered.flow().tuple());
    FlowCounters counters = turned ? old.counters().reversed() : old.counters();
    return memory
        .store(offered, new Past(counters, old.bornMs(), 0))
        .peek(this::add)
        .peek(flow -> listener.refreshed(flow.flow()))
        .peekLeft(_ -> tell(old, Cause.INVALIDATED));
  }

  /** Takes a flow off the books; its entries are dealt with elsewhere. */
  private void forget(FlowRecord flow) {
    releaseSlots(flow);
    unlist(flow);
  }

  private void unlist(FlowRecord flow) {
    flows.remove(FlowId.of(flow.flow()));
    gate.removed(flow.flow());
  }

  private void releaseSlots(FlowRecord flow) {
    slots.release(flow.flow().original().layers());
    slots.release(flow.flow().reply().layers());
  }

  private void tell(FlowRecord left, Cause cause) {
    FlowCounters counters = left.counters();
    ledger.retire(left.flow(), counters);
    listener.removed(left.flow(), cause, counters);
  }

  private void add(FlowRecord flow) {
    slots.use(flow.flow().original().layers());
    slots.use(flow.flow().reply().layers());
    flows.put(FlowId.of(flow.flow()), flow);
    gate.added(flow.flow());
    state.publish();
  }

  /**
   * Takes flows out, both directions. When it returns no worker forwards a packet of theirs, and
   * the listener has their final counters.
   *
   * @return how many
   */
  int drop(Collection<FlowRecord> leaving, Cause cause) {
    for (FlowRecord flow : leaving) {
      memory.withdraw(flow);
      forget(flow);
    }
    if (!leaving.isEmpty()) {
      memory.settle();
    }
    leaving.forEach(flow -> tell(flow, cause));
    return leaving.size();
  }
}
