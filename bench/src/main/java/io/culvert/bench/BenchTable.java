package io.culvert.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** JMH's results as a table: time and allocation per frame, and the work alone. */
final class BenchTable {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private BenchTable() {}

  static String of(List<RunResult> results) {
    TextTable table = new TextTable("llrrrr");
    table.row("BENCHMARK", "PARAMETERS", "NS/FRAME", "+-", "WORK", "B/FRAME");
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      table.row(
          name(result),
          parameters(result.getParams()),
          number(time.getScore()),
          number(time.getScoreError()),
          work(result, results),
          allocated(result));
    }
    return table
        + "WORK: less the writing of the frames. +-: 99.9 % confidence, all forks and iterations."
        + System.lineSeparator();
  }

  private static String name(RunResult result) {
    String[] words = result.getParams().getBenchmark().split("\\.", -1);
    return words[words.length - 2].replace("Benchmark", "") + "." + words[words.length - 1];
  }

  private static String parameters(BenchmarkParams params) {
    return params.getParamsKeys().stream()
        .map(key -> key + "=" + params.getParam(key))
        .collect(Collectors.joining(" "));
  }

  /** The score less that of the same class's benchmark that only writes frames. */
  private static String work(RunResult result, List<RunResult> results) {
    if (!name(result).endsWith(".forward")) {
      return "";
    }
    Optional<RunResult> fill =
        results.stream()
            .filter(other -> name(other).endsWith(".materialise"))
            .filter(other -> same(result, other, "way"))
            .findFirst();
    return fill.map(
            f -> number(result.getPrimaryResult().getScore() - f.getPrimaryResult().getScore()))
        .orElse("");
  }

  private static boolean same(RunResult one, RunResult other, String key) {
    return String.valueOf(one.getParams().getParam(key))
        .equals(String.valueOf(other.getParams().getParam(key)));
  }

  @SuppressWarnings("rawtypes") // JMH hands them out so.
  private static String allocated(RunResult result) {
    return result.getSecondaryResults().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(ALLOCATED))
        .map(entry -> String.format(Locale.ROOT, "%.4f", entry.getValue().getScore()))
        .findFirst()
        .orElse("");
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.1f", value);
  }
}
