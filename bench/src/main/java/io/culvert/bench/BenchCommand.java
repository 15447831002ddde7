package io.culvert.bench;

import io.culvert.bench.compare.OldAgainstNew;
import io.culvert.bench.demo.Machine;
import io.culvert.bench.jmh.ShortSet;
import io.culvert.bench.measure.AgeingCost;
import io.culvert.bench.measure.CollectorCost;
import io.culvert.bench.measure.ControlCost;
import io.culvert.bench.measure.FalseMatches;
import io.culvert.bench.measure.FloodCost;
import io.culvert.bench.measure.GrowthCost;
import io.culvert.bench.measure.MemoryPerFlow;
import io.culvert.bench.measure.ModuleCost;
import io.culvert.bench.measure.ModuleCostJvms;
import io.culvert.bench.measure.PacketBudget;
import io.culvert.bench.measure.WorkerScaling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert bench}. */
@Command(
    name = "bench",
    description = {
      "Measures the parts and the whole of the packet path with JMH, in forked JVMs, with the bytes"
          + " allocated per frame. Without options: a short set, about three minutes."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class BenchCommand implements Callable<Integer> {
  /** JMH 1.37 measures the layout of its own objects by a method that the JDK warns of. */
  private static final String QUIET = "--sun-misc-unsafe-memory-access=allow";

  private static final int MOST_ROUNDS = 10_000;
  private static final int MOST_JVMS = 100;
  private static final int FEW_FLOWS = 1000;
  private static final int MANY_FLOWS = 1_000_000;
  private static final int COLLECTOR_JVMS = 5;
  private static final int COLLECTOR_BATCHES = 4000;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(names = "--full", description = "all parameters, two forks, long iterations: hours")
  private boolean full;

  @Option(names = "--filter", paramLabel = "REGEX", description = "only benchmarks that match")
  private String filter = "";

  @Option(names = "--forks", paramLabel = "N", description = "JVMs one after the other")
  private int forks;

  @Option(names = "--json", paramLabel = "FILE", description = "writes JMH's results there")
  private @org.jspecify.annotations.Nullable Path json;

  @Option(names = "--list", description = "lists the benchmarks and ends")
  private boolean list;

  @Option(names = "--memory", description = "bytes per flow and per tunnel, by match mode")
  private boolean memory;

  @Option(
      names = "--false-match",
      description = "false matches of the hash modes, as computed and seen")
  private boolean falseMatch;

  @Option(
      names = "--modules-cost",
      description = "the cost of each kind of tunnel, with its own module and with all loaded")
  private boolean modulesCost;

  @Option(
      names = "--control",
      description = "offers a second, ticks and evictions of a table with a million flows")
  private boolean control;

  @Option(names = "--ageing", description = "the packet path with ticks and without, in turns")
  private boolean ageing;

  @Option(names = "--workers", description = "two workers on two threads against one, in turns")
  private boolean workers;

  @Option(names = "--flood", description = "established flows while spoofed ones are offered")
  private boolean flood;

  @Option(names = "--collectors", description = "the packet path under each garbage collector")
  private boolean collectors;

  @Option(
      names = "--growth",
      description = "the times of bursts while a table grows, beside one with room for all")
  private boolean growth;

  @Option(names = "--budget", description = "where a packet's time goes, stage by stage")
  private boolean budget;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "turns of each side of what is measured in turns; default ${DEFAULT-VALUE}")
  private int rounds = 15;

  @Option(
      names = "--jvms",
      paramLabel = "N",
      description =
          "runs --modules-cost in N fresh JVMs, one after the other; without: in this one")
  private @org.jspecify.annotations.Nullable Integer jvms;

  @Option(
      names = "--compare",
      paramLabel = "OLD.json",
      description =
          "holds the figures against those of a file of --json, or of bench/compare with --with")
  private @org.jspecify.annotations.Nullable Path old;

  @Option(
      names = "--with",
      paramLabel = "NEW.json",
      description = "the new figures of --compare; without: the benchmarks are run")
  private @org.jspecify.annotations.Nullable Path fresh;

  BenchCommand() {}

  @Override
  public Integer call() throws Exception {
    check();
    PrintWriter out = spec.commandLine().getOut();
    if (old != null && fresh != null) {
      out.println(new OldAgainstNew(old).report(fresh));
    } else if (list) {
      BenchmarkList.defaultList().getAll(null, List.of()).stream()
          .map(benchmark -> benchmark.getUsername())
          .sorted()
          .forEach(out::println);
    } else if (isParts() || isFigures()) {
      out.println(Machine.describe());
      out.flush();
      parts(out);
      figures(out);
    } else {
      run(out);
    }
    out.flush();
    return 0;
  }

  private boolean isParts() {
    return memory || falseMatch || modulesCost || control || budget;
  }

  private boolean isFigures() {
    return ageing || workers || flood || collectors || growth;
  }

  private void parts(PrintWriter out) {
    if (memory) {
      out.println(MemoryPerFlow.report());
    }
    if (falseMatch) {
      out.println(FalseMatches.report());
    }
    if (modulesCost) {
      PrintWriter err = spec.commandLine().getErr();
      out.println(
          jvms == null ? ModuleCost.report(rounds) : ModuleCostJvms.report(jvms, rounds, err));
    }
    if (control) {
      out.println(ControlCost.report(MANY_FLOWS));
    }
    if (budget) {
      out.println(PacketBudget.report(rounds, FEW_FLOWS, MANY_FLOWS));
    }
  }

  /** What a table is asked for under traffic. */
  private void figures(PrintWriter out) {
    if (ageing) {
      out.println(AgeingCost.report(MANY_FLOWS, rounds));
    }
    if (workers) {
      out.println(WorkerScaling.report(MANY_FLOWS, rounds));
    }
    if (flood) {
      out.println(FloodCost.report(rounds));
    }
    if (collectors) {
      PrintWriter err = spec.commandLine().getErr();
      out.println(CollectorCost.report(COLLECTOR_JVMS, rounds, COLLECTOR_BATCHES, err));
    }
    if (growth) {
      out.println(GrowthCost.report(rounds));
    }
  }

  private void check() {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw CliException.usage("--rounds " + rounds + "; expected 1.." + MOST_ROUNDS);
    }
    if (jvms != null && (jvms < 1 || jvms > MOST_JVMS)) {
      throw CliException.usage("--jvms " + jvms + "; expected 1.." + MOST_JVMS);
    }
    if (jvms != null && !modulesCost) {
      throw CliException.usage("--jvms " + jvms + " counts for --modules-cost alone");
    }
    if (fresh != null && old == null) {
      throw CliException.usage("--with " + fresh + " needs --compare");
    }
  }

  private void run(PrintWriter out) throws RunnerException, IOException {
    Pattern wanted = pattern();
    OldAgainstNew before = old == null ? null : new OldAgainstNew(old);
    List<ChainedOptionsBuilder> runs = full ? List.of(all()) : shortSet(wanted);
    if (runs.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--filter " + filter + ": no benchmark matches; see --list");
    }
    out.println(Machine.describe());
    out.flush();
    List<RunResult> results = new ArrayList<>();
    PrintWriter err = spec.commandLine().getErr();
    for (ChainedOptionsBuilder options : runs) {
      err.printf("part %d of %d ...%n", runs.indexOf(options) + 1, runs.size());
      err.flush();
      Collection<RunResult> found =
          new Runner(
                  options
                      .addProfiler(GCProfiler.class)
                      .verbosity(VerboseMode.SILENT)
                      .jvmArgsAppend(QUIET)
                      .build())
              .run();
      results.addAll(found);
    }
    out.print(BenchTable.of(results));
    if (json != null) {
      write(json, results);
    }
    if (before != null) {
      Path file = Files.createTempFile("culvert", ".json");
      file.toFile().deleteOnExit();
      write(file, results);
      out.println(before.report(file));
    }
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(filter);
    } catch (PatternSyntaxException mistake) {
      throw new ParameterException(
          spec.commandLine(),
          "--filter: " + mistake.getDescription() + " in '" + filter + "'",
          mistake);
    }
  }

  private ChainedOptionsBuilder all() {
    ChainedOptionsBuilder options = new OptionsBuilder().include(filter.isEmpty() ? ".*" : filter);
    return forks > 0 ? options.forks(forks) : options;
  }

  private List<ChainedOptionsBuilder> shortSet(Pattern wanted) {
    return ShortSet.all().stream()
        .filter(entry -> wanted.matcher(entry.name()).find())
        .map(entry ->
            entry
                .options()
                .forks(Math.max(1, forks))
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500)))
        .collect(Collectors.toList());
  }

  private static void write(Path file, List<RunResult> results) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
    } catch (IOException failure) {
      throw CliException.failed("--json " + file + ": " + failure.getMessage());
    }
  }
}
