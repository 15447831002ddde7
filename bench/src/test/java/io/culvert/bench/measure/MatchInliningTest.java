package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The parser's walk holds each provider's {@code match} as inlined code: seen in what C2 says of a
 * JVM of its own that forwards packets of all five modules. Nothing is timed.
 */
class MatchInliningTest {
  private static final List<String> MODULES =
      List.of("GreEncap", "IpipEncap", "PppoeEncap", "VlanEncap", "VxlanEncap");

  private static final Pattern DECISION =
      Pattern.compile(
          "@ \\d+\\s+io\\.culvert\\.encap\\.\\w+\\.(\\w+)::match \\(\\d+ bytes\\)\\s+(.*)");

  /** What the JIT decided by class: every different answer. */
  private static Map<String, Set<String>> decisions(Iterable<String> lines) {
    Map<String, Set<String>> decisions = new TreeMap<>();
    for (String line : lines) {
      Matcher found = DECISION.matcher(line);
      if (found.find()) {
        decisions.computeIfAbsent(found.group(1), _ -> new TreeSet<>()).add(found.group(2).strip());
      }
    }
    return decisions;
  }

  @Test
  void shouldInlineTheMatchOfEveryModule() throws IOException, InterruptedException {
    List<String> lines = JitLog.ofProbe();
    Map<String, Set<String>> decisions = decisions(lines);
    assertThat(decisions.keySet()).containsExactlyElementsOf(MODULES);
    assertThat(decisions.values()).allSatisfy(all -> assertThat(all).containsOnly("inline (hot)"));
  }

  /** The look-out sees a call that stays one. */
  @Test
  void shouldSeeAMatchThatIsNotInlined() {
    assertThat(
            decisions(
                List.of(
                    "  @ 31   io.culvert.encap.gre.GreEncap::match (221 bytes)   inline (hot)",
                    "  @ 31   io.culvert.encap.gre.GreEncap::match (400 bytes)   hot method too big")))
        .containsOnlyKeys("GreEncap")
        .containsValue(Set.of("hot method too big", "inline (hot)"));
  }
}
