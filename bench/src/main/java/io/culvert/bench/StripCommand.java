package io.culvert.bench;

import io.culvert.bench.tunnel.CaptureJob;
import io.culvert.bench.tunnel.Stripper;
import io.culvert.bench.tunnel.TunnelReport;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code culvert strip}. */
@Command(
    name = "strip",
    description = {
      "Takes the tunnels off every frame of a capture.",
      "",
      "Any stack of the protocols that 'culvert encaps' lists, whoever's tunnels they are. Frames"
          + " without tunnel are copied; a layer that a protocol refuses stays on, with what is"
          + " inside. The report says what was found, and what was left alone and why.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, also if nothing was found",
      "1:a file cannot be read or written, or the capture is damaged; OUT is as it was",
      "2:wrong command line"
    })
final class StripCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Mixin private CaptureFiles files = new CaptureFiles();

  @Option(
      names = "--udp-port",
      paramLabel = "PORT=NAME",
      converter = UdpPort.Converter.class,
      description =
          "another UDP port of a protocol, such as 8472=vxlan; once for each. Known without it are"
              + " those that 'culvert encaps' lists.")
  private List<UdpPort> ports = List.of();

  @Mixin private Modules modules = new Modules();

  StripCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    EncapRegistry registry = modules.load();
    Modules.warn(registry, err);
    Stripper stripper = new Stripper(registry);
    for (UdpPort port : ports) {
      if (registry.provider(port.protocol()).isEmpty()) {
        throw CliException.usage(
            "--udp-port "
                + port.number()
                + "="
                + port.protocol()
                + ": no such protocol; expected one of: "
                + registry.providers().map(Guarded::name).mkString(", "));
      }
      stripper.addPort(registry, port.protocol(), port.number());
    }
    TunnelReport report = new CaptureJob(files.in, files.out).strip(stripper, new Progress(err));
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        files.json
            ? TunnelReportPrinter.asJson(report) + System.lineSeparator()
            : TunnelReportPrinter.asTable(report));
    out.flush();
    return 0;
  }
}
