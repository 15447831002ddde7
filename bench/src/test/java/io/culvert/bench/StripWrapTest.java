package io.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureReader;
import io.culvert.testkit.pcap.CaptureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripWrapTest {
  @TempDir private Path temp = Path.of("");
  private Path in = Path.of("");

  /**
   * What hosts sent through a plain router: IPv4, IPv6, options, fragments, padding. Not what Linux
   * does not answer: a tunnel's module may refuse what is no good IP packet, too.
   */
  @BeforeEach
  void writeCapture() throws IOException {
    in = temp.resolve("in.pcap");
    List<GoldenFrame> frames =
        GoldenScenario.named("plain-routing")
            .steps()
            .filter(step -> step.outputs().nonEmpty())
            .flatMap(step -> step.inputs())
            .asJava();
    try (CaptureWriter writer = new CaptureWriter(in)) {
      for (GoldenFrame frame : frames) {
        byte[] bytes = frame.bytes();
        boolean isIp =
            bytes.length >= 34
                && ((bytes[12] == 8 && bytes[14] >> 4 == 4)
                    || (bytes[12] == (byte) 0x86 && (bytes[14] & 0xf0) == 0x60));
        if (isIp) {
          writer.write(frame.timestampNs(), bytes);
        }
      }
    }
  }

  private static List<CaptureFrame> frames(Path file) {
    try (CaptureReader reader = CaptureReader.open(file)) {
      return reader.rest().asJava();
    }
  }

  private Cli wrap(String stack, Path from, Path to, Object... more) {
    return run("wrap", List.of("--stack", stack, from, to), more);
  }

  private static Cli strip(Path from, Path to, Object... more) {
    return run("strip", List.of(from, to), more);
  }

  private static Cli run(String command, List<Object> args, Object... more) {
    Object[] all = new Object[1 + args.size() + more.length];
    all[0] = command;
    for (int i = 1; i < all.length; i++) {
      all[i] = i <= args.size() ? args.get(i - 1) : more[i - 1 - args.size()];
    }
    return Cli.run(all);
  }

  private static JsonNode json(Cli run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  /** Padding is free: what is behind an IP packet goes where IP packets are put into tunnels. */
  private static byte[] withoutPadding(byte[] frame) {
    int type = (frame[12] & 0xff) << 8 | (frame[13] & 0xff);
    int length =
        type == 0x0800 && frame.length >= 34
            ? (frame[16] & 0xff) << 8 | (frame[17] & 0xff)
            : type == 0x86dd && frame.length >= 54
                ? 40 + ((frame[18] & 0xff) << 8 | (frame[19] & 0xff))
                : 0;
    return length == 0 || 14 + length > frame.length ? frame : Arrays.copyOf(frame, 14 + length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vlan id 100",
        "vlan proto 802.1ad id 200 / vlan id 0",
        "pppoe session 0x1234 peer 02:00:00:00:00:12",
        "ipip local 192.0.2.1 remote 192.0.2.2 ttl 64",
        "sit local 192.0.2.1 remote 192.0.2.2",
        "ip6tnl mode any local fd00::1 remote fd00::2 encaplimit none",
        "gre local 192.0.2.1 remote 192.0.2.2 key 7 csum seq",
        "ip6gre local fd00::1 remote fd00::2 encaplimit none",
        "gretap local 192.0.2.1 remote 192.0.2.2 csum",
        "vxlan id 16777215 local 192.0.2.1 remote 192.0.2.2 dstport 4789",
        "vxlan id 1 local fd00::1 remote fd00::2 dstport 4789 udp6zerocsumtx",
        "vlan id 5 / pppoe session 9 peer 02:00:00:00:00:12 / ipip local 192.0.2.1 remote 192.0.2.2"
            + " / gre local 198.51.100.1 remote 198.51.100.2 / vxlan id 8 dstport 4789 local 192.0.2.3"
            + " remote 192.0.2.4 / vlan id 6"
      })
  void shouldTakeOffWhatWasPutOn(String stack) throws IOException {
    Path wrapped = temp.resolve("wrapped.pcap");
    JsonNode put = json(wrap(stack, in, wrapped, "--json"));
    Path stripped = temp.resolve("stripped.pcap");
    assertThat(strip(wrapped, stripped).status()).isZero();
    Path plain = temp.resolve("plain.pcap");
    assertThat(strip(in, plain).status()).isZero();

    int count = put.get("stacks").path(stack).path("packets").asInt();
    assertThat(count).isGreaterThan(50);
    List<CaptureFrame> before = frames(plain);
    List<CaptureFrame> after = frames(stripped);
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      byte[] wanted = withoutPadding(before.get(i).data());
      byte[] got = withoutPadding(after.get(i).data());
      if (stack.startsWith("pppoe") || stack.contains("/ pppoe")) {
        // Frames go to the peer.
        System.arraycopy(got, 0, wanted, 0, stack.contains("vxlan") ? 0 : 6);
      }
      assertThat(got).as("frame %d", i + 1).isEqualTo(wanted);
      assertThat(after.get(i).timestampNs()).isEqualTo(before.get(i).timestampNs());
    }
  }

  @Test
  void shouldWriteEveryByte() throws IOException {
    Path one = SmallRouter.capture(temp.resolve("one.pcap"), true, 1);
    Path wrapped = temp.resolve("wrapped.pcap");
    String stack = "vlan id 100 egress-qos-map 0:3 / ipip local 192.0.2.1 remote 192.0.2.2 ttl 9";
    Object[] macs = {"--mac-to", "02:00:00:00:00:12", "--mac-from", "02:00:00:00:00:11"};
    assertThat(wrap(stack, one, wrapped, macs).status()).isZero();

    String inner = HexFormat.of().formatHex(SmallRouter.frame(true, 18)).substring(28);
    assertThat(HexFormat.of().formatHex(frames(wrapped).getFirst().data()))
        .isEqualTo(
            "020000000012020000000011"
                + "8100"
                + "6064"
                + "0800"
                + "4500004200004000"
                + "0904edb4"
                + "c0000201c0000202"
                + inner);
  }

  @Test
  void shouldReportWhatWasFoundAndWhatWasLeftAlone() throws IOException {
    Path wrapped = temp.resolve("wrapped.pcap");
    wrap("gre local 192.0.2.1 remote 192.0.2.2 key 7", in, wrapped);
    byte[] damaged = frames(wrapped).getFirst().data();
    damaged[14 + 20] |= 0x40; // the routing flag
    byte[] damagedOutside = frames(wrapped).get(1).data();
    damagedOutside[14 + 8]++;
    Path file = temp.resolve("damaged.pcap");
    try (CaptureWriter writer = new CaptureWriter(file)) {
      writer.write(0, damaged);
      writer.write(0, damagedOutside);
      writer.write(0, frames(wrapped).get(2).data());
      writer.write(0, new byte[9]);
    }

    Path out = temp.resolve("deep/er/out.pcap");
    JsonNode report = json(strip(file, out, "--json"));

    assertThat(report.get("all").get("packets").asInt()).isEqualTo(4);
    assertThat(report.get("stacks").properties()).hasSize(1);
    assertThat(report.get("stacks").properties().iterator().next().getKey())
        .startsWith("gre ")
        .endsWith(" 192.0.2.1 > 192.0.2.2");
    assertThat(report.get("leftAlone").properties())
        .extracting(entry -> entry.getKey() + " " + entry.getValue().get("packets").asInt())
        .containsExactly(
            "gre: UNSUPPORTED 1",
            "a wrong IPv4 header checksum 1",
            "shorter than an Ethernet header 1");
    assertThat(frames(out).get(0).data()).isEqualTo(damaged);
    assertThat(strip(file, out).out()).contains("LEFT ALONE").contains("all frames");
  }

  @Test
  void shouldKnowOtherUdpPortsWhenTold() throws IOException {
    Path wrapped = temp.resolve("wrapped.pcap");
    wrap("vxlan id 7 local 192.0.2.1 remote 192.0.2.2", in, wrapped);
    Path out = temp.resolve("out.pcap");
    assertThat(json(strip(wrapped, out, "--json")).get("stacks").toString())
        .doesNotContain("vxlan");
    JsonNode told = json(strip(wrapped, out, "--json", "--udp-port", "8472=vxlan"));
    assertThat(told.get("stacks").toString()).contains("vxlan 7 192.0.2.1 > 192.0.2.2");
  }

  @Test
  void shouldStripWhatLinuxSends() throws IOException {
    Path file = temp.resolve("outer.pcap");
    try (CaptureWriter writer = new CaptureWriter(file)) {
      for (GoldenFrame frame :
          GoldenScenario.named("ipip-ttl64").steps().flatMap(step -> step.outputs()).asJava()) {
        if (frame.device().equals("eth1")) {
          writer.write(frame.timestampNs(), frame.bytes());
        }
      }
    }
    JsonNode report = json(strip(file, temp.resolve("out.pcap"), "--json"));
    assertThat(report.get("stacks").get("ipip 192.168.1.1 > 192.168.1.2").get("packets").asInt())
        .isGreaterThan(50);
  }

  @Test
  void shouldCopyFramesThatTheStackCannotCarry() throws IOException {
    Path file = temp.resolve("arp.pcap");
    byte[] arp =
        HexFormat.of().parseHex("ffffffffffff" + "020000000001" + "0806" + "00".repeat(46));
    try (CaptureWriter writer = new CaptureWriter(file)) {
      writer.write(0, arp);
    }
    Path out = temp.resolve("out.pcap");
    JsonNode report = json(wrap("ipip local 192.0.2.1 remote 192.0.2.2", file, out, "--json"));
    assertThat(report.get("leftAlone").properties().iterator().next().getKey())
        .contains("EtherType 0x0806");
    assertThat(frames(out).getFirst().data()).isEqualTo(arp);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "vlan id 5000|--stack: column 9: found '5000'; expected a number 0..4094",
        "vlan id 5 / ipip local 192.0.2.1|--stack: column 13: ipip without remote is not offloadable",
        "vlan id 5 / foo|--stack: column 13: found 'foo'; expected one of: amt",
        "vlan id 5 /|--stack: column 11: found end of line; expected one of: amt",
        "bridge|--stack: column 1: type bridge has no provider",
        "ipip local 192.0.2.1 remote 192.0.2.2 / vlan id 5|--stack: ipip around vlan: EtherType 0x8100"
      })
  void shouldSayWhereAStackIsWrong(String stack, String message) {
    Path out = temp.resolve("out.pcap");
    Cli run = wrap(stack, in, out);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("culvert wrap: " + message);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void shouldRefuseWrongFilesAndOptions() throws IOException {
    Path none = temp.resolve("none.pcap");
    Path out = temp.resolve("out.pcap");
    assertThat(strip(none, out).status()).isEqualTo(1);
    assertThat(strip(none, out).err()).contains("none.pcap: cannot read: no such file");
    assertThat(strip(in, in).status()).isEqualTo(2);
    assertThat(strip(in, in).err()).contains("would be overwritten by the output");
    Path noCapture = Files.writeString(temp.resolve("text.pcap"), "no capture");
    assertThat(strip(noCapture, out).status()).isEqualTo(1);
    assertThat(out).doesNotExist();
    assertThat(strip(in, out, "--udp-port", "8472=foo").err())
        .contains("--udp-port 8472=foo: no such protocol; expected one of: gre, ipip");
    assertThat(strip(in, out, "--udp-port", "99999=vxlan").err()).contains("expected PORT=NAME");
    assertThat(wrap("vlan id 1", in, out, "--mac-to", "x").err())
        .contains("expected a MAC address such as");
    assertThat(strip(in, temp.resolve("in.pcap/x.pcap")).err()).contains("cannot make the folder");
  }
}
