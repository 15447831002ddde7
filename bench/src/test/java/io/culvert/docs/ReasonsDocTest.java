package io.culvert.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.AddressKind;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.PathError;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.wire.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Every kind of refusal there is, from the sealed types themselves. */
  @Test
  void shouldListTheLabelOfEveryRefusedOfferAndNoOther() throws IOException {
    List<String> expected =
        new ArrayList<>(words(AddressKind.values(), k -> "address-" + k.label()));
    List<String> others = new ArrayList<>();
    for (Class<?> kind : OffloadError.class.getPermittedSubclasses()) {
      if (kind != OffloadError.NoPath.class && kind != OffloadError.NotUnicast.class) {
        others.add(hyphenated(kind) + (kind == OffloadError.Excluded.class ? "-…" : ""));
      }
    }
    for (Class<?> kind : PathError.class.getPermittedSubclasses()) {
      others.add("path-" + hyphenated(kind));
    }
    expected.addAll(others.stream().sorted().toList());
    String section =
        HEADING.splitAsStream(Files.readString(Path.of("../docs/reasons.md"))).toList().get(4);
    assertThat(rows(section)).containsExactlyElementsOf(expected);
  }

  @Test
  void shouldLabelRefusalsAsListed() {
    IpAddress address = IpAddress.parse("192.0.2.1").get();
    assertThat(
            List.of(
                new OffloadError.SelfConnected().label(),
                new OffloadError.KeyTaken(new FlowTuple(address, address, 6, 1, 2)).label(),
                new OffloadError.NotUnicast(address, AddressKind.THIS_NETWORK).label(),
                new OffloadError.NoPath("reply", new PathError.MtuTooSmall("eth0", 1, 2)).label()))
        .containsExactly(
            "self-connected", "key-taken", "address-this-network", "path-mtu-too-small");
  }

  private static String hyphenated(Class<?> kind) {
    StringBuilder word = new StringBuilder();
    for (char c : kind.getSimpleName().toCharArray()) {
      if (Character.isUpperCase(c)) {
        word.append(word.isEmpty() ? "" : "-").append(Character.toLowerCase(c));
      } else {
        word.append(c);
      }
    }
    return word.toString();
  }

  private static List<String> rows(String section) {
    return ROW.matcher(section).results().map(row -> row.group(1)).toList();
  }

  private static <T> List<String> words(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).toList();
  }
}
