package io.culvert.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.nft.NftError;
import io.culvert.testkit.nft.NftReader;
import io.culvert.testkit.nft.RefusedRun;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A golden scenario: how the router was set up, and what it received and sent in each step.
 *
 * @param name its name
 * @param text the router's set-up as scenario text: the commands that the kernel got, after the
 *     addresses of the ports
 * @param deviceMtus MTUs that the kernel gave the router's devices
 * @param tracksConnections true if the kernel tracked connections, for rules or a flow table
 * @param ruleset the rules that the kernel got, as {@code nft -f} reads them
 * @param steps the steps in order
 */
public record GoldenScenario(
    String name,
    String text,
    Map<String, Integer> deviceMtus,
    boolean tracksConnections,
    Option<String> ruleset,
    Seq<GoldenStep> steps) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RESOURCES = "/io/culvert/testkit/golden/";

  /** The captures that show the router's two ports. */
  private static final Map<String, String> DEVICES = HashMap.of("inner", "eth0", "outer", "eth1");

  /** A scenario without rules. */
  public GoldenScenario(
      String name,
      String text,
      Map<String, Integer> deviceMtus,
      boolean tracksConnections,
      Seq<GoldenStep> steps) {
    this(name, text, deviceMtus, tracksConnections, Option.none(), steps);
  }

  /**
   * The rules on a router; none if the kernel had none.
   *
   * @throws IllegalStateException if they cannot be read or run
   */
  public Option<ForwardRules> rules(Scenario scenario) {
    return ruleset.map(text ->
        NftReader.read(name, text)
            .mapLeft(errors -> errors.map(NftError::message))
            .flatMap(read ->
                ForwardRules.of(read, scenario)
                    .mapLeft(refusals -> refusals.map(RefusedRun::message)))
            .getOrElseThrow(why -> new IllegalStateException(name + ": " + why.mkString("; "))));
  }

  /** Opens one file of a scenario, plain or compressed. */
  private interface Source {
    InputStream open(String file) throws IOException;
  }

  /** Names of the scenarios that come with the kit. */
  public static Seq<String> names() {
    try (InputStream list = resource("scenarios.txt")) {
      return List.of(new String(list.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A scenario that comes with the kit. */
  public static GoldenScenario named(String name) {
    return read(name, file -> resource(name + "/" + file + ".gz"));
  }

  /** A scenario in a folder, its files plain or compressed. */
  public static GoldenScenario in(Path folder) {
    return read(
        String.valueOf(folder.getFileName()),
        file -> {
          Path plain = folder.resolve(file);
          return Files.newInputStream(Files.exists(plain) ? plain : folder.resolve(file + ".gz"));
        });
  }

  private static InputStream resource(String path) throws IOException {
    InputStream stream = GoldenScenario.class.getResourceAsStream(RESOURCES + path);
    if (stream == null) {
      throw new IOException("no resource " + RESOURCES + path);
    }
    return stream;
  }

  private static GoldenScenario read(String name, Source files) {
    try {
      JsonNode scenario;
      try (InputStream in = plain(files.open("scenario.json"))) {
        scenario = JSON.readTree(in);
      }
      java.util.Map<String, List<CaptureFrame>> captures = new java.util.HashMap<>();
      for (String capture : DEVICES.keySet()) {
        String file = capture + ".pcap";
        try (CaptureReader reader = CaptureReader.of(name + "/" + file, files.open(file))) {
          captures.put(capture, reader.rest());
        }
      }
      java.util.List<GoldenStep> steps = new ArrayList<>();
      java.util.List<JsonNode> lines = new ArrayList<>();
      try (BufferedReader index =
          new BufferedReader(
              new InputStreamReader(plain(files.open("index.jsonl")), StandardCharsets.UTF_8))) {
        for (String line = index.readLine(); line != null; line = index.readLine()) {
          JsonNode read = JSON.readTree(line);
          lines.add(read);
          steps.add(step(read, captures));
        }
      }
      return new GoldenScenario(
          name,
          GoldenText.of(scenario, lines),
          mtus(scenario),
          tracks(scenario),
          GoldenText.ruleset(scenario),
          List.ofAll(steps));
    } catch (IOException e) {
      throw new UncheckedIOException("golden scenario " + name + ": " + e.getMessage(), e);
    }
  }

  private static InputStream plain(InputStream stream) throws IOException {
    InputStream buffered = new BufferedInputStream(stream);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered) : buffered;
  }

  private static boolean tracks(JsonNode scenario) {
    boolean tracks = false;
    for (JsonNode command : scenario.path("commands")) {
      tracks |=
          command.path("netns").asText().equals("router")
              && command.path("cmd").asText().contains("nf_conntrack");
    }
    return tracks;
  }

  private static Map<String, Integer> mtus(JsonNode scenario) {
    Map<String, Integer> mtus = HashMap.empty();
    for (var entry : scenario.path("device_mtus").path("router").properties()) {
      mtus = mtus.put(entry.getKey(), entry.getValue().asInt());
    }
    return mtus;
  }

  private static GoldenStep step(
      JsonNode line, java.util.Map<String, List<CaptureFrame>> captures) {
    java.util.List<GoldenFrame> inputs = new ArrayList<>();
    java.util.List<GoldenFrame> outputs = new ArrayList<>();
    for (JsonNode frame : line.path("frames")) {
      String capture = frame.path(0).asText();
      @Nullable List<CaptureFrame> frames = captures.get(capture);
      if (frames != null) {
        int number = frame.path(2).asInt();
        CaptureFrame captured = frames.get(number - 1);
        boolean isInput = frame.path(1).asText().equals("in");
        (isInput ? inputs : outputs)
            .add(
                new GoldenFrame(
                    DEVICES.get(capture).get(), number, captured.timestampNs(), captured.data()));
      }
    }
    inputs.sort(Comparator.comparingLong(GoldenFrame::timestampNs));
    outputs.sort(Comparator.comparingLong(GoldenFrame::timestampNs));
    return new GoldenStep(
        line.path("step").asInt(),
        line.path("op").asText(),
        line.path("port").asText(),
        line.path("path").asText(),
        line.path("label").asText(),
        List.ofAll(inputs),
        List.ofAll(outputs));
  }
}
