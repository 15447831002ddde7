package io.culvert.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.TestIpip;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference router against the kernel, step by step. */
class GoldenScenarioTest {

  static List<String> names() {
    return List.ofAll(GoldenScenario.names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldSendWhatTheKernelSentOrSayWhatIsNotModelled(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    Scenario scenario = new ScenarioReader(List.of(new TestIpip())).read(name, golden.text()).get();
    ReferenceRouter router = new ReferenceRouter(scenario);
    java.util.List<String> differences = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (GoldenStep step : golden.steps()) {
      Replayed replayed = new Replayed(step);
      for (GoldenFrame input : step.inputs()) {
        int ifindex = scenario.device(input.device()).get().ifindex();
        replayed.outcome(scenario, router.process(ifindex, input.bytes()));
      }
      replayed.difference().forEach(d -> differences.add(step.number() + " " + step.label() + d));
      counts.merge(replayed.summary(), 1, Integer::sum);
    }
    System.out.println(name + ": steps=" + golden.steps().size() + " " + counts);
    assertThat(differences).isEmpty();
    boolean isOutOfScope = name.contains("fou") || name.contains("gue");
    assertThat(counts.containsKey(NotModelledReason.DEVICE.word())).isEqualTo(isOutOfScope);
    if (!isOutOfScope) {
      assertThat(counts.get("identical")).isGreaterThan(golden.steps().size() * 4 / 5);
    }
  }

  /** What was sent in a step, and what of the capture is left then. */
  private static final class Replayed {
    private final GoldenStep step;
    private final java.util.List<GoldenFrame> left;
    private final java.util.List<String> wrong = new ArrayList<>();
    private final Set<NotModelledReason> claims = EnumSet.noneOf(NotModelledReason.class);

    Replayed(GoldenStep step) {
      this.step = step;
      left = new ArrayList<>(step.outputs().asJava());
    }

    void outcome(Scenario scenario, RouterOutcome outcome) {
      if (outcome instanceof NotModelled(NotModelledReason reason)) {
        claims.add(reason);
      } else if (outcome instanceof Forwarded forwarded) {
        forwarded.frames().forEach(frame -> sent(scenario, frame));
      }
    }

    /** Frames of one device keep their order, so the first one left must be it. */
    private void sent(Scenario scenario, SentFrame frame) {
      String device = scenario.device(frame.ifindex()).get().name();
      List<GoldenFrame> candidates = List.ofAll(left).filter(f -> f.device().equals(device));
      int same =
          candidates.indexWhere(
              f -> FrameComparison.areEqual(f.bytes(), frame.bytes(), frame.pushed()));
      // With something not modelled in the step, the kernel's frames before it may be missing.
      if (same == 0 || (same > 0 && !claims.isEmpty())) {
        left.remove(candidates.get(same));
      } else {
        wrong.add(
            candidates.isEmpty()
                ? ": a frame on " + device + " that the kernel did not send"
                : ": "
                    + FrameComparison.difference(
                            candidates.head().bytes(), frame.bytes(), frame.pushed())
                        .getOrElse("another order"));
      }
    }

    java.util.List<String> difference() {
      if (wrong.isEmpty() && claims.isEmpty() && !left.isEmpty()) {
        wrong.add(": " + left.size() + " frames of the kernel are missing");
      }
      for (NotModelledReason claim : claims) {
        if (!Justification.of(claim, step, left)) {
          wrong.add(": " + claim.word() + " is not what the kernel did");
        }
      }
      return wrong;
    }

    String summary() {
      if (!wrong.isEmpty()) {
        return "different";
      }
      return claims.isEmpty()
          ? "identical"
          : List.ofAll(claims).map(NotModelledReason::word).mkString("+");
    }
  }
}
