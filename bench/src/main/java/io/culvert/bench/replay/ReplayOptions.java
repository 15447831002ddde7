package io.culvert.bench.replay;

import io.culvert.flowtable.MatchMode;
import io.culvert.testkit.nft.Ruleset;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.vavr.control.Option;
import java.time.Duration;

/**
 * How a replay forwards.
 *
 * @param match the flow table's match mode; none for the router alone
 * @param offload when the router offers a flow
 * @param idleTimeout when a flow expires; zero for never
 * @param ruleset what is forwarded and offered; none for everything
 * @param explain true to write why each frame was not fast
 */
public record ReplayOptions(
    Option<MatchMode> match,
    Offload offload,
    Duration idleTimeout,
    Option<Ruleset> ruleset,
    boolean explain) {
  /** Without a ruleset. */
  public ReplayOptions(Option<MatchMode> match, Offload offload, Duration idleTimeout) {
    this(match, offload, idleTimeout, Option.none(), false);
  }
}
