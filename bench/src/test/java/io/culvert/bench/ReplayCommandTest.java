package io.culvert.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  @TempDir private Path temp = Path.of("");
  private Path scenario = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void writeScenario() throws IOException {
    scenario = SmallRouter.scenario(temp);
    out = temp.resolve("deep/er/out");
  }

  private Cli replay(Path left, Path right, Object... more) {
    Object[] args = new Object[9 + more.length];
    List<Object> first =
        List.of(
            "replay",
            "--scenario",
            scenario,
            "--in",
            "eth0=" + left,
            "--in",
            "eth1=" + right,
            "--out",
            out);
    for (int i = 0; i < args.length; i++) {
      args[i] = i < 9 ? first.get(i) : more[i - 9];
    }
    return Cli.run(args);
  }

  private static List<CaptureFrame> frames(Path file) {
    try (CaptureReader reader = CaptureReader.open(file)) {
      return reader.rest().asJava();
    }
  }

  @Test
  void shouldWriteVerdictsInTheOrderOfTimeAndOfTheOptions() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1_000_000, 3_000_034, 4_000_000);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false, 2_000_000, 3_000_034);

    Cli run = replay(left, right);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(Files.readAllLines(out.resolve("verdicts.jsonl")))
        .containsExactly(
            line(1, "eth0", 1, "1.000000", "slow", "\"miss\"", "eth1", 1),
            line(2, "eth1", 1, "2.000000", "slow", "\"miss\"", "eth0", 1),
            line(3, "eth0", 2, "3.000034", "fast", "null", "eth1", 2),
            line(4, "eth1", 2, "3.000034", "fast", "null", "eth0", 2),
            line(5, "eth0", 3, "4.000000", "fast", "null", "eth1", 3));
    assertThat(frames(out.resolve("eth1.pcap")))
        .extracting(CaptureFrame::timestampNs)
        .containsExactly(1_000_000_000L, 3_000_034_000L, 4_000_000_000L);
    assertThat(run.out()).contains("frames in").contains("miss").contains("eth1");
  }

  private static String line(
      int n, String dev, int frame, String ts, String verdict, String why, String to, int number) {
    return String.format(
        "{\"n\":%d,\"dev\":\"%s\",\"frame\":%d,\"ts\":\"%s\",\"verdict\":\"%s\",\"reason\":%s,"
            + "\"out\":[{\"dev\":\"%s\",\"frame\":%d}]}",
        n, dev, frame, ts, verdict, why, to, number);
  }

  @Test
  void shouldWriteClassicLittleEndianMicrosecondEthernet() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1_000_001);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);

    assertThat(replay(left, right).status()).isZero();

    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(out.resolve("eth1.pcap")))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file.getInt(0)).isEqualTo(0xa1b2c3d4);
    assertThat(file.getInt(20)).as("link type").isEqualTo(1);
    assertThat(file.getInt(24)).as("seconds").isEqualTo(1);
    assertThat(file.getInt(28)).as("microseconds").isEqualTo(1);
    assertThat(frames(out.resolve("eth0.pcap"))).as("a silent device's capture").isEmpty();
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("eth0.pcap", "eth1.pcap", "verdicts.jsonl");
  }

  @Test
  void shouldOfferFlowsAsAsked() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 2, 3);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false, 10, 11);

    assertThat(json(replay(left, right, "--json")).get("fast").asInt()).isEqualTo(1);
    assertThat(json(replay(left, right, "--json", "--offload", "first")).get("fast").asInt())
        .isEqualTo(4);
    assertThat(json(replay(left, right, "--json", "--offload=none")).get("fast").asInt()).isZero();
    JsonNode alone = json(replay(left, right, "--json", "--no-flowtable"));
    assertThat(alone.get("fast").asInt()).isZero();
    assertThat(alone.get("flowsOffered").asInt()).isZero();
    assertThat(alone.get("framesOut").get("eth1").asInt()).isEqualTo(3);
  }

  private static JsonNode json(Cli run) throws IOException {
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void shouldExpireFlowsByTheCapturesClock() throws IOException {
    long late = 100_000_000; // 100 s
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 2, late);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);
    Object[] first = {"--json", "--offload", "first"};

    assertThat(json(replay(left, right, first)).get("fast").asInt()).isEqualTo(1);
    assertThat(
            json(replay(left, right, "--json", "--offload", "first", "--timeout", 0))
                .get("fast")
                .asInt())
        .isEqualTo(2);
    assertThat(
            json(replay(left, right, "--json", "--offload", "first", "--timeout", 200))
                .get("fast")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void shouldAcceptEveryMatchMode() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 2);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);
    for (String mode : List.of("exact", "hash16", "hash32", "hash64")) {
      assertThat(
              json(replay(left, right, "--json", "--offload", "first", "--match", mode))
                  .get("fast")
                  .asInt())
          .as(mode)
          .isEqualTo(1);
    }
  }

  @Test
  void shouldDumpTheFlowsThatAreThereAtTheEnd() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 2, 3);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false, 10, 11);
    Path text = temp.resolve("dumps/flows.txt");

    assertThat(replay(left, right, "--offload", "first", "--dump", text).status()).isZero();
    assertThat(Files.readAllLines(text)).hasSize(1).allMatch(line -> line.contains(" packets=2 "));

    for (String name : List.of("flows.json", "flows.jsonl")) {
      Path json = temp.resolve(name);
      assertThat(replay(left, right, "--offload", "first", "--dump", json).status()).isZero();
      List<String> lines = Files.readAllLines(json);
      assertThat(lines).hasSize(1);
      JsonNode flow = new ObjectMapper().readTree(lines.getFirst());
      assertThat(flow.at("/original/packets").asLong()).isEqualTo(2);
      assertThat(flow.at("/original/in/device").asText()).isEqualTo("eth0");
      assertThat(flow.at("/reply/packets").asLong()).isEqualTo(2);
    }
    assertThat(replay(left, right, "--no-flowtable", "--dump", text).status()).isZero();
    assertThat(text).isEmptyFile();
  }

  @Test
  void shouldSayIfTheDumpCannotBeWritten() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);

    Cli run = replay(left, right, "--dump", temp);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("--dump " + temp).contains("is a folder; expected a file");
    assertThat(out).doesNotExist();
  }

  @Test
  void shouldKeepNanosecondsInVerdicts() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(24 + 16 + 60).order(ByteOrder.BIG_ENDIAN);
    file.putInt(0xa1b23c4d).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65535);
    file.putInt(1).putInt(5).putInt(123_456_789).putInt(60).putInt(60);
    file.put(SmallRouter.frame(true, 18));
    Path left = temp.resolve("ns.pcap");
    Files.write(left, file.array());
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);

    assertThat(replay(left, right).status()).isZero();

    assertThat(Files.readString(out.resolve("verdicts.jsonl"))).contains("\"ts\":\"5.123456789\"");
    assertThat(frames(out.resolve("eth1.pcap")).getFirst().timestampNs()).isEqualTo(5_123_456_000L);
  }

  @Test
  void shouldKeepTheOrderOfACaptureThatIsNotSorted() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 3_000_000, 1_000_000);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false, 2_000_000, 3_500_000);

    assertThat(replay(left, right).status()).isZero();

    assertThat(Files.readAllLines(out.resolve("verdicts.jsonl")))
        .map(text ->
            text.replaceAll(".*\"dev\":\"(eth.)\",\"frame\":(.).*\"ts\":\"(.).*", "$1 $2 $3"))
        .map(text -> text.substring(0, 8))
        .containsExactly("eth1 1 2", "eth0 1 3", "eth0 2 1", "eth1 2 3");
  }

  @Test
  void shouldReplaceAnOlderResult() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1);
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);
    Files.createDirectories(out);
    Files.writeString(out.resolve("eth1.pcap"), "old", US_ASCII);

    assertThat(replay(left, right).status()).isZero();

    assertThat(frames(out.resolve("eth1.pcap"))).hasSize(1);
  }

  @Test
  void shouldSayThatACaptureWasCut() throws IOException {
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1);
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(left)).order(ByteOrder.LITTLE_ENDIAN).putInt(36, 1500);
    Files.write(left, bytes.array());
    Path right = SmallRouter.capture(temp.resolve("r.pcap"), false);

    assertThat(replay(left, right).out()).contains("1 of them cut");
  }
}
