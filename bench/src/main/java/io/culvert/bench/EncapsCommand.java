package io.culvert.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.LoadReport.Entry;
import io.culvert.flowtable.registry.LoadReport.Rejected;
import io.culvert.spi.Carrier;
import io.culvert.testkit.codec.PlainCodecs;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code culvert encaps}. */
@Command(
    name = "encaps",
    description = "Lists the tunnel encapsulations found, and why any of them is not used.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:listed, also if some are refused",
      "2:wrong command line, or --modules is no folder"
    })
final class EncapsCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Mixin private Modules modules = new Modules();

  @Option(names = "--json", description = "prints one JSON object")
  private boolean json;

  EncapsCommand() {}

  @Override
  public Integer call() {
    EncapRegistry registry = modules.load();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(asJson(registry));
    } else {
      out.print(asTable(registry));
    }
    out.flush();
    return 0;
  }

  private static String asTable(EncapRegistry registry) {
    TextTable table = new TextTable("lllllll");
    table.row("NAME", "VERSION", "FROM", "LINK TYPES", "CARRIERS", "SLOW PATH", "STATE");
    for (Entry entry : registry.report().entries()) {
      switch (entry) {
        case Accepted a ->
            table.row(
                a.name(),
                a.version(),
                a.origin(),
                a.linkTypes().mkString(", "),
                a.carriers().map(Carrier::toString).mkString(", "),
                hasCodec(registry, a) ? "own codec" : "the module's",
                "accepted");
        case Rejected r ->
            table.row(r.name(), "-", r.origin(), "-", "-", "-", "refused: " + r.reason().message());
      }
    }
    int refused = registry.report().rejected().size();
    return table
        + String.format("%d accepted, %d refused%n", registry.report().accepted().size(), refused);
  }

  /** Without one the router's slow path runs what the fast path runs, and proves less. */
  private static boolean hasCodec(EncapRegistry registry, Accepted encap) {
    return registry.provider(encap.name()).exists(p -> PlainCodecs.isIndependent(p.provider()));
  }

  private static String asJson(EncapRegistry registry) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    ArrayNode encaps = root.putArray("encaps");
    for (Entry entry : registry.report().entries()) {
      ObjectNode node = encaps.addObject();
      switch (entry) {
        case Accepted a -> {
          node.put("name", a.name()).put("version", a.version()).put("origin", a.origin());
          a.linkTypes().forEach(node.putArray("linkTypes")::add);
          a.carriers().map(Carrier::toString).forEach(node.putArray("carriers")::add);
          node.put("codec", hasCodec(registry, a));
          node.put("accepted", true).putNull("reason");
        }
        case Rejected r -> {
          node.put("name", r.name()).putNull("version").put("origin", r.origin());
          node.putArray("linkTypes");
          node.putArray("carriers");
          node.put("codec", false);
          node.put("accepted", false).put("reason", r.reason().message());
        }
      }
    }
    return root.toString();
  }
}
