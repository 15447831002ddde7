package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowOffer;
import io.culvert.testkit.law.TableAction;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * A generated router with all that happens to it.
 *
 * @param router the router
 * @param flows the flows that most frames belong to
 * @param offload when its slow path offers flows
 * @param idleTimeout of those flows; zero for never
 * @param actions what happens
 */
public record TableCase(
    RouterPlan router,
    Seq<FlowPlan> flows,
    Offload offload,
    Duration idleTimeout,
    Seq<TableAction> actions) {

  /** Offers of all its flows. */
  public Seq<FlowOffer> offers() {
    return flows.map(f -> new FlowOffer(f.tuple(), f.from().device(), idleTimeout));
  }

  /** Its frames alone. */
  public Seq<TableAction.Arrive> frames() {
    return actions.flatMap(
        action -> action instanceof TableAction.Arrive frame ? Option.some(frame) : Option.none());
  }

  @Override
  public String toString() {
    return router
        + "offload "
        + offload
        + ", idle timeout "
        + idleTimeout
        + "\n"
        + actions.mkString("\n");
  }
}
