package io.culvert.testkit.gen;

import io.culvert.flowtable.FlowOffer;
import io.culvert.testkit.law.TableAction;
import io.culvert.testkit.nft.NftReader;
import io.culvert.testkit.nft.Ruleset;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * A generated router with all that happens to it.
 *
 * @param router the router
 * @param ruleset rules that translate addresses, as {@code nft -f} reads them; none without
 * @param flows the flows that most frames belong to
 * @param offload when its slow path offers flows
 * @param idleTimeout of those flows; zero for never
 * @param actions what happens
 */
public record TableCase(
    RouterPlan router,
    Option<String> ruleset,
    Seq<FlowPlan> flows,
    Offload offload,
    Duration idleTimeout,
    Seq<TableAction> actions) {

  /** The rules, read; none without. */
  public Option<Ruleset> rules() {
    return ruleset.map(text -> NftReader.read("generated", text).get());
  }

  /** Offers of all its flows, without translation. */
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
        + ruleset.getOrElse("")
        + "offload "
        + offload
        + ", idle timeout "
        + idleTimeout
        + "\n"
        + actions.mkString("\n");
  }
}
