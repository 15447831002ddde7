package io.culvert.testkit.law;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;

/** One router of a {@link TunnelStack} with a flow table that knows the flow of the hosts. */
final class StackRouter {
  private final OffloadedRouter router;

  private StackRouter(OffloadedRouter router) {
    this.router = router;
  }

  /** A router that has not seen a packet yet. */
  static StackRouter cold(
      TunnelStack stack, TunnelStack.Side side, EncapRegistry registry, FlowTableConfig config) {
    Scenario scenario = stack.scenario(side);
    ReferenceRouter slow = ReferenceRouter.of(scenario, registry);
    FlowTable table = new FlowTable(config, registry, slow.network());
    return new StackRouter(
        new OffloadedRouter(slow, Option.some(table), Offload.FIRST, Duration.ZERO)
            .checkingExplanations());
  }

  /** A router whose own host has spoken: its packet is what the flow is offered by. */
  static StackRouter warm(
      TunnelStack stack, TunnelStack.Side side, EncapRegistry registry, FlowTableConfig config) {
    StackRouter warm = cold(stack, side, registry, config);
    for (boolean isV6 : new boolean[] {false, true}) {
      HostPacket first = new HostPacket(PlainFrames.Ip.ttl(64), 1, 0, isV6);
      warm.any(TunnelStack.CLIENT_PORT, stack.fromHost(side, first));
    }
    return warm;
  }

  /** Runs a frame through, by whatever path. */
  Step any(int port, byte[] frame) {
    return router.process(port, frame, 0);
  }

  /** The frame that the fast path sends; or what became of the frame instead. */
  Either<String, byte[]> fast(int port, byte[] frame) {
    Step step = any(port, frame);
    if (step.kind() != Step.Kind.FAST) {
      return Either.left(
          "not fast: " + step.reason() + router.refusals().keySet().mkString("; ", "; ", ""));
    }
    int wanted =
        port == TunnelStack.CLIENT_PORT ? TunnelStack.TUNNEL_PORT : TunnelStack.CLIENT_PORT;
    int sentTo = step.out().head().port();
    return sentTo == wanted
        ? Either.right(step.out().head().frame())
        : Either.left("sent to port " + sentTo + " in place of " + wanted);
  }
}
