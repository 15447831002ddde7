package io.culvert.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.replay.Replay;
import io.culvert.bench.replay.ReplayOptions;
import io.culvert.bench.replay.ReplaySetup;
import io.culvert.bench.replay.ReplaySummary;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import io.culvert.testkit.pcap.CaptureWriter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every golden capture of plain routing and IPIP through the replay: what comes out is what Linux
 * sent, whichever path the frames take.
 */
class GoldenReplayTest {
  private static final EncapRegistry REGISTRY = EncapRegistry.load();

  @TempDir private Path temp = Path.of("");

  static List<String> scenarios() {
    List<String> names =
        GoldenScenario.names()
            .filter(name -> name.equals("plain-routing") || name.startsWith("ipip-"))
            .asJava();
    assertThat(names).as("golden scenarios").hasSizeGreaterThanOrEqualTo(13);
    return names;
  }

  /** FOU and GUE put a UDP header in between, which is not modelled: nothing is sent then. */
  private static boolean isModelled(String name) {
    return !name.contains("fou") && !name.contains("gue");
  }

  private GoldenDemo.Outcome replay(String name, ReplayOptions options) throws IOException {
    GoldenScenario golden = GoldenScenario.named(name);
    GoldenInput input = GoldenInput.write(golden, temp);
    Scenario scenario = ReplaySetup.scenario(input.scenario(), REGISTRY);
    Path out = temp.resolve("out");
    ReplaySummary summary =
        new Replay(scenario, REGISTRY, input.inputs(), options).run(out, _ -> {});
    GoldenComparison.Result result = GoldenComparison.compare(golden, scenario, out);
    System.out.printf(
        "%s %s %s: %d frames in, %d identical (%d fast), %d not modelled, %d different;"
            + " %d of %d offloadable fast%n",
        name,
        options.match().map(MatchMode::name).getOrElse("router alone"),
        options.offload(),
        summary.framesIn(),
        result.identical(),
        result.identicalFast(),
        result.notModelled(),
        result.differences().size(),
        summary.fast(),
        summary.offloadable());
    return new GoldenDemo.Outcome(summary, result);
  }

  private static ReplayOptions options(MatchMode match, Offload offload) {
    return new ReplayOptions(Option.some(match), offload, Duration.ZERO);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSendWhatLinuxSendsAndTakeTheFastPathAtOnce(String name) throws IOException {
    GoldenDemo.Outcome outcome = replay(name, options(MatchMode.EXACT, Offload.FIRST));
    assertThat(outcome.comparison().differences()).isEmpty();
    if (isModelled(name)) {
      assertThat(outcome.comparison().identical()).isGreaterThan(100);
      assertThat(outcome.comparison().identicalFast()).isPositive();
      assertThat(outcome.summary().fast())
          .as("at least 95 %% of the offloadable frames")
          .isGreaterThanOrEqualTo((long) Math.ceil(0.95 * outcome.summary().offloadable()));
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSendWhatLinuxSendsWithOffloadAfterAReply(String name) throws IOException {
    GoldenDemo.Outcome outcome = replay(name, options(MatchMode.EXACT, Offload.REPLY));
    assertThat(outcome.comparison().differences()).isEmpty();
    if (isModelled(name)) {
      assertThat(outcome.comparison().identical()).isGreaterThan(100);
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSendWhatLinuxSendsWithoutFlowtable(String name) throws IOException {
    GoldenDemo.Outcome outcome =
        replay(name, new ReplayOptions(Option.none(), Offload.FIRST, Duration.ZERO));
    assertThat(outcome.comparison().differences()).isEmpty();
    assertThat(outcome.summary().fast()).isZero();
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldSendWhatLinuxSendsInEveryMatchMode(MatchMode match) throws IOException {
    GoldenDemo.Outcome outcome = replay("ipip-tos-inherit", options(match, Offload.FIRST));
    assertThat(outcome.comparison().differences()).isEmpty();
    assertThat(outcome.comparison().identicalFast()).isPositive();
  }

  @Test
  void shouldNoticeAChangedByteAFrameTooManyAndOneTooFew() throws IOException {
    String name = "ipip-ttl64";
    replay(name, options(MatchMode.EXACT, Offload.FIRST));
    GoldenScenario golden = GoldenScenario.named(name);
    Scenario scenario = ReplaySetup.scenario(temp.resolve("router.batch"), REGISTRY);
    Path capture = temp.resolve("out/eth1.pcap");
    List<CaptureFrame> frames;
    try (CaptureReader reader = CaptureReader.openEthernet(capture)) {
      frames = reader.rest().asJava();
    }
    try (CaptureWriter writer = new CaptureWriter(capture)) {
      for (CaptureFrame frame : frames) {
        byte[] bytes = frame.data();
        bytes[bytes.length - 1] ^= (byte) (frame.number() == 5 ? 1 : 0);
        writer.write(frame.timestampNs(), bytes);
      }
    }
    assertThat(GoldenComparison.compare(golden, scenario, temp.resolve("out")).differences())
        .singleElement()
        .asString()
        .contains("step 5 ", "eth1", "expected 0x");

    Path verdicts = temp.resolve("out/verdicts.jsonl");
    List<String> lines = java.nio.file.Files.readAllLines(verdicts);
    String first = lines.getFirst();
    lines.set(0, first.replaceAll("\"out\":\\[.*\\]", "\"out\":[]"));
    lines.set(1, lines.get(1).replace("}]", "},{\"dev\":\"eth1\",\"frame\":2}]"));
    java.nio.file.Files.write(verdicts, lines);
    assertThat(GoldenComparison.compare(golden, scenario, temp.resolve("out")).differences())
        .hasSize(3)
        .anyMatch(
            text -> text.contains("step 1 ") && text.contains("Linux sent 1 frames, culvert 0"))
        .anyMatch(
            text -> text.contains("step 2 ") && text.contains("Linux sent 1 frames, culvert 2"));
  }
}
