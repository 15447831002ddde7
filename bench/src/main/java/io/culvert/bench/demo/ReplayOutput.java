package io.culvert.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.bench.replay.Replay;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A replay's output as it lies in its folder: read back, so that what is judged is what is there.
 */
final class ReplayOutput {

  /**
   * A verdict on one input frame.
   *
   * @param second whole seconds of its time stamp: the step, in golden captures
   * @param isFast true if it took the fast path
   * @param reason why not; empty if it did
   * @param sent what it caused
   */
  record Line(int second, boolean isFast, String reason, List<Sent> sent) {
    boolean isModelled() {
      return !reason.startsWith("not-modelled:");
    }
  }

  /**
   * A frame sent.
   *
   * @param device by which device
   * @param bytes the frame
   * @param isFast true if the fast path sent it
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  record Sent(String device, byte[] bytes, boolean isFast) {}

  private ReplayOutput() {}

  static List<Line> read(Path folder) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Map<String, List<CaptureFrame>> captures = new HashMap<>();
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(folder.resolve(Replay.VERDICTS))) {
      JsonNode line = mapper.readTree(text);
      boolean isFast = line.get("verdict").asText().equals("fast");
      List<Sent> sent = new ArrayList<>();
      for (JsonNode out : line.get("out")) {
        String device = out.get("dev").asText();
        CaptureFrame frame =
            captures
                .computeIfAbsent(device, name -> frames(folder.resolve(name + ".pcap")))
                .get(out.get("frame").asInt() - 1);
        sent.add(new Sent(device, frame.data(), isFast));
      }
      String ts = line.get("ts").asText();
      lines.add(
          new Line(
              Integer.parseInt(ts.substring(0, ts.indexOf('.'))),
              isFast,
              line.get("reason").isNull() ? "" : line.get("reason").asText(),
              sent));
    }
    return lines;
  }

  private static List<CaptureFrame> frames(Path file) {
    try (CaptureReader reader = CaptureReader.openEthernet(file)) {
      return reader.rest().asJava();
    }
  }
}
