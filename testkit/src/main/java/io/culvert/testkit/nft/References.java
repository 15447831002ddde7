package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Flowtable;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.nft.Ruleset.NamedCounter;
import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Ruleset.Table;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.function.Consumer;

/** What the kernel refuses when a ruleset is loaded: names that are not there, wrong chains. */
final class References {
  private References() {}

  static void check(Table table, Consumer<NftMistake> report) {
    for (Chain chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        rule.statements().flatMap(s -> check(s, rule.at(), chain, table)).forEach(report);
      }
    }
  }

  private static Option<NftMistake> check(Statement statement, Place at, Chain chain, Table table) {
    return switch (statement) {
      case Statement.Count(Option<String> name, long _, long _, Place _)
          when name.isDefined() && !table.counters().exists(c -> c.name().equals(name.get())) ->
          mistake(
              at,
              "table " + table.title() + " has no counter " + name.get(),
              List.ofAll(table.counters()).map(NamedCounter::name));
      case Statement.FlowAdd(String name) when table.flowtable(name).isEmpty() ->
          mistake(
              at,
              "table " + table.title() + " has no flowtable " + name,
              List.ofAll(table.flowtables()).map(Flowtable::name));
      case Statement.FlowAdd _
          when chain.type() != Ruleset.Type.FILTER || chain.hook() != Hook.FORWARD ->
          mistake(at, "flow add in chain " + chain.name(), List.of("a filter chain at forward"));
      case Statement.Nat nat when !fits(nat, chain) ->
          mistake(
              nat.at(),
              nat.kind().word() + " in chain " + chain.name(),
              List.of(
                  "a nat chain at " + (nat.kind().isOfSource() ? "postrouting" : "prerouting")));
      default -> Option.none();
    };
  }

  private static boolean fits(Statement.Nat nat, Chain chain) {
    boolean isEarly = chain.hook() == Hook.PREROUTING || chain.hook() == Hook.OUTPUT;
    boolean isLate = chain.hook() == Hook.POSTROUTING || chain.hook() == Hook.INPUT;
    return chain.type() == Ruleset.Type.NAT && (nat.kind().isOfSource() ? isLate : isEarly);
  }

  private static Option<NftMistake> mistake(Place at, String found, List<String> expected) {
    return Option.some(new NftMistake(at, found, expected));
  }
}
