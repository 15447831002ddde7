package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.Offers.Prepared;
import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.worker.Worker;
import io.culvert.flowtable.worker.WorkerCounters;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of offloaded flows and the workers that forward their packets.
 *
 * <p><em>Use:</em> add the ports, make a {@link Worker} per thread and memory pool, run bursts;
 * hand what comes back with {@code SLOW_PATH} to your own forwarding, and {@link #offer} its flows.
 *
 * <p><em>Threading:</em> control calls are synchronized. In this version they must not overlap with
 * {@link Worker#process} of this table's workers: call them between bursts, or pause the workers.
 *
 * <p><em>Staleness:</em> after {@link #policyChanged} or an {@code invalidate} call every flow that
 * is concerned goes to the slow path, which may offer it again.
 */
public final class FlowTable {
  /** How long a stale flow without idle timeout may wait to be offered again. */
  private static final long STALE_GRACE_MS = 30_000;

  /** Flows that a dump looks at under one lock. */
  private static final int DUMP_SLICE = 256;

  private final FlowTableConfig config;
  private final TableDevices devices;
  private final PacketState state = new PacketState();
  private final FlowMemory memory;
  private final Slots slots;
  private final Offers offers;
  private final Sequences sequences = new Sequences();
  private final Map<FlowId, FlowRecord> flows = new LinkedHashMap<>();
  private final OfferGate gate = new OfferGate();
  private final DeviceLedger ledger = new DeviceLedger();
  private final Set<Integer> blownSeen = new HashSet<>();
  private final List<WorkerCounters> workers = new CopyOnWriteArrayList<>();
  private FlowListener listener = FlowListener.NONE;
  private volatile Worker.Parts parts;
  private long firstTickNs;
  private boolean ticked;
  private long nowMs;
  private long nextSweepMs = Long.MAX_VALUE;
  private long staleSinceMs = Long.MAX_VALUE;

  private record FlowId(FlowTuple tuple, int ingress) {
    static FlowId of(Flow flow) {
      return new FlowId(flow.tuple(), flow.ingress());
    }
  }

  /**
   * An empty table without ports.
   *
   * @param config fixed properties; its memory is allocated now
   * @param registry providers
   * @param network what the control plane knows
   */
  public FlowTable(FlowTableConfig config, EncapRegistry registry, Network network) {
    this.config = config;
    memory = new FlowMemory(config, state);
    slots = new Slots(state, registry);
    devices = new TableDevices(registry, network, state, slots);
    offers = new Offers(registry, network, state, slots, sequences);
    parts = newParts();
    state.publish();
  }

  private Worker.Parts newParts() {
    return new Worker.Parts(
        memory.store(IpFamily.V4),
        memory.store(IpFamily.V6),
        memory.templates(),
        sequences.store(),
        memory.hashing(),
        config.match().bits(),
        slots.encaps(),
        state);
  }

  /**
   * The sequence numbers of a tunnel device, for the slow path to share; none if all {@value
   * io.culvert.flowtable.table.SequenceStore#MOST} are taken. A device keeps its numbers for good.
   */
  public synchronized Option<TunnelSequences> sequences(int ifindex) {
    int number = sequences.number(ifindex);
    return Option.when(number >= 0, () -> new TunnelSequences(sequences.store().memory(), number));
  }

  /** The match mode. */
  public MatchMode match() {
    return config.match();
  }

  /** Replaces the listener. */
  public synchronized void listener(FlowListener newListener) {
    listener = newListener;
  }

  /** Makes a port of the network a port of the table, or picks up its new address. */
  public synchronized Either<PathError, Device.Port> addPort(int ifindex) {
    return devices.addPort(ifindex);
  }

  /** Takes a port away; its flows are invalidated. */
  public synchronized void removePort(int ifindex) {
    devices.removePort(ifindex);
    invalidate(ifindex);
  }

  /**
   * Makes a tunnel device of the network known, so that its packets are looked into before a flow
   * uses it: without this call only flows that were offered from the other side reveal a tunnel's
   * own end. After a change of its settings, call {@link #removeTunnel} and this again; likewise if
   * it leaves its own end to the route to the other one, and that route has changed.
   */
  public synchronized Either<PathError, Device.Virtual> addTunnel(int ifindex) {
    return devices.addTunnel(ifindex).peek(_ -> refreshParts());
  }

  /** Takes a tunnel device away; its flows are invalidated. */
  public synchronized void removeTunnel(int ifindex) {
    if (devices.removeTunnel(ifindex)) {
      invalidate(ifindex);
    }
  }

  /** Workers compile anew when a provider comes into use that they do not know. */
  private void refreshParts() {
    if (slots.encaps().size() != parts.encaps().size()) {
      parts = newParts();
    }
  }

  /** A worker for one thread and one pool of frames. */
  public Worker newWorker(MemorySegment pool) {
    Worker worker = new Worker(pool, () -> parts);
    workers.add(worker.counters());
    return worker;
  }

  /**
   * Offloads a flow, both directions at once, or confirms one that is there.
   *
   * @return the flow as it is now in the table, or why it stays on the slow path
   */
  public synchronized Either<OffloadError, Flow> offer(FlowOffer offer) {
    return offer(offer, gate).peekLeft(gate::count);
  }

  private Either<OffloadError, Flow> offer(FlowOffer offer, OfferGate asked) {
    if (offer.perPacketPolicy().isDefined()) {
      return Either.left(new OffloadError.PerPacketPolicy(offer.perPacketPolicy().get()));
    }
    boolean isAsked = asked.asks() && !isKnown(offer);
    Option<OffloadError> refusal = isAsked ? asked.refusal(offer, nowMs) : Option.none();
    if (refusal.isDefined()) {
      return Either.left(refusal.get());
    }
    return offers
        .prepare(offer)
        .flatMap(prepared -> {
          Option<OffloadError> late = isAsked ? asked.refusal(prepared.flow()) : Option.none();
          if (late.isDefined()) {
            return Either.left(late.get());
          }
          refreshParts();
          return insert(prepared);
        });
  }

  /** True if this flow is in the table, valid or not, from either side. */
  private boolean isKnown(FlowOffer offer) {
    return flows.containsKey(new FlowId(offer.tuple(), offer.ingress()))
        || offers
            .egress(offer)
            .exists(egress -> flows.containsKey(new FlowId(offer.replyTuple(), egress)));
  }

  /**
   * Replaces the admission: who is asked about new flows. {@link Admission#ALL} until then.
   *
   * @param admission of this table alone; told now of the flows that are there
   */
  public synchronized void admission(Admission admission) {
    gate.admission(admission);
    flows.values().forEach(flow -> gate.added(flow.flow()));
  }

  /** Offers refused so far, by {@link OffloadError#label}; labels without any are missing. */
  public synchronized io.vavr.collection.Map<String, Long> refusals() {
    return gate.refusals();
  }

  @SuppressWarnings("ReferenceEquality") // One record is one flow.
  private Either<OffloadError, Flow> insert(Prepared offered) {
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
    Stream.of(atOriginal, atReply, flows.get(FlowId.of(offered.flow())))
        .filter(Objects::nonNull)
        .distinct()
        .forEach(other -> drop(other, Cause.INVALIDATED));
    return add(offered, Past.none(nowMs))
        .peek(flow -> listener.added(flow.flow()))
        .map(FlowRecord::flow);
  }

  /** Replaces a flow by the same one with newly found ways; its counters go on. */
  private Either<OffloadError, Flow> refresh(FlowRecord old, Prepared offered) {
    boolean turned = !old.flow().tuple().equals(offered.flow().tuple());
    FlowCounters counters = old.counters();
    forget(old);
    return add(offered, new Past(turned ? counters.reversed() : counters, old.bornMs(), 0))
        .peek(flow -> listener.refreshed(flow.flow()))
        .peekLeft(_ -> {
          ledger.retire(old.flow(), counters);
          listener.removed(old.flow(), Cause.INVALIDATED, counters);
        })
        .map(FlowRecord::flow);
  }

  private Either<OffloadError, FlowRecord> add(Prepared offered, Past past) {
    if (offered.isSelfConnected()) {
      return Either.left(new OffloadError.SelfConnected());
    }
    return memory
        .store(offered, past)
        .peek(flow -> {
          slots.use(flow.flow().original().layers());
          slots.use(flow.flow().reply().layers());
          flows.put(FlowId.of(flow.flow()), flow);
          gate.added(flow.flow());
          nextSweepMs = Math.min(nextSweepMs, deadline(flow));
          state.publish();
        });
  }

  private void forget(FlowRecord flow) {
    memory.erase(flow);
    slots.release(flow.flow().original().layers());
    slots.release(flow.flow().reply().layers());
    flows.remove(FlowId.of(flow.flow()));
    gate.removed(flow.flow());
    state.publish();
  }

  private void drop(FlowRecord flow, Cause cause) {
    FlowCounters counters = flow.counters();
    forget(flow);
    ledger.retire(flow.flow(), counters);
    listener.removed(flow.flow(), cause, counters);
  }

  private boolean isValid(FlowRecord flow) {
    return flow.generation() == state.generation();
  }

  /** Removes a flow, both directions; false if there is none. */
  public synchronized boolean remove(FlowTuple tuple, int ingress) {
    FlowRecord flow = flows.get(new FlowId(tuple, ingress));
    if (flow != null) {
      drop(flow, Cause.REMOVED);
    }
    return flow != null;
  }

  /** The flow as it is now. */
  public synchronized Option<Flow> flow(FlowTuple tuple, int ingress) {
    return Option.of(flows.get(new FlowId(tuple, ingress))).map(FlowRecord::flow);
  }

  /** All flows, oldest offer first. */
  public synchronized Seq<Flow> flows() {
    return Vector.ofAll(flows.values()).map(FlowRecord::flow);
  }

  /**
   * What is known of each flow, oldest offer first: for {@link
   * io.culvert.flowtable.status.FlowText} or {@link io.culvert.flowtable.status.FlowJson}.
   *
   * <p>The stream is lazy and may be read at leisure, by one thread, while the table is in use. The
   * table's lock is held for a copy of the flows' names at this call, eight bytes a flow, and then
   * for {@value #DUMP_SLICE} flows at a time as the stream goes on. So each flow is shown as it was
   * at one moment, different flows at different ones; a flow that left in between is missing, one
   * that came in between is not there, and one that was offered again is shown as it is then.
   */
  public Stream<FlowStatus> dump() {
    FlowId[] ids = ids();
    return IntStream.iterate(0, from -> from < ids.length, from -> from + DUMP_SLICE)
        .boxed()
        .flatMap(from -> statuses(ids, from).stream());
  }

  private synchronized FlowId[] ids() {
    return flows.keySet().toArray(FlowId[]::new);
  }

  private synchronized List<FlowStatus> statuses(FlowId[] ids, int from) {
    return Arrays.stream(ids, from, Math.min(from + DUMP_SLICE, ids.length))
        .map(flows::get)
        .filter(Objects::nonNull)
        .map(this::status)
        .toList();
  }

  private FlowStatus status(FlowRecord flow) {
    return new FlowStatus(
        flow.flow(),
        flow.counters(),
        isValid(flow),
        flow.generation(),
        nowMs - flow.bornMs(),
        flow.idleMs(state.clockMs()),
        Option.none());
  }

  /** Number of flows. */
  public synchronized int size() {
    return flows.size();
  }

  /** What the fast path forwarded for a flow; zero if it is not in the table. */
  public synchronized FlowCounters counters(Flow flow) {
    FlowRecord found = flows.get(FlowId.of(flow));
    return found == null ? FlowCounters.ZERO : found.counters();
  }

  /**
   * Frames by reason, summed over all workers that this table ever had, also those that are no
   * longer used. May be called at any time by any thread.
   */
  public ReasonCounters counters() {
    return new ReasonCounters(workers);
  }

  /** What the fast path carried over a device: a tunnel or a port. Walks over all flows. */
  public synchronized DeviceCounters deviceCounters(int ifindex) {
    return ledger.sum(ifindex, flows.values());
  }

  /** The firewall's rules changed: every flow goes to the slow path until it is offered again. */
  public synchronized void policyChanged() {
    state.nextGeneration();
    stale();
  }

  /**
   * A device, its address, its MTU or its tunnel settings changed, or a route or neighbour by way
   * of it: flows that come or leave through it go to the slow path until they are offered again.
   *
   * @return the number of flows concerned
   */
  public synchronized int invalidate(int ifindex) {
    int count = 0;
    for (FlowRecord flow : flows.values()) {
      if (flow.flow().passes(ifindex)) {
        flow.invalidate();
        count++;
      }
    }
    stale();
    return count;
  }

  /**
   * A device is gone for good, or a session over it: its flows are taken out at once, in both
   * directions. For a session whose end the slow path has seen (a PADT, RFC 2516 §5.5) this is the
   * call.
   *
   * @return the number of flows taken out
   */
  public synchronized int teardown(int ifindex) {
    List<FlowRecord> concerned =
        flows.values().stream().filter(flow -> flow.flow().passes(ifindex)).toList();
    concerned.forEach(flow -> drop(flow, Cause.REMOVED));
    return concerned.size();
  }

  private void stale() {
    staleSinceMs = nowMs;
    nextSweepMs = Math.min(nextSweepMs, nowMs + STALE_GRACE_MS);
    state.publish();
  }

  /**
   * Moves the clock on and removes what has expired.
   *
   * @param nowNanos monotonic time, as of {@link System#nanoTime}; going back does nothing
   * @return flows removed
   */
  public synchronized int tick(long nowNanos) {
    if (!ticked) {
      ticked = true;
      firstTickNs = nowNanos;
    }
    long elapsedMs = (nowNanos - firstTickNs) / 1_000_000;
    if (elapsedMs > nowMs) {
      nowMs = elapsedMs;
      state.clockMs((int) nowMs);
      state.publish();
    }
    int removed = removeBlown();
    return nowMs < nextSweepMs ? removed : removed + sweep();
  }

  private int sweep() {
    int removed = 0;
    boolean graceIsOver = nowMs - STALE_GRACE_MS >= staleSinceMs;
    boolean graceRuns = !graceIsOver && staleSinceMs != Long.MAX_VALUE;
    nextSweepMs = graceRuns ? staleSinceMs + STALE_GRACE_MS : Long.MAX_VALUE;
    for (FlowRecord flow : List.copyOf(flows.values())) {
      boolean expired = deadline(flow) <= nowMs;
      if (expired || (graceIsOver && !isValid(flow))) {
        drop(flow, expired ? Cause.EXPIRED : Cause.INVALIDATED);
        removed++;
      } else {
        nextSweepMs = Math.min(nextSweepMs, deadline(flow));
      }
    }
    if (graceIsOver) {
      staleSinceMs = Long.MAX_VALUE;
    }
    return removed;
  }

  /** When a flow expires if it sees no packet until then. */
  private long deadline(FlowRecord flow) {
    long timeoutMs = flow.flow().idleTimeout().toMillis();
    return timeoutMs == 0 ? Long.MAX_VALUE : nowMs - flow.idleMs(state.clockMs()) + timeoutMs;
  }

  /** Tears down the flows of providers that threw in the packet path. */
  private int removeBlown() {
    int removed = 0;
    for (int slot : state.blown().keySet()) {
      if (blownSeen.add(slot)) {
        String owner = slots.owner(slot);
        for (FlowRecord flow : List.copyOf(flows.values())) {
          if (flow.flow().uses(owner)) {
            drop(flow, Cause.PROVIDER_FAULT);
            removed++;
          }
        }
      }
    }
    return removed;
  }

  /**
   * Says what the fast path would do with a frame now, and why: header by header what was parsed,
   * the tuple looked up, the flow, and the first check that refuses. Changes nothing. Control path:
   * it allocates, and a miss looks at all flows for those that come close.
   *
   * @param frame any memory; all of it is the frame, from its destination MAC address on
   * @param port the port that it comes in by
   * @param headroom bytes of its slot in front of it, 0 or more
   */
  public synchronized Explanation explain(MemorySegment frame, int port, int headroom) {
    if (headroom < 0) {
      throw new IllegalArgumentException("explain: headroom=" + headroom);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy =
          arena.allocate(Math.max(1, frame.byteSize())).asSlice(0, frame.byteSize());
      MemorySegment.copy(frame, 0, copy, 0, frame.byteSize());
      return new Explainer(parts, slots, memory, sequences, flows.values())
          .explain(copy, port, headroom);
    }
  }

  /** Providers that threw in the packet path and lost their slot, with what they threw. */
  public Seq<String> blownFuses() {
    return Vector.ofAll(state.blown().entrySet())
        .map(entry -> slots.owner(entry.getKey()) + ": " + entry.getValue());
  }

  /** Bytes of native memory in all, and the number of different tunnel stacks interned. */
  public synchronized MemoryUse memoryUse() {
    return new MemoryUse(memory.bytes(), memory.stacksInUse(), memory.templates().size());
  }
}
