package io.culvert.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can get wrong: one clear message, the right status, nothing half-written. */
class HostileTest {
  @TempDir private Path temp = Path.of("");
  private Path scenario = Path.of("");
  private Path left = Path.of("");
  private Path right = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void writeGoodFiles() throws IOException {
    scenario = SmallRouter.scenario(temp);
    left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 3, 5);
    right = SmallRouter.capture(temp.resolve("r.pcap"), false, 2, 4);
    out = temp.resolve("out");
  }

  private Cli replay() {
    return replay("--in", "eth0=" + left, "--in", "eth1=" + right);
  }

  private Cli replay(Object... inputs) {
    return Cli.run(
        Stream.concat(
                Stream.of("replay", "--scenario", scenario, "--out", out), Arrays.stream(inputs))
            .toArray());
  }

  private static void assertRefused(Cli run, int status, String... parts) {
    assertThat(run.err()).contains(parts);
    assertThat(run.err()).as("no stack trace").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(status);
  }

  private void assertNothingWritten() {
    assertThat(out).doesNotExist();
  }

  private static void cut(Path file, int bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - bytes));
  }

  @Test
  void shouldRefuseACaptureThatEndsWithinAFrame() throws IOException {
    cut(right, 7);
    assertRefused(replay(), 1, "r.pcap", "byte ", "expected");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseACaptureThatEndsWithinAFramesHeader() throws IOException {
    cut(right, 60 + 9);
    assertRefused(replay(), 1, "r.pcap", "byte ", "expected");
    assertNothingWritten();
  }

  @Test
  void shouldKeepAnOlderResultWhenACaptureIsDamaged() throws IOException {
    assertThat(replay().status()).isZero();
    byte[] before = Files.readAllBytes(out.resolve("eth1.pcap"));
    cut(left, 1);
    assertRefused(replay(), 1, "l.pcap");
    assertThat(out.resolve("eth1.pcap")).hasBinaryContent(before);
    assertThat(out.toFile().list()).hasSize(3);
  }

  @Test
  void shouldRefuseWhatIsNoCapture() throws IOException {
    Files.writeString(left, "this is a text", US_ASCII);
    assertRefused(replay(), 1, "l.pcap", "expected a pcap or pcapng file");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAnEmptyFile() throws IOException {
    Files.write(left, new byte[0]);
    assertRefused(replay(), 1, "l.pcap");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAnotherLinkType() throws IOException {
    byte[] bytes = Files.readAllBytes(left);
    bytes[20] = 101;
    Files.write(left, bytes);
    assertRefused(replay(), 1, "l.pcap", "link type 101", "link type 1");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAMissingCapture() throws IOException {
    Files.delete(left);
    assertRefused(replay(), 1, "--in eth0=" + left, "no such file");
    Files.createDirectory(left);
    assertRefused(replay(), 1, "--in eth0=" + left, "it is a folder");
    assertNothingWritten();
  }

  @Test
  void shouldNameEveryMistakeOfAScenarioWithItsPlace() throws IOException {
    Files.writeString(
        scenario,
        SmallRouter.SCENARIO + "link set eth0 mtv 1400\nroute add 10.0.0.0/33 dev eth0\n",
        US_ASCII);
    assertRefused(
        replay(),
        2,
        "router.batch:7:15: ",
        "router.batch:8:11: ",
        "mtv",
        "10.0.0.0/33",
        "expected");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAPortWithoutAddress() throws IOException {
    Files.writeString(scenario, SmallRouter.SCENARIO + "link set eth2 up\n", US_ASCII);
    assertRefused(replay(), 2, "router.batch", "eth2", "link set eth2 address MAC");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAScenarioWithoutPorts() throws IOException {
    Files.writeString(scenario, "# nothing\n", US_ASCII);
    assertRefused(replay(), 2, "router.batch", "no real device");
  }

  @Test
  void shouldRefuseAMissingOrBinaryScenario() throws IOException {
    Files.write(scenario, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertRefused(replay(), 2, "router.batch", "no text");
    Files.delete(scenario);
    assertRefused(replay(), 1, "router.batch", "no such file");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAnUnknownDeviceAndNameTheKnownOnes() {
    assertRefused(
        replay("--in", "eth7=" + left), 2, "eth7", "no real device", "expected one of: eth0, eth1");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseTwoInputsForADevice() {
    assertRefused(
        replay("--in", "eth0=" + left, "--in", "eth0=" + right), 2, "eth0 has an input already");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAnInputWithoutDevice() {
    assertRefused(replay("--in", left), 2, "expected DEVICE=FILE");
    assertRefused(replay("--in", "eth0="), 2, "expected DEVICE=FILE");
  }

  @Test
  void shouldRefuseToOverwriteAnInput() throws IOException {
    Files.createDirectories(out);
    Path own = Files.copy(left, out.resolve("eth1.pcap"));
    assertRefused(replay("--in", "eth0=" + own), 2, "would be overwritten");
    assertThat(own).hasSameBinaryContentAs(left);
  }

  @Test
  void shouldRefuseAnOutputFolderThatIsAFileOrBelowOne() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x", US_ASCII);
    for (Path bad : List.of(file, file.resolve("below"), file.resolve("far/below"))) {
      out = bad;
      assertRefused(replay(), 1, "--out " + bad, "cannot make the folder");
    }
    assertThat(file).hasContent("x");
  }

  @Test
  void shouldRefuseAFolderInTheWayOfAFile() throws IOException {
    Files.createDirectories(out.resolve("verdicts.jsonl"));
    assertRefused(replay(), 1, "verdicts.jsonl is a folder");
    assertThat(out.toFile().list()).containsExactly("verdicts.jsonl");
  }

  @Test
  void shouldRefuseWrongOptions() {
    assertRefused(
        replay("--in", "eth0=" + left, "--match", "maybe"),
        2,
        "--match",
        "'maybe'",
        "expected one of: exact, hash16, hash32, hash64");
    assertRefused(
        replay("--in", "eth0=" + left, "--offload", "always"),
        2,
        "--offload",
        "expected one of: reply, first, none");
    assertRefused(replay("--in", "eth0=" + left, "--timeout", "-1"), 2, "--timeout -1", "expected");
    assertRefused(replay("--in", "eth0=" + left, "--timeout", "soon"), 2, "--timeout", "soon");
    assertRefused(
        replay("--in", "eth0=" + left, "--modules", temp.resolve("none")),
        2,
        "--modules",
        "no such folder");
    assertRefused(Cli.run("replay"), 2, "Missing required options", "--scenario");
    assertRefused(Cli.run("replai"), 2, "replai");
    assertRefused(Cli.run(), 2, "a command is missing");
    assertNothingWritten();
  }
}
