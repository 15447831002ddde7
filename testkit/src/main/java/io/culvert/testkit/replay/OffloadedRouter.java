package io.culvert.testkit.replay;

import io.culvert.flowtable.Explanation;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.TunnelSequences;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.FramePool;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Verdict;
import io.culvert.flowtable.worker.Worker;
import io.culvert.testkit.codec.PlainSequences;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference router as the slow path of a flow table: each frame goes to the table first, and
 * what comes back goes through the router, which offers its flows. Not for several threads.
 */
public final class OffloadedRouter {
  private static final int SLOTS = 4;
  private static final int HEADROOM = 640;
  private static final int LONGEST_FRAME = 0xffff + 64;

  /** When the router offers a flow. */
  public enum Offload {
    /** Never. */
    NONE,
    /** With the first clean packet: one that passes all static checks. */
    FIRST,
    /** With a clean packet after both directions were seen. */
    REPLY
  }

  /**
   * A frame that was sent.
   *
   * @param port index of the port
   * @param frame the frame without FCS
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  public record Sent(int port, byte[] frame) {}

  /**
   * What became of a frame.
   *
   * @param kind who decided
   * @param reason why it was not fast; null exactly for a fast frame
   * @param out frames sent
   * @param offloadable true if it belongs to a flow offered before it, and passes the static checks
   */
  public record Step(Kind kind, @Nullable String reason, Seq<Sent> out, boolean offloadable) {
    /** Who decided. */
    public enum Kind {
      /** The flow table forwarded it. */
      FAST,
      /** The router forwarded it, or does not model what Linux would do. */
      SLOW,
      /** The router discarded it. */
      DROP
    }
  }

  /** Learns what the table says of a frame, and what its worker did with it then. */
  @FunctionalInterface
  public interface ExplanationListener {
    /** One frame: the table's explanation, and the reason that its worker gave. */
    void explained(Explanation explanation, Reason reason);
  }

  /** A tunnel's numbers in the flow table, as a codec takes them. */
  private record Shared(TunnelSequences numbers) implements PlainSequences {
    @Override
    public int next() {
      return numbers.next();
    }

    @Override
    public boolean accept(int number) {
      return numbers.accept(number);
    }
  }

  private record Passed(FlowTuple tuple, int ingress, int egress) {}

  private record Offered(FlowTuple tuple, int ingress) {}

  private final ReferenceRouter router;
  private final @Nullable FlowTable table;
  private final Offload mode;
  private final Duration idleTimeout;
  private final FramePool pool = new FramePool(SLOTS, HEADROOM + LONGEST_FRAME, HEADROOM);
  private final FrameBurst burst = new FrameBurst(pool.memory(), 1);
  private final @Nullable Worker worker;
  private final Set<Passed> seen = new HashSet<>();
  private final Set<Offered> offered = new HashSet<>();
  private Map<String, Long> refusals = TreeMap.empty();
  private long flowsOffered;
  private int routerState;
  private Reason lastReason = Reason.NONE;

  private final Option<ForwardRules> rules;

  private @Nullable ExplanationListener explanations;

  /** True if flows without ports are offered too. */
  private boolean offersTransit;

  /**
   * A router with a table whose ports are all real devices of the scenario.
   *
   * @param router the slow path
   * @param table the fast path, without ports yet; none for the router alone
   * @param mode when flows are offered
   * @param idleTimeout of the flows; zero for never
   */
  public OffloadedRouter(
      ReferenceRouter router, Option<FlowTable> table, Offload mode, Duration idleTimeout) {
    this(router, table, mode, idleTimeout, Option.none());
  }

  /**
   * A router with a ruleset. Its flowtable says which real devices are ports of the table, its
   * chains judge what the router forwards, say which flows are offered, and translate addresses.
   * Without a flowtable in it all real devices are ports, and all flows are offered.
   *
   * @param router the slow path
   * @param table the fast path, without ports yet; none for the router alone
   * @param mode when flows are offered that the ruleset offers
   * @param idleTimeout of the flows; zero for never
   * @param rules the ruleset; none to forward everything and offer every flow
   */
  public OffloadedRouter(
      ReferenceRouter router,
      Option<FlowTable> table,
      Offload mode,
      Duration idleTimeout,
      Option<ForwardRules> rules) {
    this.router = router;
    this.rules = rules;
    offersTransit = rules.isDefined();
    rules.forEach(router::hooks);
    this.table = table.getOrNull();
    this.mode = mode;
    this.idleTimeout = idleTimeout;
    worker = table.map(t -> t.newWorker(pool.memory())).getOrNull();
    table.forEach(t -> {
      router.share(ifindex -> t.sequences(ifindex).map(Shared::new));
      rules
          .flatMap(ForwardRules::ports)
          .getOrElse(() -> router.scenario().ports().map(ScenarioDevice::ifindex))
          .forEach(t::addPort);
      router
          .scenario()
          .devices()
          .filter(device -> device.kind() == ScenarioDevice.Kind.VIRTUAL)
          .map(ScenarioDevice::ifindex)
          .forEach(t::addTunnel);
    });
  }

  /** Asks the table to explain each frame before it is processed; slower. */
  public void explainTo(ExplanationListener listener) {
    explanations = listener;
  }

  /** Wants the table's explanation of each frame to agree with what its worker does. */
  public OffloadedRouter checkingExplanations() {
    explainTo((explanation, reason) -> {
      if (explanation.reason() != reason) {
        throw new IllegalStateException(
            "the worker's reason is " + reason.label() + ", the explanation is\n" + explanation);
      }
    });
    return this;
  }

  /**
   * From now on flows of protocols that only pass through ({@link io.culvert.spi.Transit}) are
   * offered as well as those of TCP and UDP. With a ruleset they are from the start, as in Linux:
   * its rules say whose flows are added.
   */
  public void offerTransit() {
    offersTransit = true;
  }

  /**
   * Runs one frame through.
   *
   * @param port index of the port that it comes in by
   * @param frame the frame without FCS
   * @param timeNs the time, monotonic
   */
  public Step process(int port, byte[] frame, long timeNs) {
    if (table == null || worker == null) {
      return slow(router.process(port, frame), "no-flowtable", false);
    }
    table.tick(timeNs);
    if (frame.length > LONGEST_FRAME) {
      return slow(router.process(port, frame), Reason.SUPER_FRAME.label(), false);
    }
    burst.clear();
    pool.add(burst, frame, port, 0);
    Explanation explanation =
        explanations == null ? null : table.explain(MemorySegment.ofArray(frame), port, HEADROOM);
    worker.process(burst);
    if (explanations != null && explanation != null) {
      explanations.explained(explanation, burst.reason(0));
    }
    if (burst.verdict(0) == Verdict.FORWARD) {
      return new Step(
          Step.Kind.FAST, null, List.of(new Sent(burst.port(0), pool.copyOut(burst, 0))), true);
    }
    if (!Arrays.equals(frame, pool.copyOut(burst, 0))) {
      throw new IllegalStateException("the fast path changed a frame that it gave back");
    }
    Reason reason = burst.reason(0);
    lastReason = reason;
    RouterOutcome outcome = router.process(port, frame);
    boolean wasOffered = isClean(reason) && wasOffered(outcome);
    if (outcome instanceof RouterOutcome.Forwarded forwarded) {
      if (reason == Reason.TCP_STATE) {
        forgetOffer(forwarded.forwarding());
      }
      boolean isOffered = rules.forAll(ForwardRules::isOffered);
      consider(forwarded.forwarding(), isClean(reason) && isOffered, table);
    }
    if (router.stateChanges() != routerState) {
      // What the router was told (a path MTU) may concern any flow.
      routerState = router.stateChanges();
      table.policyChanged();
    }
    return slow(outcome, reason.label(), wasOffered);
  }

  private static Step slow(RouterOutcome outcome, String fastReason, boolean offloadable) {
    return switch (outcome) {
      case RouterOutcome.Forwarded(Seq<SentFrame> frames, Forwarding _) ->
          new Step(
              Step.Kind.SLOW,
              fastReason,
              frames.map(f -> new Sent(f.ifindex(), f.bytes())),
              offloadable);
      case RouterOutcome.Dropped _ ->
          new Step(Step.Kind.DROP, outcome.word(), List.empty(), offloadable);
      case RouterOutcome.NotModelled _ ->
          new Step(Step.Kind.SLOW, outcome.word(), List.empty(), offloadable);
    };
  }

  /** A closing flow may leave soon, and a SYN begins another one that nobody has offered yet. */
  private void forgetOffer(Forwarding f) {
    offered.remove(new Offered(f.tuple(), f.ingressDevice()));
    offered.remove(new Offered(f.replyTuple(), f.egressDevice()));
  }

  /** True if nothing but a missing or old entry kept the frame from the fast path. */
  private static boolean isClean(Reason reason) {
    return reason == Reason.MISS || reason == Reason.STALE;
  }

  private boolean wasOffered(RouterOutcome outcome) {
    return outcome instanceof RouterOutcome.Forwarded(Seq<SentFrame> _, Forwarding f)
        && hasFlow(f)
        && offered.contains(new Offered(f.tuple(), f.ingressDevice()));
  }

  /** Of a protocol without ports the table's parser has said so: it called the packet clean. */
  private boolean hasFlow(Forwarding f) {
    return f.hasPorts() || (offersTransit && !f.isOfPorts());
  }

  private void consider(Forwarding f, boolean mayOffer, FlowTable target) {
    if (mode == Offload.NONE || !hasFlow(f)) {
      return;
    }
    FlowTuple tuple = f.tuple();
    Passed reply = new Passed(f.replyTuple(), f.egressDevice(), f.ingressDevice());
    boolean ready = mode == Offload.FIRST || seen.contains(reply);
    if (mode == Offload.REPLY) {
      seen.add(new Passed(tuple, f.ingressDevice(), f.egressDevice()));
    }
    if (mayOffer && ready) {
      target
          .offer(
              new FlowOffer(tuple, f.replyTuple(), f.ingressDevice(), idleTimeout)
                  .withSeen(
                      seen.contains(reply) ? FlowOffer.Seen.BOTH_WAYS : FlowOffer.Seen.ONE_WAY))
          .peek(_ -> {
            flowsOffered++;
            offered.add(new Offered(tuple, f.ingressDevice()));
            offered.add(new Offered(f.replyTuple(), f.egressDevice()));
          })
          .peekLeft(error -> refusals = refusals.put(error.message(), 1L, Long::sum));
    }
  }

  /** Why the fast path gave back the last frame that it did; NONE if there was none. */
  public Reason lastReason() {
    return lastReason;
  }

  /** Offers that the table took, confirmations included. */
  public long flowsOffered() {
    return flowsOffered;
  }

  /** Offers that the table refused. */
  public long offersRefused() {
    return refusals.values().sum().longValue();
  }

  /** Why, and how often. */
  public Map<String, Long> refusals() {
    return refusals;
  }
}
