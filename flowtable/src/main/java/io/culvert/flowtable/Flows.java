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
  private final Map<FlowId, FlowRecord> flows = new LinkedHashMap<>();
  private final DeviceLedger ledger = new DeviceLedger();
  private FlowListener listener = FlowListener.NONE;

  private record FlowId(FlowTuple tuple, int ingress) {
    static FlowId of(Flow flow) {
      return new FlowId(flow.tuple(), flow.ingress());
    }
  }

  Flows(FlowMemory memory, Slots slots, PacketState state) {
    this.memory = memory;
    this.slots = slots;
    this.state = state;
  }

  void listener(FlowListener newListener) {
    listener = newListener;
  }

  /** All of them, oldest offer first. */
  Collection<FlowRecord> all() {
    return flows.values();
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
  Either<OffloadError, FlowRecord> insert(Prepared offered) {
    FlowRecord atOriginal = memory.holder(offered.originalKey());
    FlowRecord atReply = memory.holder(offered.replyKey());
    if (atOriginal != null && atOriginal == atReply) {
      return refresh(atOriginal, offered);
    }
    for (FlowRecord other : new FlowRecord[] {atOriginal, atReply}) {
      if (other != null && isValid(other)) {
        FlowTuple tuple = offered.flow().tuple();
        return Either.left(
            new OffloadError.KeyTaken(other == atOriginal ? tuple : tuple.reversed()));
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
    return memory.store(offered).peek(this::add).peek(flow -> listener.added(flow.flow()));
  }

  /** Replaces a flow by the same one with newly found ways; its counters go on. */
  private Either<OffloadError, FlowRecord> refresh(FlowRecord old, Prepared offered) {
    Either<OffloadError, FlowRecord> refreshed =
        offered.isSelfConnected()
            ? Either.left(new OffloadError.SelfConnected())
            : memory.replace(old, offered);
    if (refreshed.isLeft()) {
      drop(List.of(old), Cause.INVALIDATED);
      return refreshed;
    }
    flows.remove(FlowId.of(old.flow()));
    add(refreshed.get());
    releaseSlots(old.flow());
    state.publish();
    listener.refreshed(refreshed.get().flow());
    return refreshed;
  }

  private void add(FlowRecord flow) {
    slots.use(flow.flow().original().layers());
    slots.use(flow.flow().reply().layers());
    flows.put(FlowId.of(flow.flow()), flow);
    state.publish();
  }

  private void releaseSlots(Flow flow) {
    slots.release(flow.original().layers());
    slots.release(flow.reply().layers());
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
      releaseSlots(flow.flow());
      flows.remove(FlowId.of(flow.flow()));
    }
    if (!leaving.isEmpty()) {
      memory.settle();
    }
    for (FlowRecord flow : leaving) {
      FlowCounters counters = flow.counters();
      ledger.retire(flow.flow(), counters);
      listener.removed(flow.flow(), cause, counters);
    }
    return leaving.size();
  }
}
