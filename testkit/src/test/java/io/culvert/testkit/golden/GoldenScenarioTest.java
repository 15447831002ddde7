package io.culvert.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.TestIpip;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.GoldenConformance.Result;
import io.culvert.testkit.golden.GoldenConformance.Verdict;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference router against the kernel, in the scenarios that need no other module. */
class GoldenScenarioTest {

  static List<String> names() {
    return List.ofAll(GoldenScenario.names())
        .filter(name -> name.startsWith("ipip-") || name.equals("plain-routing"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldSendWhatTheKernelSentOrSayWhatIsNotModelled(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    Scenario scenario = new ScenarioReader(List.of(new TestIpip())).read(name, golden.text()).get();
    Seq<Result> results = GoldenConformance.compare(golden, scenario, PlainCodecs.installed());
    assertThat(results.filter(r -> r.verdict() == Verdict.DIFFERENT)).isEmpty();
    boolean isOutOfScope = name.contains("fou") || name.contains("gue");
    boolean hasDevice = results.exists(r -> r.reasons().contains(NotModelledReason.DEVICE.word()));
    assertThat(hasDevice).isEqualTo(isOutOfScope);
    if (!isOutOfScope) {
      assertThat(results.count(r -> r.verdict() == Verdict.IDENTICAL))
          .isGreaterThan(results.size() * 4 / 5);
    }
  }
}
