package io.culvert.bench.measure;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.flowtable.FlowTableConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The packet path under each garbage collector: JVMs one after the other, collectors in turns. Each
 * measures with nothing else in the JVM, then while another thread offers flows, which leaves
 * garbage.
 */
public final class CollectorCost {
  private static final int FLOWS = 1000;
  private static final int TUNNELS = 64;
  private static final int SPOOFED = 1 << 20;
  private static final String MARK = "collector-cost";

  /** Parallel first: the others are held against it. */
  private static final List<String> COLLECTORS = List.of("Parallel", "Serial", "G1", "Z");

  private CollectorCost() {}

  /** One of the JVMs; its arguments: slices of each kind, batches of a slice. */
  public static void main(String... args) {
    double[] found = measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    System.out.println(MARK + "\t" + found[0] + "\t" + found[1]);
  }

  /** Medians, nanoseconds a frame: with nothing else going on, and with garbage. */
  private static double[] measure(int slices, int batches) {
    Flows all = new Flows(FLOWS + SPOOFED, TUNNELS);
    Topology topology = new Topology(TUNNELS, 0);
    RoutedTable table =
        new RoutedTable(FlowTableConfig.defaults().withFlows(1 << 16, 1), topology, all);
    table.fill(0, FLOWS, Duration.ofDays(1));
    Lane lane = new Lane(table.table, new TrafficGenerator(topology, all), 0, 0, FLOWS);
    lane.slice(2 * batches);
    Samples quiet = new Samples(slices);
    Samples garbage = new Samples(slices);
    try (SpoofedOffers offers = new SpoofedOffers(table, FLOWS, SPOOFED, false)) {
      for (int n = 0; n < slices; n++) {
        quiet.add(lane.slice(batches));
        offers.start();
        garbage.add(lane.slice(batches));
        offers.pause();
      }
    }
    return new double[] {quiet.median(), garbage.median()};
  }

  /**
   * Measures in fresh JVMs of the same java.
   *
   * @param jvms of each collector
   * @param slices turns of each kind in a JVM
   * @param batches batches of 512 frames of a slice
   * @param err told which one is running
   */
  public static String report(int jvms, int slices, int batches, PrintWriter err) {
    double[][][] found = new double[COLLECTORS.size()][jvms][];
    for (int jvm = 0; jvm < jvms; jvm++) {
      for (int i = 0; i < COLLECTORS.size(); i++) {
        err.printf("%sGC, JVM %d of %d ...%n", COLLECTORS.get(i), jvm + 1, jvms);
        err.flush();
        found[i][jvm] = run(COLLECTORS.get(i), slices, batches);
      }
    }
    return table(found, jvms);
  }

  private static String table(double[][][] found, int jvms) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,d flows into the tunnels; ns of CPU a frame, median of %d JVMs each, ratio to"
                    + " Parallel's of the same turn with quartiles%n%-10s %28s %34s%n",
                FLOWS,
                jvms,
                "collector",
                "nothing else",
                "another thread offers 1 M/s"));
    for (int i = 0; i < COLLECTORS.size(); i++) {
      text.append(
          String.format(
              "%-10s %s %s%n",
              COLLECTORS.get(i), cell(found[i], found[0], 0), cell(found[i], found[0], 1)));
    }
    return text.toString();
  }

  private static String cell(double[][] of, double[][] parallel, int kind) {
    Samples ns = new Samples(of.length);
    Samples ratio = new Samples(of.length);
    for (int jvm = 0; jvm < of.length; jvm++) {
      ns.add(of[jvm][kind]);
      ratio.add(of[jvm][kind] / parallel[jvm][kind]);
    }
    return String.format(
        Locale.ROOT,
        "%12.1f, %.2f (%.2f..%.2f)",
        ns.median(),
        ratio.median(),
        ratio.quantile(0.25),
        ratio.quantile(0.75));
  }

  private static double[] run(String collector, int slices, int batches) {
    List<String> lines;
    int status;
    try {
      Process child =
          new ProcessBuilder(command(collector, slices, batches))
              .redirectError(Redirect.INHERIT)
              .start();
      try (BufferedReader out = child.inputReader()) {
        lines = out.lines().filter(line -> line.startsWith(MARK)).toList();
        status = child.waitFor();
      } finally {
        child.destroy(); // if we were told to stop
      }
    } catch (IOException failed) {
      throw CliException.failed("--collectors: " + Failures.reason(failed));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CliException.failed("--collectors: interrupted");
    }
    if (status != 0 || lines.size() != 1) {
      throw CliException.failed("--collectors: " + collector + " ended with status " + status);
    }
    String[] words = lines.getFirst().split("\t", -1);
    return new double[] {Double.parseDouble(words[1]), Double.parseDouble(words[2])};
  }

  private static List<String> command(String collector, int slices, int batches) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+Use" + collector + "GC");
    command.add("-Xmx1g");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(CollectorCost.class.getName());
    command.add(Integer.toString(slices));
    command.add(Integer.toString(batches));
    return command;
  }
}
