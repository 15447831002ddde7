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

  @ParameterizedTest
  @CsvSource({
    "--modules-cost --jvms 0,--jvms 0; expected 1..100",
    "--modules-cost --jvms 101,--jvms 101; expected 1..100",
    "--modules-cost --rounds 0,--rounds 0; expected 1..10000",
    "--jvms 3,--jvms 3 counts for --modules-cost alone",
    "--modules-cost --jvms few,'few' is not an int",
    "--with new.json,--with new.json needs --compare"
  })
  void shouldSayWhatIsWrongWithJvmsAndRounds(String options, String expected) {
    Cli cli = Cli.run((Object[]) ("bench " + options).split(" ", -1));
    assertThat(cli.status()).isEqualTo(2);
    assertThat(cli.err()).contains(expected);
    assertThat(cli.out()).isEmpty();
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
