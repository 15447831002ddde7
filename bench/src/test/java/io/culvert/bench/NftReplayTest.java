package io.culvert.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import io.culvert.testkit.pcap.CaptureWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays with a ruleset. */
class NftReplayTest {
  private static final String FLOWTABLE =
      "flowtable ft { hook ingress priority filter; devices = { eth0, eth1 }; }\n";
  private static final int SOURCE = 26;
  private static final int DESTINATION = 30;
  private static final int OWN = 0xc6336401;
  private static final String FORWARD = "chain forward { type filter hook forward priority 0\n";

  @TempDir private Path temp = Path.of("");
  private Path scenario = Path.of("");
  private Path left = Path.of("");
  private Path right = Path.of("");

  @BeforeEach
  void writeInputs() throws IOException {
    scenario = SmallRouter.scenario(temp);
    left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1_000_000, 3_000_000, 4_000_000);
    right = SmallRouter.capture(temp.resolve("r.pcap"), false, 2_000_000, 5_000_000);
  }

  /** GRE between the two hosts, with a key; the version is the second byte's last three bits. */
  private void writeGre(int version) throws IOException {
    byte[] gre = {0x20, (byte) version, 0x08, 0, 0, 0, 0, 7, 0x45, 0, 0, 20};
    byte[] there = SmallRouter.frame(true, 47, gre);
    byte[] back = SmallRouter.frame(false, 47, gre);
    left = SmallRouter.capture(temp.resolve("l.pcap"), there, 1_000_000, 3_000_000, 4_000_000);
    right = SmallRouter.capture(temp.resolve("r.pcap"), back, 2_000_000, 5_000_000);
  }

  private Cli replay(String table) throws IOException {
    Path file = temp.resolve("ruleset.nft");
    Files.writeString(file, "table inet filter {\n" + table + "}\n", US_ASCII);
    return Cli.run(
        "replay",
        "--scenario",
        scenario,
        "--nft",
        file,
        "--in",
        "eth0=" + left,
        "--in",
        "eth1=" + right,
        "--out",
        temp.resolve("out"),
        "--json");
  }

  private List<String> verdicts() throws IOException {
    return Files.readAllLines(temp.resolve("out/verdicts.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"verdict\":\"(.*?)\",\"reason\":\"?(.*?)\"?,.*", "$1 $2"))
        .toList();
  }

  private static JsonNode json(Cli run) throws IOException {
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void shouldForwardOnlyWhatThePolicyOfDropIsToldToAccept() throws IOException {
    JsonNode summary =
        json(
            replay(
                FLOWTABLE
                    + "counter lost { }\n"
                    + FORWARD
                    + "policy drop\niifname eth0 udp dport 53 flow add @ft accept\n"
                    + "counter name lost\n}\n"));

    // Nothing comes back, so nothing is offered.
    assertThat(verdicts())
        .containsExactly("slow miss", "drop filter", "slow miss", "slow miss", "drop filter");
    assertThat(summary.get("flowsOffered").asInt()).isZero();
    assertThat(summary.get("framesOut").get("eth0").asInt()).isZero();
    assertThat(summary.get("framesOut").get("eth1").asInt()).isEqualTo(3);
    assertThat(summary.get("dropReasons").get("filter").asInt()).isEqualTo(2);
    JsonNode lost = summary.get("counters").get("inet filter lost");
    assertThat(lost.get("packets").asInt()).isEqualTo(2);
    assertThat(lost.get("bytes").asInt()).isEqualTo(2 * 46);
  }

  @Test
  void shouldLetAnEstablishedFlowBackAndOffloadIt() throws IOException {
    JsonNode summary =
        json(
            replay(
                FLOWTABLE
                    + FORWARD
                    + "policy drop\nmeta l4proto { tcp, udp } flow add @ft\n"
                    + "ct state established,related counter accept\n"
                    + "iifname eth0 ct state new counter accept\n}\n"));

    // A flow that was offered is forwarded past the chain.
    assertThat(verdicts())
        .containsExactly("slow miss", "slow miss", "fast null", "fast null", "fast null");
    assertThat(summary.get("flowsOffered").asInt()).isEqualTo(1);
    assertThat(summary.get("counters").get("inet filter forward 6:30").get("packets").asInt())
        .isEqualTo(1);
  }

  @Test
  void shouldOfferOnlyFlowsThatTheRulesAdd() throws IOException {
    String accepting = FLOWTABLE + FORWARD + "tcp dport 53 flow add @ft\n}\n";
    assertThat(json(replay(accepting)).get("flowsOffered").asInt()).isZero();
    assertThat(verdicts()).containsOnly("slow miss");
    String adding = FLOWTABLE + FORWARD + "udp dport 53 flow add @ft\n}\n";
    assertThat(json(replay(adding)).get("fast").asInt()).isEqualTo(2);
  }

  /** As Linux: {@code flow add} takes what it is given, and of GRE only version 0. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "flow add @ft",
        "ip protocol gre flow add @ft",
        "meta l4proto { tcp, udp, gre } flow add @ft",
        "meta l4proto 47 flow add @ft"
      })
  void shouldOfferGreThatPassesThroughWhereTheRulesAddIt(String rule) throws IOException {
    writeGre(0);
    JsonNode summary = json(replay(FLOWTABLE + FORWARD + rule + "\n}\n"));
    assertThat(verdicts())
        .containsExactly("slow miss", "slow miss", "fast null", "fast null", "fast null");
    assertThat(summary.get("flowsOffered").asInt()).isEqualTo(1);
    assertThat(summary.get("framesOut").get("eth1").asInt()).isEqualTo(3);
    writeGre(1);
    json(replay(FLOWTABLE + FORWARD + rule + "\n}\n"));
    assertThat(verdicts()).containsOnly("slow protocol");
  }

  @Test
  void shouldNotOfferGreWhereNoRuleAddsIt() throws IOException {
    writeGre(0);
    json(replay(FLOWTABLE + FORWARD + "meta l4proto { tcp, udp } flow add @ft\n}\n"));
    assertThat(verdicts()).containsOnly("slow miss");
    Cli withoutRules =
        Cli.run(
            "replay",
            "--scenario",
            scenario,
            "--in",
            "eth0=" + left,
            "--in",
            "eth1=" + right,
            "--out",
            temp.resolve("out"),
            "--json");
    assertThat(json(withoutRules).get("flowsOffered").asInt()).isZero();
    assertThat(verdicts()).hasSize(5).containsOnly("slow miss");
  }

  @Test
  void shouldTakeOnlyTheDevicesOfTheFlowtable() throws IOException {
    String one = FLOWTABLE.replace(", eth1", "") + FORWARD + "flow add @ft\n}\n";
    JsonNode summary = json(replay(one));
    assertThat(verdicts())
        .containsExactly("slow miss", "slow port", "slow miss", "slow miss", "slow port");
    assertThat(summary.get("refusals").properties().iterator().next().getKey())
        .contains("eth1 is not a port of the flow table");
    assertThat(json(replay(FORWARD + "}\n")).get("slowReasons").get("no-flowtable").asInt())
        .isEqualTo(5);
  }

  @Test
  void shouldPrintCounters() throws IOException {
    Path file = temp.resolve("ruleset.nft");
    Files.writeString(file, "table ip t {\n" + FORWARD + "counter } }", US_ASCII);
    Cli run =
        Cli.run(
            "replay",
            "--scenario",
            scenario,
            "--nft",
            file,
            "--in",
            "eth0=" + left,
            "--out",
            temp.resolve("out"));
    assertThat(run.out()).containsPattern("counter ip t forward 3:1 +3 +138 bytes");
  }

  @Test
  void shouldSayWhereARulesetIsWrong() throws IOException {
    Cli run = replay(FLOWTABLE + FORWARD + "udp dport 53 flwo add @ft\ntcp dprt 1\n}\n");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().lines().toList())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("ruleset.nft:4:14: found 'flwo'; expected one of: iifname"),
            line ->
                assertThat(line)
                    .contains("ruleset.nft:5:5: found 'dprt'; expected one of: sport, dport"));
    assertThat(temp.resolve("out")).doesNotExist();
  }

  /** There and back, both slow first and then fast: the frames are the same. */
  @Test
  void shouldTranslateAddresses() throws IOException {
    byte[] answer = withAddress(SmallRouter.frame(false, 18), DESTINATION, OWN);
    try (CaptureWriter writer = new CaptureWriter(right)) {
      writer.write(2_000_000_000L, answer);
      writer.write(5_000_000_000L, answer);
    }
    JsonNode summary =
        json(
            replay(
                FLOWTABLE
                    + FORWARD
                    + "flow add @ft\n}\n"
                    + "chain post { type nat hook postrouting priority srcnat\n"
                    + "oifname eth1 counter masquerade\n}\n"));

    assertThat(verdicts())
        .containsExactly("slow miss", "slow miss", "fast null", "fast null", "fast null");
    assertThat(summary.get("counters").get("inet filter post 7:14").get("packets").asInt())
        .isEqualTo(1);
    byte[] there = forwarded(withAddress(SmallRouter.frame(true, 18), SOURCE, OWN), true);
    byte[] back = forwarded(SmallRouter.frame(false, 18), false);
    assertThat(frames("eth1")).hasSize(3).allMatch(frame -> Arrays.equals(frame, there));
    assertThat(frames("eth0")).hasSize(2).allMatch(frame -> Arrays.equals(frame, back));
  }

  private List<byte[]> frames(String device) throws IOException {
    try (CaptureReader reader = CaptureReader.open(temp.resolve("out/" + device + ".pcap"))) {
      return reader.rest().map(CaptureFrame::data).asJava();
    }
  }

  /** A frame of the small router's hosts with another address, which has no transport checksum. */
  private static byte[] withAddress(byte[] frame, int at, int address) {
    ByteBuffer.wrap(frame).putInt(at, address);
    return sealed(frame);
  }

  private static byte[] forwarded(byte[] frame, boolean toRight) {
    HexFormat hex = HexFormat.of();
    ByteBuffer.wrap(frame)
        .put(hex.parseHex(toRight ? "02000000000b" : "02000000000a"))
        .put(hex.parseHex(toRight ? "020000000011" : "020000000001"))
        .put(22, (byte) 63);
    return sealed(frame);
  }

  private static byte[] sealed(byte[] frame) {
    byte[] packet = Arrays.copyOfRange(frame, 14, frame.length);
    PlainFrames.fixHeaderChecksum(packet, 0);
    System.arraycopy(packet, 0, frame, 14, packet.length);
    return frame;
  }

  @Test
  void shouldRefuseFilterRulesBeforeRouting() throws IOException {
    Cli run = replay("chain raw { type filter hook prerouting priority raw; drop\n}\n");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("ruleset.nft:2:1: chain raw at prerouting is not modelled");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void shouldSayThatTheRulesetCannotBeRead() {
    Cli run =
        Cli.run(
            "replay",
            "--scenario",
            scenario,
            "--nft",
            temp.resolve("none.nft"),
            "--in",
            "eth0=" + left,
            "--out",
            temp.resolve("out"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("--nft ").contains("cannot read: no such file or folder");
  }
}
