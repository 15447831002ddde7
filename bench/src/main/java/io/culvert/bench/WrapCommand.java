package io.culvert.bench;

import io.culvert.bench.tunnel.CaptureJob;
import io.culvert.bench.tunnel.StackReader;
import io.culvert.bench.tunnel.TunnelReport;
import io.culvert.bench.tunnel.Wrapper;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code culvert wrap}. */
@Command(
    name = "wrap",
    description = {
      "Puts every frame of a capture into a stack of tunnels.",
      "",
      "The stack is described as behind 'type' in 'ip link add', outermost layer first, with slashes"
          + " between the layers. A frame that the stack cannot carry is copied, and the report says"
          + " why.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:a file cannot be read or written, or the capture is damaged; OUT is as it was",
      "2:wrong command line, or mistakes in the stack (each with its column)"
    })
final class WrapCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @CommandLine.Option(
      names = "--stack",
      paramLabel = "WORDS",
      required = true,
      description = "such as 'vlan id 100 / ipip local 192.0.2.1 remote 192.0.2.2'")
  @SuppressWarnings("NullAway.Init") // Required.
  private String stack;

  @CommandLine.Option(
      names = "--mac-to",
      paramLabel = "MAC",
      converter = MacConverter.class,
      description =
          "destination of the frames made; without it the peer that the outermost layer names, else"
              + " the frame's own")
  private @Nullable MacAddress to;

  @CommandLine.Option(
      names = "--mac-from",
      paramLabel = "MAC",
      converter = MacConverter.class,
      description = "source of the frames made; without it the frame's own")
  private @Nullable MacAddress from;

  @Mixin private CaptureFiles files = new CaptureFiles();

  @Mixin private Modules modules = new Modules();

  WrapCommand() {}

  /** Reads a MAC address. */
  static final class MacConverter implements ITypeConverter<MacAddress> {
    MacConverter() {}

    @Override
    public MacAddress convert(String text) {
      return MacAddress.parse(text)
          .getOrElseThrow(() ->
              new TypeConversionException(
                  "'" + text + "'; expected a MAC address such as 02:00:00:00:00:01"));
    }
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    EncapRegistry registry = modules.load();
    Modules.warn(registry, err);
    Wrapper wrapper =
        new StackReader(registry)
            .read(stack, Option.of(to), Option.of(from))
            .getOrElseThrow(
                mistakes -> CliException.usage(mistakes.map(m -> "--stack: " + m).mkString("\n")));
    TunnelReport report =
        new CaptureJob(files.in, files.out).wrap(wrapper, stack.strip(), new Progress(err));
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        files.json
            ? TunnelReportPrinter.asJson(report) + System.lineSeparator()
            : TunnelReportPrinter.asTable(report));
    out.flush();
    return 0;
  }
}
