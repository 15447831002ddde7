package io.culvert.bench;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.LoadReport.Rejected;
import io.culvert.flowtable.registry.ProviderSource;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --modules} and the providers that are there with it. */
final class Modules {
  @Option(
      names = "--modules",
      paramLabel = "DIR",
      description = "folder with jars of more encapsulations")
  private @Nullable Path folder;

  Modules() {}

  /** Loads the built-in providers first, so that no jar can take their names or carriers. */
  EncapRegistry load() {
    Seq<ProviderSource> sources = List.of(ProviderSource.of(EncapRegistry.class.getClassLoader()));
    Path dir = folder;
    if (dir == null) {
      return EncapRegistry.load(sources);
    }
    if (!Files.isDirectory(dir)) {
      throw CliException.usage("--modules " + dir + ": no such folder; expected one with jars");
    }
    try {
      return EncapRegistry.load(sources.appendAll(ProviderSource.ofFolder(dir)));
    } catch (IOException e) {
      throw CliException.failed("--modules " + dir + ": cannot be read: " + Failures.reason(e));
    }
  }

  /** Says which providers are not used, and why. */
  static void warn(EncapRegistry registry, PrintWriter err) {
    for (Rejected rejected : registry.report().rejected()) {
      err.println(
          "warning: "
              + rejected.origin()
              + ": provider "
              + rejected.name()
              + " is not used: "
              + rejected.reason().message());
    }
    err.flush();
  }
}
