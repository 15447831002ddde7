package io.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.jmh.ShortSet;
import io.culvert.bench.measure.FalseMatches;
import io.culvert.flowtable.MatchMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  @Test
  void shouldListEveryBenchmarkAndDocumentIt() throws IOException {
    Cli cli = Cli.run("bench", "--list");
    assertThat(cli.status()).isZero();
    String page = Files.readString(Path.of("../docs/performance.md"));
    assertThat(cli.out().lines().toList())
        .hasSizeGreaterThan(6)
        .allSatisfy(name -> {
          String[] words = name.split("\\.", -1);
          assertThat(page).contains(words[words.length - 2] + "." + words[words.length - 1]);
        });
  }

  @Test
  void shouldHaveOnlyBenchmarksInTheShortSetThatThereAre() {
    String list = Cli.run("bench", "--list").out();
    assertThat(ShortSet.all()).allSatisfy(entry -> assertThat(list).contains("." + entry.name()));
  }

  @ParameterizedTest
  @CsvSource({"nothing-like-this,no benchmark matches", "'(',Unclosed group"})
  void shouldSayWhatIsWrongWithAFilter(String filter, String expected) {
    Cli cli = Cli.run("bench", "--filter", filter);
    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err()).contains(expected);
  }

  /** Fixed seeds: sixteen false matches are expected of HASH16. */
  @Test
  void shouldSeeAsManyFalseMatchesAsComputed() {
    FalseMatches.Row hash16 = FalseMatches.measure(MatchMode.HASH16, 4, 1 << 18);
    assertThat(hash16.expected()).isEqualTo(16);
    assertThat(hash16.forwarded()).isBetween(2L, 35L);
    assertThat(hash16.isPlausible()).isTrue();
    assertThat(FalseMatches.measure(MatchMode.EXACT, 1, 1 << 18).forwarded()).isZero();
  }
}
