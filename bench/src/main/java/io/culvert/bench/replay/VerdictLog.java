package io.culvert.bench.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.testkit.pcap.CaptureFrame;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code verdicts.jsonl}: one line for each input frame, in the order processed. */
final class VerdictLog implements AutoCloseable {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().rootValueSeparator((String) null).build();

  private final BufferedWriter file;
  private final JsonGenerator json;
  private long lines;

  VerdictLog(Path path) throws IOException {
    file = Files.newBufferedWriter(path);
    json = JSON.createGenerator(file);
  }

  /** Starts a line; {@link #sent} may follow, {@link #end} must. */
  void begin(String device, CaptureFrame frame, String verdict, @Nullable String reason)
      throws IOException {
    lines++;
    json.writeStartObject();
    json.writeNumberField("n", lines);
    json.writeStringField("dev", device);
    json.writeNumberField("frame", frame.number());
    json.writeStringField("ts", seconds(frame.timestampNs()));
    json.writeStringField("verdict", verdict);
    json.writeStringField("reason", reason);
    json.writeArrayFieldStart("out");
  }

  /** A frame that was sent. */
  void sent(String device, int frame) throws IOException {
    json.writeStartObject();
    json.writeStringField("dev", device);
    json.writeNumberField("frame", frame);
    json.writeEndObject();
  }

  void end() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Seconds with six digits, or with nine if the time is finer than a microsecond. */
  static String seconds(long timestampNs) {
    long whole = Math.floorDiv(timestampNs, 1_000_000_000L);
    long rest = Math.floorMod(timestampNs, 1_000_000_000L);
    return rest % 1000 == 0
        ? String.format("%d.%06d", whole, rest / 1000)
        : String.format("%d.%09d", whole, rest);
  }

  @Override
  public void close() throws IOException {
    json.close();
    file.close();
  }
}
