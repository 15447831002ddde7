package io.culvert.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.bench.CliException;
import io.culvert.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Figures of two files, row by row: of {@code bench/compare} the ratios, since nanoseconds of two
 * runs say as much about the machine's other users as about us; of JMH the nanoseconds, since it
 * has nothing else. A verdict only where the middle halves do not overlap. Less is faster.
 */
public final class OldAgainstNew {
  private static final int MOST_VALUES = 100_000;

  private final Map<String, Quartiles> before;

  /**
   * The old figures.
   *
   * @throws CliException if the file cannot be read or is none of the two kinds
   */
  public OldAgainstNew(Path oldFile) {
    before = read(oldFile);
  }

  /**
   * A table as text.
   *
   * @throws CliException if the file cannot be read or is none of the two kinds
   */
  public String report(Path newFile) {
    Map<String, Quartiles> after = read(newFile);
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    Stream.concat(before.keySet().stream(), after.keySet().stream())
        .distinct()
        .forEach(name -> lines.add(line(name, before.get(name), after.get(name))));
    return lines.toString();
  }

  private static String line(String name, @Nullable Quartiles before, @Nullable Quartiles after) {
    if (before == null || after == null) {
      return name + ": only in the " + (before == null ? "new" : "old") + " file";
    }
    return String.format(
        Locale.ROOT,
        "%s: old %s, new %s, new/old %.2f: %s",
        name,
        before,
        after,
        after.median() / before.median(),
        verdict(before, after));
  }

  private static String verdict(Quartiles before, Quartiles after) {
    if (before.overlaps(after)) {
      return "no verdict, the spreads overlap";
    }
    return after.median() < before.median() ? "faster" : "slower";
  }

  private static Map<String, Quartiles> read(Path file) {
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      if (root.path("format").asText().equals(Results.FORMAT)) {
        return ratios(root.path("ratios"));
      }
      if (root.isArray() && root.path(0).has("primaryMetric")) {
        return scores(root);
      }
    } catch (IOException failure) {
      throw CliException.failed("--compare " + file + ": " + failure.getMessage());
    }
    throw CliException.failed(
        "--compare " + file + ": neither results of bench/compare nor of JMH");
  }

  private static Map<String, Quartiles> ratios(JsonNode rows) {
    Map<String, Quartiles> found = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      String name =
          String.format(
              Locale.ROOT,
              "%,d flows, %s, %s/%s",
              row.path("flows").asInt(),
              row.path("way").asText(),
              row.path("subject").asText(),
              row.path("to").asText());
      JsonNode times = row.path("times");
      found.put(
          name,
          new Quartiles(
              times.path("q1").asDouble(),
              times.path("median").asDouble(),
              times.path("q3").asDouble()));
    }
    return found;
  }

  private static Map<String, Quartiles> scores(JsonNode benchmarks) {
    Map<String, Quartiles> found = new LinkedHashMap<>();
    for (JsonNode benchmark : benchmarks) {
      StringJoiner parameters = new StringJoiner(", ", " ", "").setEmptyValue("");
      benchmark
          .path("params")
          .properties()
          .forEach(entry -> parameters.add(entry.getKey() + "=" + entry.getValue().asText()));
      JsonNode metric = benchmark.path("primaryMetric");
      Samples values = new Samples(MOST_VALUES);
      metric.path("rawData").forEach(fork -> fork.forEach(value -> values.add(value.asDouble())));
      String[] words = benchmark.path("benchmark").asText().split("\\.", -1);
      String method = words[Math.max(0, words.length - 2)] + "." + words[words.length - 1];
      found.put(
          method + parameters + ", " + metric.path("scoreUnit").asText(), Quartiles.of(values));
    }
    return found;
  }
}
