package io.culvert.bench.golden;

import io.culvert.testkit.golden.GoldenConformance.Result;
import io.culvert.testkit.golden.GoldenConformance.Verdict;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** What the page on conformance shows of a run. */
final class ConformancePage {
  private static final String PREFIX = "not-modelled:";

  private static final Seq<Column> COLUMNS =
      List.of(
          new Column("steps", row -> Integer.toString(row.results().size())),
          new Column("identical", row -> Integer.toString(row.count(Verdict.IDENTICAL))),
          new Column("differs by rule", row -> row.reasons(Verdict.FAST_PATH_RULE)),
          new Column("not modelled", row -> row.reasons(Verdict.NOT_MODELLED)),
          new Column("fast, of offered flows", row -> row.first().shown()),
          new Column("… after replies", row -> row.reply().shown()));

  private ConformancePage() {}

  /**
   * One scenario.
   *
   * @param name its name
   * @param scenario the router
   * @param results one for each step
   * @param first the same with a flow table, flows offered with their first packet
   * @param reply the same, offered after both directions were seen
   */
  record Row(
      String name, Scenario scenario, Seq<Result> results, Offloaded first, Offloaded reply) {
    int count(Verdict verdict) {
      return results.count(r -> r.verdict() == verdict);
    }

    /** How many steps, and how often for which reason. */
    private String reasons(Verdict verdict) {
      Seq<Result> steps = results.filter(r -> r.verdict() == verdict);
      String why =
          steps
              .flatMap(Result::reasons)
              .groupBy(reason -> reason.replace(PREFIX, ""))
              .toList()
              .sortBy(entry -> entry._1)
              .map(entry -> entry._1 + " " + entry._2.size())
              .mkString(", ");
      return steps.isEmpty() ? "" : steps.size() + ": " + why;
    }

    /** Why a device is out of scope; empty if all are in scope. */
    String outOfScope() {
      return scenario
          .devices()
          .filter(d -> d.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE || d.master().isDefined())
          .map(d -> "`" + d.name() + "`: " + why(d))
          .mkString("<br>");
    }

    private static String why(ScenarioDevice device) {
      return device.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE
          ? device.why()
          : "belongs to " + device.master().get();
    }
  }

  /**
   * The router with a flow table in front of it.
   *
   * @param results one for each step
   * @param fast frames that the fast path sent
   * @param offloadable frames of flows offered before, that pass the static checks
   */
  record Offloaded(Seq<Result> results, int fast, int offloadable) {
    private String shown() {
      return fast + " of " + offloadable;
    }
  }

  /** A column of the table. */
  private record Column(String title, java.util.function.Function<Row, String> cell) {}

  /** The scenarios whose devices are all modelled. */
  static String inScope(Seq<Row> rows) {
    StringBuilder text = new StringBuilder("| scenario |");
    COLUMNS.forEach(column -> text.append(' ').append(column.title()).append(" |"));
    text.append("\n| --- |").append(" --- |".repeat(COLUMNS.size())).append('\n');
    for (Row row : rows.filter(r -> r.outOfScope().isEmpty())) {
      text.append("| ").append(row.name()).append(" |");
      COLUMNS.forEach(column -> text.append(' ').append(column.cell().apply(row)).append(" |"));
      text.append('\n');
    }
    return text.toString();
  }

  /** The scenarios in which a device is out of scope, and why. */
  static String outOfScope(Seq<Row> rows) {
    StringBuilder text = new StringBuilder("| scenario | steps | why |\n| --- | --- | --- |\n");
    for (Row row : rows.filter(r -> !r.outOfScope().isEmpty())) {
      text.append("| ").append(row.name()).append(" | ").append(row.results().size());
      text.append(" | ").append(row.outOfScope()).append(" |\n");
    }
    return text.toString();
  }
}
