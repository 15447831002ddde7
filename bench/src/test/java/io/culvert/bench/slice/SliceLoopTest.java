package io.culvert.bench.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.TableMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SliceLoopTest {
  static Stream<SliceWork> works() {
    Flows flows = new Flows(100, 4);
    return Stream.of(
        new FlowtableWork(flows, 4, Way.INTO_TUNNEL, MatchMode.EXACT, TableMemory.whole()),
        new FlowtableWork(flows, 4, Way.OUT_OF_TUNNEL, MatchMode.HASH64, TableMemory.whole()),
        new StackWork(8, 2, Way.INTO_TUNNEL, Stack.IPIP_GRE));
  }

  static List<String> answers(SliceWork work, String... questions) throws IOException {
    StringWriter out = new StringWriter();
    new SliceLoop(work, 500)
        .run(
            new BufferedReader(new StringReader(String.join("\n", questions))),
            new PrintWriter(out));
    return out.toString().lines().toList();
  }

  @ParameterizedTest
  @MethodSource("works")
  void shouldAnswerALineWithALine(SliceWork work) throws IOException {
    List<String> answers = answers(work, "go", "show", "go");
    assertThat(answers).hasSize(4).startsWith("ready");
    assertThat(answers.get(1)).matches("[0-9.]+ [0-9.]+ [0-9.]+");
    assertThat(answers.get(2)).isEqualTo(work.show());
  }
}
