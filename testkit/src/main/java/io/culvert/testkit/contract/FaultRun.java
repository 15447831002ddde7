package io.culvert.testkit.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.culvert.testkit.law.Law;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * One law of a contract, run as a build does it: through JUnit's launcher, by jqwik's engine.
 *
 * @param judged properties of the law that were run
 * @param failures what was thrown, by property
 */
record FaultRun(int judged, Map<String, Throwable> failures) {
  /** Samples of each property of one layer; those of stacks and tables say by themselves. */
  private static final String TRIES = "300";

  /** Runs all properties of a law. */
  static FaultRun of(Class<? extends EncapContract> contract, Law law) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("culvert-faults");
      return run(contract, law, folder.resolve("jqwik"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      delete(folder);
    }
  }

  private static FaultRun run(Class<? extends EncapContract> contract, Law law, Path database) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(contract))
            .filters(
                EngineFilter.includeEngines(LawPlan.ENGINE),
                (PostDiscoveryFilter) test -> FilterResult.includedIf(isOf(law, test)))
            // Neither the words nor the database of the outer run; and the first sample will do.
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", database.toString())
            .configurationParameter("jqwik.shrinking.default", "OFF")
            .configurationParameter("jqwik.tries.default", TRIES)
            .configurationParameter("jqwik.failures.after.default", "RANDOM_SEED")
            .build();
    Listener listener = new Listener();
    LauncherFactory.create().execute(request, listener);
    return new FaultRun(listener.judged, listener.failures);
  }

  private static boolean isOf(Law law, TestDescriptor test) {
    TestSource source = test.getSource().orElse(null);
    return !(source instanceof MethodSource method)
        || method.getMethodName().startsWith(String.format("required_law%02d_", law.number()));
  }

  /** True if a law says that it does not hold. */
  boolean isFoundBy(Law law) {
    return failures.values().stream()
        .anyMatch(thrown ->
            thrown instanceof LawViolated violated && violated.violation().law() == law.number());
  }

  private static void delete(@org.jspecify.annotations.Nullable Path folder) {
    if (folder != null) {
      folder.resolve("jqwik").toFile().delete();
      folder.toFile().delete();
    }
  }

  private static final class Listener implements TestExecutionListener {
    private final Map<String, Throwable> failures = new TreeMap<>();
    private int judged;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      judged += test.isTest() ? 1 : 0;
      result.getThrowable().ifPresent(thrown -> failures.put(test.getDisplayName(), thrown));
    }
  }
}
