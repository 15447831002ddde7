package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.measure.JitLog.Call;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A guard against slow-down that times nothing: in the compiled stages every hot call into our own
 * code is inlined, down to the providers' (translation is not among the probe's traffic). Seen in
 * what C2 says of a JVM that forwards packets of all five modules both ways.
 */
class HotPathInliningTest {
  private static final Set<String> COMPILED =
      Set.of(
          "ParseStage.run",
          "ParseStage.walk",
          "LookupStage.run",
          "VerifyStage.run",
          "CheckStage.run",
          "RewriteStage.run",
          "FinishStage.run");

  /** What the JIT says when the limits of its budget are the reason, not that a call is rare. */
  private static final List<String> OVER_BUDGET =
      List.of(
          "hot method too big",
          "callee is too large",
          "NodeCountInliningCutoff",
          "size > DesiredMethodLimit",
          "inlining too deep",
          "recursive inlining");

  private static List<Call> ofStages(List<Call> calls) {
    return calls.stream().filter(call -> COMPILED.contains(call.in())).toList();
  }

  private static List<Call> overBudget(List<Call> calls) {
    return calls.stream()
        .filter(call -> call.callee().startsWith("io.culvert."))
        .filter(call -> OVER_BUDGET.stream().anyMatch(call.decision()::contains))
        .distinct()
        .toList();
  }

  @Test
  void shouldInlineEveryHotCallOfTheStages() throws IOException, InterruptedException {
    List<Call> calls = ofStages(JitLog.calls(JitLog.ofProbe()));
    Set<String> seen = calls.stream().map(Call::in).collect(Collectors.toCollection(TreeSet::new));
    assertThat(seen).containsAll(COMPILED);
    assertThat(calls.stream().filter(call -> call.decision().startsWith("inline (hot)")).count())
        .isGreaterThan(150);
    assertThat(overBudget(calls)).isEmpty();
  }

  /** The look-out sees a stage's call that stays one, and no others. */
  @Test
  void shouldSeeACallThatIsNotInlined() {
    List<String> lines =
        List.of(
            "   5684 1476   !b        io.culvert.flowtable.worker.ParseStage/0x000000009e0db000::walk"
                + " (57 bytes)",
            "                @ 31   io.culvert.flowtable.worker.ParseStage/0x000000009e0db000::tunnels"
                + " (326 bytes)   failed to inline: hot method too big",
            "                @ 7   io.culvert.wire.Wire::u64 (11 bytes)   inline (hot)",
            "   5936 1500 %  b        io.culvert.bench.traffic.Stack::add @ 14 (88 bytes)",
            "                @ 31   io.culvert.bench.traffic.Stack::ours (400 bytes)   failed to"
                + " inline: hot method too big");
    List<Call> calls = ofStages(JitLog.calls(lines));
    assertThat(calls).hasSize(2);
    assertThat(overBudget(calls))
        .containsExactly(
            new Call(
                "ParseStage.walk",
                "io.culvert.flowtable.worker.ParseStage.tunnels",
                "failed to inline: hot method too big"));
  }
}
