package io.culvert.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.worker.Reason;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.router.NotModelledReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReasonsDocTest {
  private static final Pattern HEADING = Pattern.compile("(?m)^## ");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  @Test
  void shouldListEveryReasonAndNoOther() throws IOException {
    List<String> sections =
        HEADING.splitAsStream(Files.readString(Path.of("../docs/reasons.md"))).toList();
    List<String> fast = words(Reason.values(), Reason::label);
    assertThat(rows(sections.get(1))).containsExactlyElementsOf(fast.subList(1, fast.size()));
    assertThat(rows(sections.get(2)))
        .containsExactlyElementsOf(words(DropReason.values(), DropReason::word));
    assertThat(rows(sections.get(3)))
        .containsExactlyElementsOf(words(NotModelledReason.values(), NotModelledReason::word));
  }

  private static List<String> rows(String section) {
    return ROW.matcher(section).results().map(row -> row.group(1)).toList();
  }

  private static <T> List<String> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).toList();
  }
}
