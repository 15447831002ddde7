package io.culvert.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What came out of a comparison, as it is kept in a file.
 *
 * @param format {@link #FORMAT}
 * @param time when, as ISO 8601
 * @param about machine, versions, commit
 * @param rounds slices of each side
 * @param skipped sides that were not measured, with the reason
 * @param rows a row for each side
 * @param ratios a row for each pair
 */
public record Results(
    String format,
    String time,
    Map<String, String> about,
    int rounds,
    Map<String, String> skipped,
    List<Row> rows,
    List<Ratio> ratios) {
  /** The value of {@code format}. */
  public static final String FORMAT = "culvert-compare/1";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One side.
   *
   * @param way {@code into}, {@code out}, {@code bulk} or {@code single}
   * @param ns nanoseconds of work a frame or lookup
   * @param fillNs median nanoseconds of writing a frame, already subtracted
   * @param bytesPerFrame most bytes of heap allocated a frame in a slice; 0 where there is no heap
   */
  public record Row(
      int flows, String way, String subject, Quartiles ns, double fillNs, double bytesPerFrame) {}

  /**
   * Two sides.
   *
   * @param subject whose time is divided
   * @param to by whose
   * @param times the quotient of neighbouring slices, each less the writing of frames
   * @param inAll the same with the writing of frames on both sides
   */
  public record Ratio(
      int flows, String way, String subject, String to, Quartiles times, Quartiles inAll) {}

  /** Writes a file, with the folders to it. */
  public void write(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }
}
