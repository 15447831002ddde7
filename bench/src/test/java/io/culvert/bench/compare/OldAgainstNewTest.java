package io.culvert.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.bench.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldAgainstNewTest {
  @TempDir private Path temp = Path.of("");

  private Path results(String name, Quartiles into, Quartiles out) throws IOException {
    Path file = temp.resolve(name);
    new Results(
            Results.FORMAT,
            "2026-01-01T00:00:00Z",
            Map.of(),
            3,
            Map.of(),
            List.of(),
            List.of(
                new Results.Ratio(1000, "into", "exact", "c", into, into),
                new Results.Ratio(1000, "out", "exact", "c", out, out)))
        .write(file);
    return file;
  }

  private Path text(String name, String text) throws IOException {
    return Files.writeString(temp.resolve(name), text);
  }

  @Test
  void shouldJudgeOnlyWhereSpreadsDoNotOverlap() throws IOException {
    Path before = results("old", new Quartiles(1.9, 2, 2.1), new Quartiles(3, 4, 5));
    Path after = results("new", new Quartiles(1.4, 1.5, 1.6), new Quartiles(4.9, 6, 7));
    assertThat(new OldAgainstNew(before).report(after).lines())
        .containsExactly(
            "1,000 flows, into, exact/c: old 2.00 (1.90..2.10), new 1.50 (1.40..1.60),"
                + " new/old 0.75: faster",
            "1,000 flows, out, exact/c: old 4.00 (3.00..5.00), new 6.00 (4.90..7.00),"
                + " new/old 1.50: no verdict, the spreads overlap");
    assertThat(new OldAgainstNew(after).report(before)).contains("new/old 1.33: slower");
  }

  @Test
  void shouldReadWhatJmhWrites() throws IOException {
    String row =
        """
        [{"benchmark": "io.culvert.PushBenchmark.byHand", "params": {"layers": "3"},
          "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[10, 20], [30]]}}]
        """;
    Path before = text("old", row);
    Path after = text("new", row.replace("byHand", "composed"));
    assertThat(new OldAgainstNew(before).report(before))
        .startsWith("PushBenchmark.byHand layers=3, ns/op: old 20.0 (15.0..25.0)");
    assertThat(new OldAgainstNew(before).report(after).lines())
        .containsExactly(
            "PushBenchmark.byHand layers=3, ns/op: only in the old file",
            "PushBenchmark.composed layers=3, ns/op: only in the new file");
  }

  @Test
  void shouldRefuseOtherFiles() throws IOException {
    assertThatThrownBy(() -> new OldAgainstNew(text("other", "{}")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("neither results of bench/compare nor of JMH");
    assertThatThrownBy(() -> new OldAgainstNew(text("broken", "{")))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("--compare ");
    assertThatThrownBy(() -> new OldAgainstNew(temp.resolve("missing")))
        .isInstanceOf(CliException.class);
  }
}
