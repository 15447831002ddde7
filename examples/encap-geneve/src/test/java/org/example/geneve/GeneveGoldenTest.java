package org.example.geneve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.golden.GoldenConformance;
import io.culvert.testkit.golden.GoldenConformance.Result;
import io.culvert.testkit.golden.GoldenConformance.Verdict;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.golden.GoldenStep;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Linux 6.1 kernel did with Geneve devices, step by step and byte for byte. */
class GeneveGoldenTest {
  private static final EncapRegistry REGISTRY = EncapRegistry.load();

  private static final String TAG = "link add link tun0 name tag0 up type vlan id 5";

  /** The same router with a tag in the tunnel: a device of another module above ours. */
  private static GoldenScenario tagged(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    String text =
        golden
            .text()
            .lines()
            .map(line -> line.replaceFirst(" dev tun0$", " dev tag0"))
            .map(line -> line.replace("link set tun0 up", "link set tun0 up\n" + TAG))
            .collect(Collectors.joining("\n"));
    return new GoldenScenario(
        name, text, golden.deviceMtus(), golden.tracksConnections(), golden.steps());
  }

  private static Scenario scenario(GoldenScenario golden) {
    return new ScenarioReader(REGISTRY.providers().map(Guarded::provider))
        .read(golden.name(), golden.text())
        .getOrElseThrow(
            errors -> new AssertionError(errors.map(ScenarioError::message).mkString("\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"geneve-noudpcsum", "geneve-udpcsum", "geneve-ttl-tos-inherit", "geneve-v6"})
  void shouldBeAsLinuxOnTheSlowPath(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    Seq<Result> results =
        GoldenConformance.compare(golden, scenario(golden), PlainCodecs.installed());
    assertEquals(List.empty(), results.filter(r -> r.verdict() == Verdict.DIFFERENT).toList());
    int identical = results.count(r -> r.verdict() == Verdict.IDENTICAL);
    assertTrue(identical > results.size() / 2, identical + " of " + results.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"geneve-noudpcsum", "geneve-udpcsum", "geneve-ttl-tos-inherit", "geneve-v6"})
  void shouldBeAsTheSlowPathOnTheFastPath(String name) {
    compareFastWithSlow(GoldenScenario.named(name), 50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"geneve-udpcsum", "geneve-v6"})
  void shouldBeAsTheSlowPathWithATagInside(String name) {
    compareFastWithSlow(tagged(name), 10);
  }

  private static void compareFastWithSlow(GoldenScenario golden, int least) {
    Scenario scenario = scenario(golden);
    ReferenceRouter slow = ReferenceRouter.of(scenario, REGISTRY);
    FlowTable table = new FlowTable(FlowTableConfig.defaults(), REGISTRY, slow.network());
    OffloadedRouter router =
        new OffloadedRouter(slow, Option.some(table), Offload.FIRST, Duration.ZERO);
    ReferenceRouter alone = ReferenceRouter.of(scenario, REGISTRY);
    int fast = 0;
    for (GoldenStep step : golden.steps()) {
      for (GoldenFrame input : step.inputs()) {
        int port = scenario.device(input.device()).get().ifindex();
        Step got = router.process(port, input.bytes(), input.timestampNs());
        var wanted = alone.process(port, input.bytes());
        if (got.kind() == Step.Kind.FAST) {
          fast++;
          var sent = assertInstanceOf(Forwarded.class, wanted, step.label()).frames().single();
          byte[] ours = got.out().single().frame();
          assertEquals(
              Option.none(),
              FrameComparison.difference(sent.bytes(), ours, sent.own()),
              step.label());
        }
      }
    }
    assertTrue(fast > least, fast + " frames on the fast path; refused: " + router.refusals());
  }
}
