package io.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is so: its options are all there, its examples run. */
class ReadmeTest {
  /** A word, or words between quotes. */
  private static final Pattern WORD = Pattern.compile("'[^']*'|[^ ']+");

  @TempDir private Path temp = Path.of("");
  private String text = "";

  @BeforeEach
  void read() throws IOException {
    text = Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
  }

  @Test
  void shouldMentionEveryOption() {
    Main.commandLine().getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .forEach(command ->
            command
                .getCommandSpec()
                .options()
                .forEach(option -> assertThat(text).contains("`" + option.longestName())));
  }

  @Test
  void shouldMentionEveryOptionOfCompare() throws IOException {
    Path script = Path.of(System.getProperty("basedir", "."), "compare");
    List<String> options =
        Pattern.compile("(?m)^  ((?:--[a-z]+(?: \\| )?)+)\\)")
            .matcher(Files.readString(script))
            .results()
            .flatMap(result -> Stream.of(result.group(1).split(" \\| ", -1)))
            .toList();
    assertThat(options).hasSize(12).contains("--peers", "--compare");
    assertThat(options)
        .allSatisfy(option -> assertThat(text).containsPattern("`" + option + "\\b"));
  }

  /** The first block of code in a language. */
  private String block(String language) {
    String start = "```" + language + "\n";
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf("```", from));
  }

  @Test
  void shouldHaveExamplesThatRun() throws IOException {
    Files.createDirectories(temp.resolve("culvert-modules"));
    Files.createDirectories(temp.resolve("culvert-demo"));
    Files.writeString(temp.resolve("culvert-demo/ruleset.nft"), block("nft"));
    List<String> examples = text.lines().filter(line -> line.startsWith("./culvert ")).toList();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(6);
    for (String example : examples) {
      Stream<String> words =
          WORD.matcher(example)
              .results()
              .map(word -> word.group().replace("'", ""))
              .skip(1)
              .map(word -> word.replace("culvert-", temp + "/culvert-"));
      // The plain demo measures for half a minute and writes into the working folder.
      Stream<String> more =
          example.equals("./culvert demo")
              ? Stream.of("--no-measure", "--out", temp + "/culvert-demo")
              : Stream.empty();
      Cli run = Cli.run(Stream.concat(words, more).toArray());
      assertThat(run.err()).as(example).isEmpty();
      assertThat(run.status()).as(example).isZero();
    }
  }
}
