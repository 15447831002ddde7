package io.culvert.bench.replay;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.flowtable.status.FlowJson;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.flowtable.status.FlowText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The file of {@code --dump}: a flow a line, as JSON if its name ends in {@code .json} or {@code
 * .jsonl}, else as text. Its name appears when it is complete.
 */
public final class DumpFile implements AutoCloseable {
  private final String option;
  private final Function<FlowStatus, String> line;
  private final OutputFolder folder;
  private final Path part;

  /** Makes sure that the file can be written. */
  public DumpFile(Path file) {
    option = "--dump " + file;
    Path name = file.getFileName();
    if (name == null) {
      throw CliException.usage(option + ": this is a folder; expected a file");
    }
    boolean isJson = name.toString().endsWith(".json") || name.toString().endsWith(".jsonl");
    line = isJson ? FlowJson::line : FlowText::line;
    folder = new OutputFolder(Objects.requireNonNullElse(file.getParent(), Path.of(".")), option);
    part = folder.part(name.toString());
  }

  /** Writes the flows and gives the file its name. */
  public void write(Stream<FlowStatus> flows) {
    try (BufferedWriter file = Files.newBufferedWriter(part)) {
      for (Iterator<FlowStatus> each = flows.iterator(); each.hasNext(); ) {
        file.write(line.apply(each.next()));
        file.write('\n');
      }
    } catch (IOException e) {
      throw CliException.failed(option + ": cannot write: " + Failures.reason(e));
    }
    folder.publish();
  }

  @Override
  public void close() {
    folder.close();
  }
}
