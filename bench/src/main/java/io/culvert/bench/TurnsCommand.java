package io.culvert.bench;

import io.culvert.bench.compare.OldAgainstNew;
import io.culvert.bench.compare.Results;
import io.culvert.bench.compare.Turns;
import io.culvert.bench.demo.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code culvert turns}: what {@code bench/compare} runs when it has built the sides. */
@Command(name = "turns", hidden = true, description = "Measures sides in turns.")
final class TurnsCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(names = "--side", description = "NAME=COMMAND for bash, with {flows} and {way}")
  private Map<String, String> sides = new LinkedHashMap<>();

  @Option(names = "--skipped", description = "NAME=REASON: a side that cannot be measured")
  private Map<String, String> skipped = new LinkedHashMap<>();

  @Option(names = "--about", description = "NAME=TEXT: kept with the results")
  private Map<String, String> about = new LinkedHashMap<>();

  @Option(names = "--flows", split = ",", description = "numbers of flows")
  private List<Integer> flows = List.of(1000);

  @Option(names = "--ways", split = ",", description = "into, out, single, bulk")
  private List<String> ways = List.of("into", "out");

  @Option(names = "--rounds", description = "slices of each side")
  private int rounds = 15;

  @Option(names = "--different", description = "the sides do not send the same")
  private boolean isDifferent;

  @Option(names = "--json", description = "writes the results there")
  private @Nullable Path json;

  @Option(names = "--compare", description = "holds the new ratios against those of a file")
  private @Nullable Path old;

  TurnsCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    // Read first: it may be the file that is written, and a wrong one should not cost a run.
    OldAgainstNew before = old == null ? null : new OldAgainstNew(old);
    about.put("machine", Machine.describe());
    about.forEach((name, text) -> out.println(name + ": " + text));
    skipped.forEach((name, reason) -> out.println("skipped: " + name + ": " + reason));
    out.flush();
    Turns turns = new Turns(sides, rounds, !isDifferent, out);
    for (int count : flows) {
      for (String way : ways) {
        turns.measure(count, way);
      }
    }
    skipped.putAll(turns.skipped());
    report(
        new Results(
            Results.FORMAT,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            about,
            rounds,
            skipped,
            turns.rows(),
            turns.ratios()),
        before,
        out);
    return 0;
  }

  private void report(Results results, @Nullable OldAgainstNew before, PrintWriter out)
      throws IOException {
    Path file = json;
    if (file == null) {
      file = Files.createTempFile("culvert", ".json");
      file.toFile().deleteOnExit();
    }
    results.write(file);
    if (before != null) {
      out.println(before.report(file));
    }
    out.flush();
  }
}
