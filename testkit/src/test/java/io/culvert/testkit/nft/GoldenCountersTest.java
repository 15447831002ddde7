package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.golden.GoldenStep;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A ruleset counts what the kernel counted. */
class GoldenCountersTest {
  private static final String NAME = "ft-none-baseline";

  private static ForwardRules rules(Scenario scenario) throws IOException {
    try (InputStream file = GoldenCountersTest.class.getResourceAsStream(NAME + ".nft")) {
      assertThat(file).isNotNull();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return ForwardRules.of(NftReader.read(NAME, text).get(), scenario).get();
    }
  }

  /**
   * {@code nft list ruleset} of the kernel said after all steps: counter slow 201 packets 41351
   * bytes, and 3 packets 151 bytes invalid. One of the 201 was put together from fragments, which
   * the router does not do: 440 bytes.
   */
  @Test
  void shouldCountWhatTheKernelCounted() throws IOException {
    GoldenScenario golden = GoldenScenario.named(NAME);
    Scenario scenario = new ScenarioReader(List.empty()).read(NAME, golden.text()).get();
    ForwardRules rules = rules(scenario);
    OffloadedRouter router =
        new OffloadedRouter(
            new ReferenceRouter(scenario, List.empty()),
            Option.none(),
            Offload.NONE,
            Duration.ZERO,
            Option.some(rules));
    for (GoldenStep step : golden.steps()) {
      for (GoldenFrame frame : step.inputs()) {
        int port = scenario.device(frame.device()).get().ifindex();
        router.process(port, frame.bytes(), frame.timestampNs());
      }
    }

    assertThat(rules.counters().asJava())
        .containsExactly(
            new RuleCounters.Reading("inet filter slow", 201 - 1, 41351 - 440),
            new RuleCounters.Reading("inet filter forward 5:18", 3, 151));
  }
}
