package io.culvert.bench.demo;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.bench.replay.Replay;
import io.culvert.bench.replay.ReplayOptions;
import io.culvert.bench.replay.ReplaySetup;
import io.culvert.bench.replay.ReplaySummary;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Replays what a Linux kernel received and compares with what it sent. */
public final class GoldenDemo {
  private static final ReplayOptions OPTIONS =
      // Golden steps lie a second apart: no flow may expire in between.
      new ReplayOptions(Option.some(MatchMode.EXACT), Offload.FIRST, Duration.ZERO);

  private final GoldenScenario golden;
  private final Path folder;

  /**
   * A demo.
   *
   * @param name the golden scenario
   * @param folder where its files go
   */
  public GoldenDemo(String name, Path folder) {
    golden = GoldenScenario.named(name);
    this.folder = folder;
  }

  /**
   * What came out.
   *
   * @param summary of the replay
   * @param comparison with Linux
   */
  public record Outcome(ReplaySummary summary, GoldenComparison.Result comparison) {}

  /** The folder of the replay's output. */
  public Path output() {
    return folder.resolve("out");
  }

  /** Writes the files, replays, compares. */
  public Outcome run() {
    GoldenInput input = GoldenInput.write(golden, folder);
    EncapRegistry registry = EncapRegistry.load();
    Scenario scenario = ReplaySetup.scenario(input.scenario(), registry);
    ReplaySummary summary =
        new Replay(scenario, registry, input.inputs(), OPTIONS).run(output(), _ -> {});
    try {
      return new Outcome(summary, GoldenComparison.compare(golden, scenario, output()));
    } catch (IOException e) {
      throw CliException.failed(output() + ": cannot read back: " + Failures.reason(e));
    }
  }
}
