package io.culvert.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.bench.CliException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final StringWriter text = new StringWriter();

  /** A side that shows one thing and needs so long for a frame. */
  private static String side(String shown, String slice) {
    return "bash -c 'echo ready; while read q; do [ $q = show ] && echo "
        + shown
        + " || echo "
        + slice
        + "; done'";
  }

  private Turns turns(String... namesAndCommands) {
    Map<String, String> commands = new LinkedHashMap<>();
    for (int i = 0; i < namesAndCommands.length; i += 2) {
      commands.put(namesAndCommands[i], namesAndCommands[i + 1]);
    }
    return new Turns(commands, 3, true, new PrintWriter(text, true));
  }

  @Test
  void shouldDivideTheFirstSidesTimeByTheOthers() throws IOException {
    Turns turns = turns("ours", side("{flows}{way}", "32 2 0.5"), "theirs", side("7out", "22 12"));
    turns.measure(7, "out");
    assertThat(turns.rows()).hasSize(2);
    assertThat(turns.rows().get(0).ns()).isEqualTo(new Quartiles(30, 30, 30));
    assertThat(turns.rows().get(0).bytesPerFrame()).isEqualTo(0.5);
    assertThat(turns.rows().get(1).fillNs()).isEqualTo(12);
    assertThat(turns.ratios())
        .singleElement()
        .satisfies(ratio -> {
          assertThat(ratio.times().median()).isEqualTo(3);
          assertThat(ratio.inAll().median()).isEqualTo(32.0 / 22);
        });
    assertThat(text.toString()).contains("7 flows, out", "ours/theirs 3.00 (3.00..3.00)");
  }

  @Test
  void shouldSkipWithTheReasonThatASideGives() throws IOException {
    Turns turns = turns("ours", side("x", "3 1"), "xdp", "echo skip: bpf: no");
    turns.measure(1, "out");
    assertThat(turns.skipped()).containsExactly(Map.entry("xdp, out", "bpf: no"));
    assertThat(text.toString()).contains("skipped: xdp, out: bpf: no");
    assertThat(turns.rows()).hasSize(1);
  }

  @Test
  void shouldNotMeasureSidesThatDifferOrDoNotStart() {
    assertThatThrownBy(() -> turns("a", side("x", "3 1"), "b", side("y", "3 1")).measure(1, "out"))
        .isInstanceOf(CliException.class)
        .hasMessage("1 flows, out: a and b differ in number 0: x and y");
    assertThatThrownBy(() -> turns("a", "echo").measure(1, "out"))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("a did not start");
    assertThatThrownBy(() -> turns("a", "echo ready").measure(1, "out"))
        .isInstanceOf(CliException.class)
        .hasMessage("a ended");
  }
}
