package io.culvert.bench;

import io.culvert.bench.demo.GoldenComparison;
import io.culvert.bench.demo.GoldenDemo;
import io.culvert.bench.demo.SpeedDemo;
import io.culvert.bench.traffic.Topology;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code culvert demo}. */
@Command(
    name = "demo",
    description = {
      "Shows that it works, and how fast; about 30 seconds.",
      "",
      "Replays frames that a Linux kernel received, through the same router with a flow table, and"
          + " compares what comes out with what Linux sent, byte for byte. Then measures the"
          + " flow table against a classic forwarding path in memory.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every frame that was sent is Linux's",
      "1:a frame differs, or a file cannot be written",
      "2:wrong command line"
    })
final class DemoCommand implements Callable<Integer> {
  /** The golden scenario with the tunnel of the kernel patch: every setting at its default. */
  static final String GOLDEN = "ipip-ttl-inherit";

  private static final int MOST_FLOWS = 1 << 22;
  private static final int MOST_RULES = 10_000;
  private static final int MOST_DIFFERENCES = 10;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "culvert-demo",
      description = "folder for scenario and captures (default: ./culvert-demo)")
  private Path out = Path.of("culvert-demo");

  @CommandLine.Option(names = "--no-measure", description = "no measurement")
  private boolean withoutMeasurement;

  @CommandLine.Option(names = "--quick", description = "a short, rough measurement: 5 seconds")
  private boolean quick;

  @CommandLine.Option(
      names = "--flows",
      paramLabel = "N",
      defaultValue = "1000",
      description = "flows to measure with (default: 1000)")
  private int flows;

  @CommandLine.Option(
      names = "--tunnels",
      paramLabel = "N",
      defaultValue = "1",
      description = "tunnels that they are spread over (default: 1)")
  private int tunnels;

  @CommandLine.Option(
      names = "--rules",
      paramLabel = "N",
      defaultValue = "32",
      description = "firewall rules that the classic path tries for each frame (default: 32)")
  private int rules;

  DemoCommand() {}

  @Override
  public Integer call() {
    check("--flows", flows, 1, MOST_FLOWS);
    check("--tunnels", tunnels, 1, Topology.MOST_TUNNELS);
    check("--rules", rules, 0, MOST_RULES);
    PrintWriter print = spec.commandLine().getOut();
    boolean isIdentical = compare(print);
    print.flush();
    if (!isIdentical) {
      return CliException.FAILED;
    }
    if (!withoutMeasurement) {
      Duration warmUp = quick ? Duration.ofSeconds(2) : Duration.ofSeconds(5);
      Duration measuring = quick ? Duration.ofSeconds(3) : Duration.ofSeconds(17);
      new SpeedDemo(flows, tunnels, rules, print).run(warmUp, measuring);
    }
    return 0;
  }

  private static void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw CliException.usage(option + " " + value + "; expected " + least + ".." + most);
    }
  }

  private boolean compare(PrintWriter print) {
    GoldenDemo demo = new GoldenDemo(GOLDEN, out);
    print.println("A Linux 6.1 kernel with this router was captured at both ports:");
    print.println("  eth0 192.168.0.2/24, eth1 192.168.1.1/24,");
    print.println("  tun0 ipip 192.168.1.1 -> 192.168.1.2, default via 192.168.100.2 dev tun0");
    print.println("The frames that it received, through the same router with a flow table:");
    print.println();
    print.flush();
    GoldenDemo.Outcome outcome = demo.run();
    SummaryPrinter.asTable(outcome.summary())
        .lines()
        .map(line -> "  " + line)
        .forEach(print::println);
    GoldenComparison.Result result = outcome.comparison();
    int sent = result.identical() + result.differences().size();
    print.printf(
        "%n%s: %,d of %,d frames sent are identical to Linux's, %,d of them by the fast path.%n",
        result.differences().isEmpty() ? "Same" : "NOT the same",
        result.identical(),
        sent,
        result.identicalFast());
    print.printf(
        "%,d more frames that Linux sent are not modelled: fragments, ICMP errors, replies of its"
            + " own.%n",
        result.notModelled());
    result.differences().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(difference -> print.println("  " + difference));
    print.printf("%nTo look at with Wireshark, all in %s:%n", out);
    print.println("  router.batch                     the router");
    print.println("  eth0-in.pcap, eth1-in.pcap       what it received");
    print.println("  eth0-linux.pcap, eth1-linux.pcap what Linux sent");
    print.println("  out/eth0.pcap, out/eth1.pcap     what culvert sent");
    print.println("  out/verdicts.jsonl               why");
    return result.differences().isEmpty();
  }
}
