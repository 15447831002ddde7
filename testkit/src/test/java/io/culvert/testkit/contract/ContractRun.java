package io.culvert.testkit.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a contract as a build does, through JUnit's launcher, and keeps what failed.
 *
 * @param failures what was thrown, by the name of the test
 * @param output what was printed
 */
record ContractRun(Map<String, Throwable> failures, String output) {

  /** Runs one class with the given engines. */
  static ContractRun of(Class<?> contract, Path folder, String... engines) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(contract))
            .filters(EngineFilter.includeEngines(engines))
            // Neither the words nor the database of the outer run; and the first sample will do.
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", folder.resolve("jqwik").toString())
            .configurationParameter("jqwik.shrinking.default", "OFF")
            .configurationParameter("jqwik.tries.default", "100")
            .configurationParameter("jqwik.failures.after.default", "RANDOM_SEED")
            .build();
    Map<String, Throwable> failures = new TreeMap<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(t -> failures.put(test.getDisplayName(), t));
          }
        };
    PrintStream usual = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      LauncherFactory.create().execute(request, listener);
    } finally {
      System.setOut(usual);
    }
    return new ContractRun(failures, printed.toString(StandardCharsets.UTF_8));
  }
}
