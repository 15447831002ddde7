package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Ruleset.Table;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;

/**
 * A chain in its table, run on one packet after the other.
 *
 * @param table its table
 * @param chain the chain
 * @param counters the counters of the ruleset
 */
record ChainRun(Table table, Chain chain, RuleCounters counters) {

  /**
   * What a chain says of a packet.
   *
   * @param isAccepted false if it is dropped
   * @param isOffered true if its flow goes to the flowtable
   * @param translation the translation that ended the chain
   */
  record Result(boolean isAccepted, boolean isOffered, Option<Statement.Nat> translation) {}

  boolean covers(IpFamily family) {
    return table.family().covers(family);
  }

  Result on(Conditions conditions) {
    boolean isOffered = false;
    for (Rule rule : chain.rules()) {
      for (Statement statement : rule.statements()) {
        if (statement instanceof Statement.Match match && !conditions.hold(match)) {
          break;
        }
        if (statement instanceof Statement.Verdict(boolean accepts)) {
          return new Result(accepts, isOffered, Option.none());
        }
        if (statement instanceof Statement.Count count) {
          counters.count(table, count, conditions.packet().length());
        }
        if (statement instanceof Statement.Nat nat) {
          if (!nat.isFor(conditions.packet().family())) {
            break;
          }
          return new Result(true, isOffered, Option.some(nat));
        }
        isOffered |= statement instanceof Statement.FlowAdd;
      }
    }
    return new Result(chain.accepts(), isOffered, Option.none());
  }
}
