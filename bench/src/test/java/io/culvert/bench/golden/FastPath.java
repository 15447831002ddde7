package io.culvert.bench.golden;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.GoldenConformance.Subject;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.SplittableRandom;

/** A router with a flow table in front of it, compared with the kernel as the router alone is. */
final class FastPath implements Subject {
  private final OffloadedRouter router;
  private final FlowTable table;

  /** Says where in a frame the router had a choice. */
  private final ReferenceRouter oracle;

  private int fast;
  private int offloadable;

  FastPath(GoldenScenario golden, Scenario scenario, EncapRegistry registry, Offload offload) {
    ReferenceRouter slow =
        new ReferenceRouter(scenario, PlainCodecs.installed(), golden.tracksConnections());
    oracle = new ReferenceRouter(scenario, PlainCodecs.installed(), golden.tracksConnections());
    golden.rules(scenario).forEach(oracle::hooks);
    FlowTableConfig config =
        FlowTableConfig.defaults().withFlows(256, 256).withRandom(new SplittableRandom(1));
    table = new FlowTable(config, registry, slow.network());
    router =
        new OffloadedRouter(
                slow, Option.some(table), offload, Duration.ZERO, golden.rules(scenario))
            .checkingExplanations();
  }

  /** Offers a flow that the router does not offer by itself; it must be taken. */
  void offer(FlowTuple tuple, int ingress) {
    table
        .offer(new FlowOffer(tuple, ingress, Duration.ZERO))
        .getOrElseThrow(error -> new AssertionError(error.message()));
  }

  @Override
  public RouterOutcome process(int ifindex, byte[] frame) {
    RouterOutcome expected = oracle.process(ifindex, frame);
    Step step = router.process(ifindex, frame, 0);
    fast += step.kind() == Step.Kind.FAST ? 1 : 0;
    offloadable += step.offloadable() ? 1 : 0;
    if (step.out().isEmpty()) {
      return expected instanceof Forwarded ? new Dropped(DropReason.NO_ROUTE) : expected;
    }
    Seq<SentFrame> routed =
        expected instanceof Forwarded(Seq<SentFrame> frames, var _) ? frames : List.empty();
    Seq<SentFrame> sent =
        step.out().zipWithIndex((out, i) -> new SentFrame(out.port(), out.frame(), own(routed, i)));
    // What the router would not have sent has no headers to mask, and differs from any capture.
    return new Forwarded(
        sent,
        expected instanceof Forwarded(var _, var forwarding)
            ? forwarding
            : new Forwarding(ifindex, ifindex, sent.head().ifindex(), frame));
  }

  private static Seq<OwnHeader> own(Seq<SentFrame> routed, int i) {
    return i < routed.size() ? routed.get(i).own() : List.empty();
  }

  /** Frames that the fast path sent. */
  int fast() {
    return fast;
  }

  /** Frames of flows that had been offered before, and that pass the static checks. */
  int offloadable() {
    return offloadable;
  }
}
