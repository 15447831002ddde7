package io.culvert.bench.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.TableMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where there are compilers: what C sends is what the flow table sends. */
class SidesInCTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", "."), "src/main/c").toAbsolutePath();

  @TempDir private Path temp = Path.of("");

  private static String run(String input, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static boolean isThere(String command) {
    try {
      return new ProcessBuilder(command, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException | InterruptedException _) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"into,INTO_TUNNEL,3,2", "into,INTO_TUNNEL,1000,7", "out,OUT_OF_TUNNEL,1000,7"})
  void shouldSendTheSameFrames(String word, Way way, int flows, int tunnels) throws Exception {
    assumeTrue(isThere("gcc"));
    String program = temp.resolve("fastpath").toString();
    run("", "gcc", "-O1", "-Wall", "-Werror", "-o", program, SOURCES + "/fastpath.c");
    String shown = run("show\n", program, "" + flows, "" + tunnels, word, "64");
    SliceWork ours =
        new FlowtableWork(
            new Flows(flows, tunnels), tunnels, way, MatchMode.EXACT, TableMemory.whole());
    assertThat(shown.lines()).containsExactly("ready", ours.show());
  }

  @Test
  void shouldCompileWhatRunsInTheKernel() throws Exception {
    assumeTrue(isThere("clang") && Files.exists(Path.of("/usr/include/bpf/bpf_helpers.h")));
    String object = temp.resolve("xdp.bpf.o").toString();
    String headers = "-I/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64");
    run(
        "",
        "clang",
        "-O2",
        "-g",
        "-target",
        "bpf",
        headers + "-linux-gnu",
        "-Wall",
        "-Werror",
        "-c",
        SOURCES + "/xdp.bpf.c",
        "-o",
        object);
    assertThat(Path.of(object)).isNotEmptyFile();
  }
}
