package io.culvert.bench.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What C2 says of the calls in the methods that it compiles, in a JVM of its own that runs {@link
 * InliningProbe}.
 */
final class JitLog {
  private static final Pattern COMPILED =
      Pattern.compile("^\\s*\\d+\\s+\\d+\\s.{0,20}?(\\S+)::(\\w+)(?: @ \\d+)? \\(\\d+ bytes\\)");
  private static final Pattern CALL =
      Pattern.compile("@ \\d+\\s+(\\S+?)(?:/0x\\w+)?::(\\S+) \\((\\d+) bytes\\)\\s+(.*)");

  /**
   * A call in the code of a compiled method.
   *
   * @param in the compiled method, class and name
   * @param callee whom it calls, class and name
   * @param decision what the JIT did with it
   */
  record Call(String in, String callee, String decision) {}

  private JitLog() {}

  /** Runs the probe; its lines. One compiler, one method after the other. */
  static List<String> ofProbe() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+PrintCompilation",
                "-XX:+PrintInlining",
                "-XX:-TieredCompilation",
                "-Xbatch",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                InliningProbe.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (BufferedReader out = child.inputReader()) {
      lines = out.lines().toList();
    }
    if (child.waitFor() != 0) {
      throw new IllegalStateException(
          String.join("\n", lines.stream().filter(line -> line.contains("rror")).toList()));
    }
    return lines;
  }

  /** The calls that such lines tell of, in their order. */
  static List<Call> calls(Iterable<String> lines) {
    List<Call> calls = new ArrayList<>();
    String in = "";
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      Matcher compiled = COMPILED.matcher(line);
      if (compiled.find() && !line.contains(" @ 0x") && !line.stripLeading().startsWith("@")) {
        in = simple(compiled.group(1)) + "." + compiled.group(2);
      } else if (call.find()) {
        calls.add(new Call(in, call.group(1) + "." + call.group(2), call.group(4).strip()));
      }
    }
    return calls;
  }

  private static String simple(String type) {
    String withoutHidden = type.replaceFirst("/0x\\w+$", "");
    return withoutHidden.substring(withoutHidden.lastIndexOf('.') + 1);
  }
}
