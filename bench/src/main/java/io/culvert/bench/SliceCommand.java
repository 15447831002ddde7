package io.culvert.bench;

import io.culvert.bench.slice.FlowtableWork;
import io.culvert.bench.slice.LookupWork;
import io.culvert.bench.slice.SliceLoop;
import io.culvert.bench.slice.SliceWork;
import io.culvert.bench.slice.StackWork;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.TableMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code culvert slice}: one side of a paired measurement, driven by {@code bench/compare}. */
@Command(name = "slice", hidden = true, description = "One side of bench/compare.")
final class SliceCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(names = "--flows", description = "flows")
  private int flows = 1000;

  @Option(names = "--tunnels", description = "tunnels")
  private int tunnels = 1024;

  @Option(
      names = "--way",
      description = "into the tunnels or out of them; single or bulk: the lookup alone")
  private String way = "into";

  @Option(names = "--match", converter = MatchConverter.class, description = "match mode")
  private MatchMode match = MatchMode.EXACT;

  @Option(names = "--nat", description = "translate addresses and ports")
  private boolean nat;

  @Option(names = "--huge-pages", description = "the table's memory in huge pages")
  private boolean hugePages;

  @Option(names = "--stack", description = "kind of tunnel or stack, in place of IPIP")
  private @Nullable Stack stack;

  @Option(names = "--frames", description = "frames of a slice")
  private int frames = 2_000_000;

  SliceCommand() {}

  @Override
  public Integer call() throws IOException {
    new SliceLoop(work(), frames)
        .run(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            spec.commandLine().getOut());
    return 0;
  }

  private SliceWork work() {
    return switch (way) {
      case "single" -> new LookupWork(flows, 1);
      case "bulk" -> new LookupWork(flows, LookupWork.BULK);
      case "into" -> forwarding(Way.INTO_TUNNEL);
      case "out" -> forwarding(Way.OUT_OF_TUNNEL);
      default -> throw CliException.usage("--way " + way + "; expected into, out, single or bulk");
    };
  }

  private SliceWork forwarding(Way towards) {
    return stack == null
        ? new FlowtableWork(new Flows(flows, tunnels, nat), tunnels, towards, match, memory())
        : new StackWork(flows, tunnels, towards, stack);
  }

  private TableMemory memory() {
    return hugePages ? TableMemory.whole().withHugePages() : TableMemory.whole();
  }
}
