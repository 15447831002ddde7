package io.culvert.bench.demo;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.bench.replay.ReplayInput;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.pcap.CaptureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A golden scenario as files that anybody can replay: {@code router.batch}, what each port received
 * ({@code eth0-in.pcap} …), and what Linux sent ({@code eth0-linux.pcap} …) to look at beside ours.
 *
 * @param scenario the scenario's file
 * @param inputs what the ports received
 */
public record GoldenInput(Path scenario, List<ReplayInput> inputs) {
  private static final List<String> PORTS = List.of("eth0", "eth1");

  /** Keeps its own copy of the list. */
  public GoldenInput {
    inputs = List.copyOf(inputs);
  }

  /** Writes the files into a folder, which is made if it is not there. */
  public static GoldenInput write(GoldenScenario golden, Path folder) {
    try {
      Files.createDirectories(folder);
      Path scenario = folder.resolve("router.batch");
      Files.writeString(scenario, golden.text());
      List<ReplayInput> inputs = new ArrayList<>();
      for (String port : PORTS) {
        Path file = folder.resolve(port + "-in.pcap");
        write(file, port, golden.steps().flatMap(step -> step.inputs()).asJava());
        inputs.add(new ReplayInput(port, file));
        write(
            folder.resolve(port + "-linux.pcap"),
            port,
            golden.steps().flatMap(step -> step.outputs()).asJava());
      }
      return new GoldenInput(scenario, inputs);
    } catch (IOException e) {
      throw CliException.failed("--out " + folder + ": cannot write there: " + Failures.reason(e));
    }
  }

  private static void write(Path file, String port, List<GoldenFrame> frames) throws IOException {
    try (CaptureWriter capture = new CaptureWriter(file)) {
      List<GoldenFrame> own =
          frames.stream()
              .filter(frame -> frame.device().equals(port))
              .sorted(Comparator.comparingLong(GoldenFrame::timestampNs))
              .toList();
      for (GoldenFrame frame : own) {
        capture.write(frame.timestampNs(), frame.bytes());
      }
    }
  }
}
