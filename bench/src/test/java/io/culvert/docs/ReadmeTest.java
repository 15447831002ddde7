package io.culvert.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.golden.GoldenStep;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {

  @ParameterizedTest
  @CsvSource({"README: begin,README: end", "README: large begin,README: large end"})
  void shouldShowTheExampleThatIsCompiled(String begin, String end) throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/culvert/docs/EmbeddingExample.java"));
    String example =
        source
            .substring(source.indexOf("// " + begin), source.indexOf("    // " + end))
            .lines()
            .skip(1)
            .map(line -> line.startsWith("    ") ? line.substring(4) : line)
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(Path.of("../README.md"))).contains(example);
  }

  /** Four million flows would take 650 MB; this begins with some ten. */
  @Test
  void shouldMakeALargeTableThatIsSmallAtFirst() {
    FlowTable table =
        EmbeddingExample.large(
            new ReferenceRouter(scenario(GoldenScenario.named("ipip-ttl64"))).network());
    assertThat(table.memoryUse().nativeBytes()).isBetween(10_000_000L, 20_000_000L);
  }

  /** The same clean packet in two bursts: the first is the slow path's, the second is fast. */
  @Test
  void shouldForwardAsTheExampleSays() {
    GoldenScenario golden = GoldenScenario.named("ipip-ttl64");
    GoldenStep step = golden.steps().find(s -> s.label().equals("fwd/udp/data-1")).get();
    GoldenFrame in = step.inputs().head();
    Scenario scenario = scenario(golden);
    ReferenceRouter router = new ReferenceRouter(scenario);
    Recorder dataplane = new Recorder(scenario, router, List.of(in.bytes(), in.bytes()));

    EmbeddingExample.run(router.network(), dataplane);

    // One burst: both frames were looked up before the flow was offered.
    assertThat(dataplane.slow).isEqualTo(2);
    assertThat(dataplane.sent).hasSize(2);
    byte[] expected = step.outputs().head().bytes();
    Seq<OwnHeader> outer = io.vavr.collection.List.of(new OwnHeader.Ipv4(14));
    assertThat(dataplane.sent)
        .allSatisfy(
            frame -> assertThat(FrameComparison.difference(expected, frame, outer)).isEmpty());
  }

  private static Scenario scenario(GoldenScenario golden) {
    return new ScenarioReader(EncapRegistry.load().providers().map(Guarded::provider))
        .read(golden.name(), golden.text())
        .get();
  }

  private static final class Recorder implements EmbeddingExample.Dataplane {
    private final Scenario scenario;
    private final ReferenceRouter router;
    private final List<byte[]> input;
    private final List<byte[]> sent = new ArrayList<>();
    private int slow;

    Recorder(Scenario scenario, ReferenceRouter router, List<byte[]> input) {
      this.scenario = scenario;
      this.router = router;
      this.input = input;
    }

    @Override
    public int port(String name) {
      return scenario.device(name).get().ifindex();
    }

    @Override
    public List<byte[]> receive() {
      return input;
    }

    @Override
    public void send(int port, byte[] frame) {
      sent.add(frame);
    }

    @Override
    public Optional<FlowTuple> slowPath(int port, byte[] frame) {
      slow++;
      if (router.process(port, frame)
          instanceof RouterOutcome.Forwarded(Seq<SentFrame> frames, Forwarding f)) {
        frames.forEach(out -> sent.add(out.bytes()));
        return Optional.of(
            new FlowTuple(
                f.source(), f.destination(), f.protocol(), f.sourcePort(), f.destinationPort()));
      }
      return Optional.empty();
    }
  }
}
