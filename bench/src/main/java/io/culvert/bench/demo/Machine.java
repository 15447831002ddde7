package io.culvert.bench.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a figure was measured on: a figure without it says nothing. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** One line: processor, how many of them, and the JDK. */
  public static String describe() {
    return cpu()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " CPUs; "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + "; "
        + System.getProperty("java.vm.name")
        + " "
        + Runtime.version()
        + " ("
        + System.getProperty("java.vendor")
        + ")";
  }

  private static String cpu() {
    try {
      return model(Files.readAllLines(CPU_INFO));
    } catch (IOException _) {
      return "unknown processor"; // Not Linux.
    }
  }

  private static String model(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("model name") || line.startsWith("Model"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }
}
