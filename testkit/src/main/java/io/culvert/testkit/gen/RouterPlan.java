package io.culvert.testkit.gen;

import io.culvert.testkit.law.ScenarioText;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * A generated router, and where packets come from.
 *
 * @param kind how its tunnels lie
 * @param scenario the router
 * @param places where hosts are
 * @param passing tunnels of others whose packets may pass through as flows of their own
 */
public record RouterPlan(Kind kind, Scenario scenario, Seq<Place> places, Seq<Passing> passing) {

  /** How the tunnels of a router lie. */
  public enum Kind {
    /** No tunnel. */
    PLAIN,
    /** One tunnel. */
    TUNNEL,
    /** Several tunnels over ports. */
    SIDE_BY_SIDE,
    /** Several tunnels to one peer, from different addresses of ours. */
    SAME_REMOTE,
    /** Two tunnels with the same ends, each bound to its own port. */
    SAME_ENDS,
    /** Two or three tunnels over each other. */
    NESTED,
    /** Four to eight tunnels over each other; sometimes nine, which is too many. */
    DEEP
  }

  /** The names of all kinds. */
  public static Seq<String> kinds() {
    return List.of(Kind.values()).map(Kind::name);
  }

  @Override
  public String toString() {
    return kind + " router\n" + ScenarioText.of(scenario);
  }
}
