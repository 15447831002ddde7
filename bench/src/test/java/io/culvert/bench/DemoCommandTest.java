package io.culvert.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.demo.SpeedDemo;
import io.culvert.bench.measure.Measurement.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir private Path temp = Path.of("");

  @Test
  void shouldSendWhatLinuxSentAndLeaveTheCaptures() {
    Path out = temp.resolve("a/b");

    Cli run = Cli.run("demo", "--no-measure", "--out", out);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("Same: 258 of 258 frames sent are identical to Linux's")
        .contains("flows offered", "100.0 % of the offloadable", "miss", "tcp-state")
        .doesNotContain("Measured");
    for (String file :
        List.of(
            "router.batch",
            "eth0-in.pcap",
            "eth1-in.pcap",
            "eth0-linux.pcap",
            "eth1-linux.pcap",
            "out/eth0.pcap",
            "out/eth1.pcap",
            "out/verdicts.jsonl")) {
      assertThat(out.resolve(file)).isNotEmptyFile();
      assertThat(run.out()).contains(file);
    }
  }

  @Test
  void shouldMeasureAndReport() {
    StringWriter report = new StringWriter();
    SpeedDemo demo = new SpeedDemo(200, 2, 8, new PrintWriter(report));

    List<Result> results = demo.run(Duration.ZERO, Duration.ZERO);

    assertThat(results).hasSize(12);
    assertThat(results).allMatch(result -> result.workNs().size() == 1);
    assertThat(report.toString())
        .contains(
            "200 flows, 2 tunnels",
            "8 rules",
            "classic path",
            "flowtable, exact",
            "flowtable, hash64")
        .contains("into the tunnel, 64 byte frames", "out of the tunnel, 1,500 byte frames")
        .contains("patch 35 -> 49 Gbit/s", "patch 41 -> 40 Gbit/s")
        .doesNotContain("NaN");
  }

  @Test
  void shouldRefuseWrongOptions() throws IOException {
    assertThat(Cli.run("demo", "--flows", 0).status()).isEqualTo(2);
    assertThat(Cli.run("demo", "--flows", 0).err()).contains("--flows 0; expected 1..");
    assertThat(Cli.run("demo", "--tunnels", 5000).err()).contains("--tunnels 5000; expected 1..");
    assertThat(Cli.run("demo", "--rules", -1).err()).contains("--rules -1; expected 0..");
    Path file = Files.writeString(temp.resolve("file"), "x", US_ASCII);
    Cli run = Cli.run("demo", "--no-measure", "--out", file.resolve("below"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("--out " + file.resolve("below"), "cannot");
  }
}
