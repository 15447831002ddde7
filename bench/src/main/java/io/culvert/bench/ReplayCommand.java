package io.culvert.bench;

import io.culvert.bench.replay.DumpFile;
import io.culvert.bench.replay.Replay;
import io.culvert.bench.replay.ReplayInput;
import io.culvert.bench.replay.ReplayOptions;
import io.culvert.bench.replay.ReplaySetup;
import io.culvert.bench.replay.ReplaySummary;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.control.Option;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code culvert replay}. */
@Command(
    name = "replay",
    description = {
      "Sends captures through a router with a flow table.",
      "",
      "The scenario describes the router in the commands of 'ip -batch'; frames of the captures"
          + " arrive at its real devices in the order of their time stamps. DIR gets a capture of"
          + " what each real device sent, and verdicts.jsonl with a line for each input frame.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:a file cannot be read or written, or a capture is damaged; DIR is as it was",
      "2:wrong command line, or mistakes in the scenario or the ruleset (each with file, line and"
          + " column)"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final long MOST_SECONDS = Duration.ofDays(24).toSeconds();

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @CommandLine.Option(
      names = "--scenario",
      paramLabel = "FILE",
      required = true,
      description = "the router, in the commands of 'ip -batch'")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path scenarioFile;

  @CommandLine.Option(
      names = "--nft",
      paramLabel = "FILE",
      description =
          "a ruleset in the language of 'nft -f': flowtable, forward chain, counters. Without it"
              + " everything is forwarded, and every TCP and UDP flow is offered, but no other.")
  private @Nullable Path rulesetFile;

  @CommandLine.Option(
      names = "--in",
      paramLabel = "DEV=FILE",
      required = true,
      converter = InputConverter.class,
      description =
          "what a device receives: pcap or pcapng, gzip too; once for each device that receives"
              + " anything. Equal time stamps keep the order of these options.")
  private List<ReplayInput> inputs = List.of();

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "folder for the output; made if it is not there")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path out;

  @CommandLine.Option(
      names = "--match",
      paramLabel = "MODE",
      defaultValue = "exact",
      converter = MatchConverter.class,
      description = "exact (default), hash16, hash32 or hash64: how tunnel stacks are compared")
  private MatchMode match = MatchMode.EXACT;

  @CommandLine.Option(
      names = "--no-flowtable",
      description = "the router alone: every frame takes the slow path")
  private boolean withoutFlowtable;

  @CommandLine.Option(
      names = "--offload",
      paramLabel = "WHEN",
      defaultValue = "reply",
      converter = OffloadConverter.class,
      description =
          "when the router offers a flow: reply (default: after both directions were seen), first"
              + " (at its first packet) or none")
  private Offload offload = Offload.REPLY;

  @CommandLine.Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "a flow without packets for so long is removed (default: 30, as in Linux); 0 for never."
              + " The clock is the captures'.")
  private long timeoutSeconds;

  @CommandLine.Option(
      names = "--dump",
      paramLabel = "FILE",
      description =
          "writes the flows that are in the table at the end, one a line, in the manner of"
              + " 'conntrack -L'; as JSON if FILE ends in .json or .jsonl")
  private @Nullable Path dumpFile;

  @CommandLine.Option(
      names = "--explain",
      description =
          "writes explanations.txt into DIR as well: for each frame that was not fast, its headers"
              + " and the check that refused it. Slower with many flows.")
  private boolean explain;

  @CommandLine.Option(names = "--json", description = "prints the summary as one JSON object")
  private boolean json;

  @Mixin private Modules modules = new Modules();

  ReplayCommand() {}

  @Override
  public Integer call() {
    if (timeoutSeconds < 0 || timeoutSeconds > MOST_SECONDS) {
      throw CliException.usage(
          "--timeout " + timeoutSeconds + "; expected 0.." + MOST_SECONDS + " seconds");
    }
    PrintWriter err = spec.commandLine().getErr();
    EncapRegistry registry = modules.load();
    Modules.warn(registry, err);
    Scenario scenario = ReplaySetup.scenario(scenarioFile, registry);
    ReplaySetup.checkInputs(scenario, inputs, out);
    ReplayOptions options =
        new ReplayOptions(
            withoutFlowtable ? Option.none() : Option.some(match),
            offload,
            Duration.ofSeconds(timeoutSeconds),
            Option.of(rulesetFile).map(ReplaySetup::ruleset),
            explain);
    Replay replay = new Replay(scenario, registry, inputs, options);
    ReplaySummary summary = run(replay, err);
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      print.println(SummaryPrinter.asJson(summary));
    } else {
      print.print(SummaryPrinter.asTable(summary));
    }
    print.flush();
    return 0;
  }

  private ReplaySummary run(Replay replay, PrintWriter err) {
    if (dumpFile == null) {
      return replay.run(out, new Progress(err));
    }
    try (DumpFile dump = new DumpFile(dumpFile)) {
      ReplaySummary summary = replay.run(out, new Progress(err));
      dump.write(replay.flows());
      return summary;
    }
  }
}
