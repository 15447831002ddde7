package io.culvert.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page on writing an encapsulation shows nothing but the examples, which are built by
 * themselves.
 */
class OwnEncapDocTest {
  private static final Path PAGE = Path.of("../docs/write-your-own-encap.md");
  private static final Path EXAMPLES = Path.of("../examples");
  private static final Pattern SNIPPET =
      Pattern.compile("```(?:java|xml)\n(.*?)```", Pattern.DOTALL);

  private static List<String> snippets(String page) {
    return SNIPPET.matcher(page).results().map(found -> found.group(1)).toList();
  }

  private static String example() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      List<Path> sources =
          files
              .filter(f -> f.toString().endsWith(".java") || f.endsWith("pom.xml"))
              .filter(f -> !f.toString().contains("target"))
              .toList();
      for (Path source : sources) {
        all.append(Files.readString(source));
      }
    }
    return all.toString();
  }

  @Test
  void shouldShowTheExamplesCode() throws IOException {
    List<String> snippets = snippets(Files.readString(PAGE));
    String example = example();
    assertThat(snippets).hasSizeGreaterThan(5);
    assertThat(snippets).allSatisfy(snippet -> assertThat(example).contains(snippet));
  }

  @Test
  void shouldLinkToFilesThatExist() throws IOException {
    Matcher links = Pattern.compile("]\\(([^)#]+)\\)").matcher(Files.readString(PAGE));
    int seen = 0;
    while (links.find()) {
      assertThat(PAGE.resolveSibling(links.group(1))).exists();
      seen++;
    }
    assertThat(seen).isPositive();
  }
}
