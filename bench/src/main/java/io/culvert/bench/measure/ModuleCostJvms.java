package io.culvert.bench.measure;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * {@link ModuleCost} in several JVMs, one after the other: what the JIT makes of the code differs
 * from JVM to JVM, and the ratio of two tables with it.
 */
public final class ModuleCostJvms {
  private ModuleCostJvms() {}

  /** One of the JVMs; its only argument is the number of rounds. */
  public static void main(String... args) {
    ModuleCost.measure(Integer.parseInt(args[0])).forEach(row -> System.out.println(row.line()));
  }

  /**
   * Measures in fresh JVMs, of the same java and with the flags of this one.
   *
   * @param jvms how many
   * @param rounds turns of each table in each of them
   * @param err told which one is running
   */
  public static String report(int jvms, int rounds, PrintWriter err) {
    List<List<ModuleCostRow>> found = new ArrayList<>();
    for (int number = 1; number <= jvms; number++) {
      err.printf("JVM %d of %d ...%n", number, jvms);
      err.flush();
      found.add(run(number, command(rounds)));
    }
    String heading =
        ModuleCost.setting(rounds)
            + " in each of "
            + jvms
            + " JVMs; medians of the JVMs' medians, ratio with lowest and highest";
    return ModuleCostRow.table(heading, median(found));
  }

  /** The command line of one JVM. */
  static List<String> command(int rounds) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // The program's manifest says so, which counts for java -jar alone.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ModuleCostJvms.class.getName());
    command.add(Integer.toString(rounds));
    return command;
  }

  /** What a JVM measured. */
  static List<ModuleCostRow> run(int number, List<String> command) {
    List<ModuleCostRow> rows;
    int status;
    try {
      Process child = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      try (BufferedReader out = child.inputReader()) {
        rows = out.lines().map(ModuleCostRow::read).flatMap(Optional::stream).toList();
        status = child.waitFor();
      } finally {
        child.destroy(); // if we were told to stop
      }
    } catch (IOException failed) {
      throw CliException.failed("--jvms: JVM " + number + ": " + Failures.reason(failed));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CliException.failed("--jvms: interrupted in JVM " + number);
    }
    if (status != 0 || rows.isEmpty()) {
      throw CliException.failed(
          "--jvms: JVM "
              + number
              + " ended with status "
              + status
              + " and "
              + rows.size()
              + " rows");
    }
    return rows;
  }

  /** Row by row the median of all JVMs, the ratio with its lowest and highest. */
  static List<ModuleCostRow> median(List<List<ModuleCostRow>> jvms) {
    List<ModuleCostRow> rows = new ArrayList<>();
    for (int i = 0; i < jvms.getFirst().size(); i++) {
      rows.add(medianOf(i, jvms));
    }
    return rows;
  }

  private static ModuleCostRow medianOf(int row, List<List<ModuleCostRow>> jvms) {
    ModuleCostRow first = jvms.getFirst().get(row);
    List<ModuleCostRow> same = new ArrayList<>();
    for (List<ModuleCostRow> rows : jvms) {
      ModuleCostRow one = row < rows.size() ? rows.get(row) : null;
      if (one == null || !one.stack().equals(first.stack()) || one.way() != first.way()) {
        throw new IllegalArgumentException("rows: row=" + row + " first=" + first + " one=" + one);
      }
      same.add(one);
    }
    Samples ratios = samples(same, ModuleCostRow::ratio);
    return new ModuleCostRow(
        first.stack(),
        first.way(),
        samples(same, ModuleCostRow::own).median(),
        samples(same, ModuleCostRow::all).median(),
        ratios.median(),
        ratios.quantile(0),
        ratios.quantile(1),
        samples(same, ModuleCostRow::bytes).quantile(1));
  }

  private static Samples samples(List<ModuleCostRow> rows, ToDoubleFunction<ModuleCostRow> figure) {
    Samples samples = new Samples(rows.size());
    rows.forEach(row -> samples.add(figure.applyAsDouble(row)));
    return samples;
  }
}
