package io.culvert.flowtable;

import io.culvert.flowtable.FlowListener.Cause;
import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.path.PathDiscovery;
import io.culvert.flowtable.path.PathMtus;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.snapshot.RestoreReport;
import io.culvert.flowtable.snapshot.Snapshot;
import io.culvert.flowtable.snapshot.SnapshotFlow;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.flowtable.table.Bursts;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.TcpState;
import io.culvert.flowtable.worker.Worker;
import io.culvert.flowtable.worker.WorkerCounters;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
 * <p><em>Threading:</em> control calls go one after the other and may be made by any thread while
 * workers run bursts, also by a worker's thread between its own; not from within a burst, which is
 * to say from a provider's code or a {@link FlowListener}. A call after which something must not be
 * forwarded any more ({@link #policyChanged}, {@link #invalidate}, {@link #remove}, {@link
 * #teardown}, {@link #removePort}, {@link #removeTunnel}) waits until the bursts that were running
 * are over, some microseconds: no verdict given after it returns is of the time before. A worker
 * that runs no burst delays nobody. Frames that got their verdict earlier and are yet to be sent
 * are the caller's, unless their worker is online: for such a worker a call waits until it is
 * {@link Worker#quiescent} or offline, so that none of these frames is sent after the call has
 * returned. That takes as long as the worker lets it: {@link #waitingFor} tells for whom a call
 * waits. Other control calls that give room back may wait too, once in a while: {@link #offer},
 * {@link #tick}, {@link #memoryUse}. Between calls that wait and online workers' threads that make
 * calls themselves there is no deadlock, as such a thread is taken for quiescent; locks of your
 * own, held during a control call, are another matter.
 *
 * <p><em>Staleness:</em> after {@link #policyChanged} or an {@code invalidate} call every flow that
 * is concerned goes to the slow path, which may offer it again.
 */
public final class FlowTable {
  /** Flows that a dump looks at under one lock. */
  private static final int DUMP_SLICE = 256;

  private final ControlLock lock = new ControlLock();
  private final FlowTableConfig config;
  private final TableDevices devices;
  private final PacketState state = new PacketState();
  private final Bursts bursts;
  private final FlowMemory memory;
  private final Slots slots;
  private final Sequences sequences = new Sequences();
  private final OfferGate gate = new OfferGate();
  private final Flows flows;
  private final Ageing ageing;
  private final OfferDesk desk;
  private final Invalidations invalidations = new Invalidations();
  private final PathMtus pathMtus = new PathMtus();
  private final Set<Integer> blownSeen = new HashSet<>();
  private final List<WorkerCounters> workers = new CopyOnWriteArrayList<>();
  private volatile Worker.Parts parts;

  /**
   * An empty table without ports.
   *
   * @param config fixed properties; its memory is allocated now
   * @param registry providers
   * @param network what the control plane knows
   */
  public FlowTable(FlowTableConfig config, EncapRegistry registry, Network network) {
    this.config = config;
    bursts = new Bursts(config.workers(), lock::isAwaitedBy);
    slots = new Slots(state, registry);
    memory = new FlowMemory(config, state, bursts, slots);
    devices = new TableDevices(registry, network, state, slots);
    Offers offers =
        new Offers(
            this,
            registry,
            network,
            state,
            slots,
            sequences,
            memory.ways(),
            invalidations,
            pathMtus,
            config.timeouts());
    flows = new Flows(memory, state, gate, config.whenFull());
    ageing = new Ageing(flows, memory, state, config.timeouts());
    desk = new OfferDesk(offers, flows, ageing, gate, invalidations, state, this::refreshParts);
    parts = newParts();
    state.publish();
  }

  private Worker.Parts newParts() {
    return new Worker.Parts(
        memory.rows(IpFamily.V4).store(),
        memory.rows(IpFamily.V6).store(),
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
  public Option<TunnelSequences> sequences(int ifindex) {
    try (var _ = lock.hold()) {
      int number = sequences.number(ifindex);
      return Option.when(
          number >= 0, () -> new TunnelSequences(sequences.store().memory(), number));
    }
  }

  /** The match mode. */
  public MatchMode match() {
    return config.match();
  }

  /** Replaces the listener. */
  public void listener(FlowListener newListener) {
    try (var _ = lock.hold()) {
      flows.listener(newListener);
    }
  }

  /** Makes a port of the network a port of the table, or picks up its new address. */
  public Either<PathError, Device.Port> addPort(int ifindex) {
    try (var _ = lock.hold()) {
      return devices.addPort(ifindex);
    }
  }

  /** Takes a port away; its flows are invalidated, and no worker takes its frames any more. */
  public void removePort(int ifindex) {
    try (var _ = lock.hold()) {
      devices.removePort(ifindex);
      invalidate(ifindex);
    }
  }

  /**
   * Makes a tunnel device of the network known, so that its packets are looked into before a flow
   * uses it: without this call only flows that were offered from the other side reveal a tunnel's
   * own end. After a change of its settings, call {@link #removeTunnel} and this again; likewise if
   * it leaves its own end to the route to the other one, and that route has changed.
   */
  public Either<PathError, Device.Virtual> addTunnel(int ifindex) {
    try (var _ = lock.hold()) {
      return devices.addTunnel(ifindex).peek(_ -> refreshParts());
    }
  }

  /** Takes a tunnel device away; its flows are invalidated. */
  public void removeTunnel(int ifindex) {
    try (var _ = lock.hold()) {
      if (devices.removeTunnel(ifindex)) {
        invalidate(ifindex);
      }
    }
  }

  /** Workers compile anew when a provider comes into use that they do not know. */
  private void refreshParts() {
    if (slots.encaps().size() != parts.encaps().size()) {
      parts = newParts();
    }
  }

  /**
   * A worker for one thread and one pool of frames; a worker may pass to another thread between
   * bursts. {@link Worker#close} makes room for another one.
   *
   * @throws IllegalStateException if there are as many as {@link FlowTableConfig#workers} says
   */
  public Worker newWorker(MemorySegment pool) {
    Worker worker = new Worker(pool, () -> parts, bursts);
    workers.add(worker.counters());
    return worker;
  }

  /**
   * The worker for which a control call waits at this moment; none if no call waits, or none for
   * longer than a few microseconds. May be called by any thread and never waits: for a watchdog, if
   * a worker stays online without being quiescent.
   */
  public Option<WorkerWait> waitingFor() {
    return Option.of(bursts.waiting()).map(WorkerWait::of);
  }

  /**
   * Offloads a flow, both directions at once, or confirms one that is there. Workers may forward by
   * it before the call returns.
   *
   * @return the flow as it is now in the table, or why it stays on the slow path
   */
  public Either<OffloadError, Flow> offer(FlowOffer offer) {
    try (var _ = lock.hold()) {
      return desk.offer(offer).map(FlowRecord::flow);
    }
  }

  /**
   * Offloads a flow by ways that are known: all that {@link #offer(FlowOffer)} does, but for
   * looking for its ways.
   *
   * @return the flow as it is now in the table, or why it stays on the slow path; {@link
   *     OffloadError.StaleWay} if a way is to be found again
   * @throws IllegalArgumentException if its ways are another table's
   */
  public Either<OffloadError, Flow> offer(RoutedOffer offer) {
    try (var _ = lock.hold()) {
      return desk.offer(offer).map(FlowRecord::flow);
    }
  }

  /**
   * Offloads many flows by ways that are known, in their order, each as {@link #offer(RoutedOffer)}
   * does. The table's lock is held for all of them: some thousands are a good number.
   *
   * @return how many are in the table now, and why the others are not
   * @throws IllegalArgumentException if ways are another table's; then nothing is done
   */
  public OfferReport offerAll(List<RoutedOffer> offers) {
    try (var _ = lock.hold()) {
      return desk.offerAll(offers);
    }
  }

  /**
   * Finds the way by which packets leave, for the flows that take the same: those that the network
   * sends by the same route to the same next hop. Their answers come in by it.
   *
   * @param from where the packets come from, as a route may depend on it
   * @param to where they go in the end, behind a translation
   */
  public Either<OffloadError, Way> way(IpAddress from, IpAddress to) {
    try (var _ = lock.hold()) {
      return desk.way(from, to);
    }
  }

  /**
   * Replaces the admission: who is asked about new flows. {@link Admission#ALL} until then.
   *
   * @param admission of this table alone; told now of the flows that are there
   */
  public void admission(Admission admission) {
    try (var _ = lock.hold()) {
      gate.admission(admission);
      flows.all().forEach(flow -> gate.added(flow.flow()));
    }
  }

  /** Offers refused so far, by {@link OffloadError#label}; labels without any are missing. */
  public io.vavr.collection.Map<String, Long> refusals() {
    try (var _ = lock.hold()) {
      return gate.refusals();
    }
  }

  /**
   * Offers the flows of a snapshot, each with its counters, its age and its idle time. Their ways
   * are found anew in the present network, so that nothing old comes back with them.
   *
   * <p>The table's lock is taken flow by flow. A flow that is in the table, from either side, stays
   * as it is.
   *
   * @param admission asked about each flow in place of the table's own: say here what your policy
   *     of today says, since packets of the flows that it lets pass are not filtered. A flow of
   *     which both directions were forwarded counts as seen both ways
   */
  public RestoreReport restore(Snapshot snapshot, Admission admission) {
    OfferGate asked = new OfferGate();
    asked.admission(admission);
    Restore restore = new Restore();
    snapshot.flows().forEach(flow -> restore.count(flow, restore(flow, asked)));
    return restore.report();
  }

  private Either<OffloadError, Restore.Outcome> restore(SnapshotFlow saved, OfferGate asked) {
    try (var _ = lock.hold()) {
      return desk.restore(saved, asked);
    }
  }

  /** Removes a flow, both directions; false if there is none. */
  public boolean remove(FlowTuple tuple, int ingress) {
    try (var _ = lock.hold()) {
      FlowRecord flow = flows.find(tuple, ingress);
      return flow != null && flows.drop(List.of(flow), Cause.REMOVED) == 1;
    }
  }

  /** The flow as it is now. */
  public Option<Flow> flow(FlowTuple tuple, int ingress) {
    try (var _ = lock.hold()) {
      return Option.of(flows.find(tuple, ingress)).map(FlowRecord::flow);
    }
  }

  /** All flows, IPv4 before IPv6, in no order that means anything. */
  public Seq<Flow> flows() {
    try (var _ = lock.hold()) {
      return Vector.ofAll(flows.all().map(FlowRecord::flow));
    }
  }

  /**
   * What is known of each flow, in the order of {@link #flows}: for {@link
   * io.culvert.flowtable.status.FlowText} or {@link io.culvert.flowtable.status.FlowJson}.
   *
   * <p>The stream is lazy and may be read at leisure, by one thread, while the table is in use. The
   * table's lock is held at this call to note what flows there are, eight bytes a flow, and then
   * for {@value #DUMP_SLICE} flows at a time as the stream goes on. So each flow is shown as it was
   * at one moment, different flows at different ones; a flow that left in between is missing, one
   * that came in between is not there, and one that was offered again is shown as it is then.
   */
  public Stream<FlowStatus> dump() {
    FlowNames names = names();
    return IntStream.iterate(0, from -> from < names.size(), from -> from + DUMP_SLICE)
        .boxed()
        .flatMap(from -> statuses(names, from).stream());
  }

  private FlowNames names() {
    try (var _ = lock.hold()) {
      return new FlowNames(memory);
    }
  }

  private List<FlowStatus> statuses(FlowNames names, int from) {
    try (var _ = lock.hold()) {
      return IntStream.range(from, Math.min(from + DUMP_SLICE, names.size()))
          .mapToObj(names::find)
          .flatMap(Optional::stream)
          .map(this::status)
          .toList();
    }
  }

  private FlowStatus status(FlowRecord flow) {
    return new FlowStatus(
        flow.flow(),
        flow.counters(),
        flows.isValid(flow),
        flow.tcpState() != TcpState.OPEN,
        ageing.limitMs(flow.rows(), flow.pair()),
        flow.generation(),
        ageing.nowMs() - flow.bornMs(),
        flow.idleMs(state.clockMs()),
        flow.lastWorker());
  }

  /** Number of flows. */
  public int size() {
    try (var _ = lock.hold()) {
      return flows.size();
    }
  }

  /** How many flows have left so far, by cause; causes without any are missing. */
  public io.vavr.collection.Map<Cause, Long> removals() {
    try (var _ = lock.hold()) {
      return flows.removals();
    }
  }

  /** What the fast path forwarded for a flow; zero if it is not in the table. */
  public FlowCounters counters(Flow flow) {
    try (var _ = lock.hold()) {
      FlowRecord found = flows.find(flow.tuple(), flow.ingress());
      return found == null ? FlowCounters.ZERO : found.counters();
    }
  }

  /**
   * Frames by reason, summed over all workers that this table ever had, also those that are no
   * longer used. May be called at any time by any thread.
   */
  public ReasonCounters counters() {
    return new ReasonCounters(workers);
  }

  /** What the fast path carried over a device: a tunnel or a port. Walks over all flows. */
  public DeviceCounters deviceCounters(int ifindex) {
    try (var _ = lock.hold()) {
      return flows.deviceCounters(ifindex);
    }
  }

  /** The firewall's rules changed: every flow goes to the slow path until it is offered again. */
  public void policyChanged() {
    try (var _ = lock.hold()) {
      state.nextGeneration();
      ageing.stale();
      memory.settle();
    }
  }

  /**
   * A device, its address, its MTU or its tunnel settings changed, or a route or neighbour by way
   * of it: {@link #invalidate(FlowScope)} of the device.
   */
  public int invalidate(int ifindex) {
    try (var _ = lock.hold()) {
      return invalidate(new FlowScope.Device(ifindex));
    }
  }

  /**
   * Something changed that these flows depend on: they go to the slow path until they are offered
   * again. Walks over all flows.
   *
   * @return the number of flows concerned
   */
  public int invalidate(FlowScope scope) {
    try (var _ = lock.hold()) {
      invalidations.add(scope);
      List<FlowRecord> concerned = flows.in(scope);
      concerned.forEach(FlowRecord::invalidate);
      if (!concerned.isEmpty()) {
        ageing.stale();
      }
      memory.settle(); // also where no flow is concerned: a port may be gone
      return concerned.size();
    }
  }

  /** A device is gone for good: {@link #teardown(FlowScope)} of the device. */
  public int teardown(int ifindex) {
    try (var _ = lock.hold()) {
      return teardown(new FlowScope.Device(ifindex));
    }
  }

  /**
   * Something is gone for good: its flows are taken out at once, in both directions. For a session
   * whose end the slow path has seen (a PADT, RFC 2516 §5.5) this is the call. Walks over all
   * flows.
   *
   * @return the number of flows taken out
   */
  public int teardown(FlowScope scope) {
    try (var _ = lock.hold()) {
      invalidations.add(scope);
      return flows.drop(flows.in(scope), Cause.REMOVED);
    }
  }

  /**
   * A path MTU was learned of an underlay: an ICMP "fragmentation needed" (RFC 1191) or "packet too
   * big" (RFC 8201) came back to a tunnel's own end. Your slow path has checked that it quotes a
   * packet that the tunnel sent (RFC 5927), for whoever forges one slows the tunnel down.
   *
   * <p>Flows by tunnels to that address, in whatever layer, go to the slow path until they are
   * offered again; then packets that would be too long, all headers counted, go there with {@link
   * io.culvert.flowtable.worker.Reason#MTU}, and it is the slow path that tells their sender or
   * fragments. It holds for {@value PathMtus#LIFETIME_MS} ms of the table's clock, when {@link
   * #tick} invalidates the flows again, one destination a call; it never raises a device's or
   * route's own MTU, nor one learned before. Flows that are not in a tunnel do not regard it, as a
   * router forwards by its links' MTUs.
   *
   * @param destination the tunnel's other end
   * @param mtu longest outer IP packet in bytes
   * @return the number of flows concerned, or why it was not taken
   */
  public Either<PathMtuRefusal, Integer> pathMtu(IpAddress destination, int mtu) {
    try (var _ = lock.hold()) {
      int least = PathDiscovery.leastMtu(destination.family());
      if (mtu < least) {
        return Either.left(new PathMtuRefusal.TooSmall(destination, mtu, least));
      }
      if (!pathMtus.hasRoomFor(destination)) {
        return Either.left(new PathMtuRefusal.TooMany(destination, PathMtus.MOST));
      }
      boolean isLess = pathMtus.learn(destination, mtu, ageing.nowMs());
      return Either.right(isLess ? invalidate(new FlowScope.FarEnd(destination)) : 0);
    }
  }

  /**
   * A learned path MTU does not hold any more: the route is another one, say.
   *
   * @return the number of flows concerned
   */
  public int forgetPathMtu(IpAddress destination) {
    try (var _ = lock.hold()) {
      return pathMtus.forget(destination) ? invalidate(new FlowScope.FarEnd(destination)) : 0;
    }
  }

  /**
   * Moves the clock on and removes what has expired, in bounded time: a flow expires no earlier
   * than its timeout says, and at most a second and the time between two ticks later.
   *
   * <p>That holds as long as ticks come often enough for the flows that there are: a tick looks at
   * {@value Ageing#MOST_WORK} flows at most, and removes an eighth as many; so with a million flows
   * there are to be sixteen ticks a second. A table in which there were never more than {@value
   * Ageing#WHOLE} flows at a time is looked at whole in every tick: what has expired is removed at
   * once.
   *
   * @param nowNanos monotonic time, as of {@link System#nanoTime}; going back does nothing
   * @return flows removed
   */
  public int tick(long nowNanos) {
    try (var _ = lock.hold()) {
      ageing.clock(nowNanos);
      pathMtus.takeExpired(ageing.nowMs()).forEach(end -> invalidate(new FlowScope.FarEnd(end)));
      return removeBlown() + ageing.sweep();
    }
  }

  /** Tears down the flows of providers that threw in the packet path. */
  private int removeBlown() {
    int removed = 0;
    for (int slot : state.blown().keySet()) {
      if (blownSeen.add(slot)) {
        String owner = slots.owner(slot);
        removed += flows.drop(flows.using(owner), Cause.PROVIDER_FAULT);
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
  public Explanation explain(MemorySegment frame, int port, int headroom) {
    try (var _ = lock.hold()) {
      if (headroom < 0) {
        throw new IllegalArgumentException("explain: headroom=" + headroom);
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment copy =
            arena.allocate(Math.max(1, frame.byteSize())).asSlice(0, frame.byteSize());
        MemorySegment.copy(frame, 0, copy, 0, frame.byteSize());
        return new Explainer(parts, slots, memory, sequences, flows).explain(copy, port, headroom);
      }
    }
  }

  /** Providers that threw in the packet path and lost their slot, with what they threw. */
  public Seq<String> blownFuses() {
    try (var _ = lock.hold()) {
      return Vector.ofAll(state.blown().entrySet())
          .map(entry -> slots.owner(entry.getKey()) + ": " + entry.getValue());
    }
  }

  /**
   * Bytes of native memory in all, and the number of different tunnel stacks interned. Waits until
   * what flows have left behind is given back.
   */
  public MemoryUse memoryUse() {
    try (var _ = lock.hold()) {
      memory.settle();
      return new MemoryUse(memory.bytes(), memory.stacksInUse(), memory.templates().size());
    }
  }
}
