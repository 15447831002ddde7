package io.culvert.testkit.contract;

import io.vavr.control.Option;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Knows what the running test plan holds, so that a contract whose laws are not run at all can say
 * so: the engine of jqwik may be missing, or left out by the build's settings.
 *
 * <p>Registered with JUnit's launcher as a service; where a launcher does not ask for services,
 * only the engine's presence is known.
 */
@SuppressWarnings("exports") // For the launcher alone, which is there whenever it is called.
public final class LawPlan implements TestExecutionListener {
  static final String ENGINE = "jqwik";

  // Of all plans of this JVM, for a test may run another plan inside.
  private static final Set<String> PLANNED = ConcurrentHashMap.newKeySet();
  private static volatile boolean isTold;

  /** Called by the launcher. */
  public LawPlan() {}

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    plan.getRoots().stream()
        .filter(root -> root.getUniqueIdObject().getEngineId().orElse("").equals(ENGINE))
        .flatMap(root -> plan.getDescendants(root).stream())
        .filter(test -> !plan.getChildren(test).isEmpty())
        .map(LawPlan::className)
        .forEach(PLANNED::add);
    isTold = true;
  }

  private static String className(TestIdentifier test) {
    return test.getSource().orElse(null) instanceof ClassSource source ? source.getClassName() : "";
  }

  /** Why no law of a contract will be judged; none if they will be. */
  static Option<String> problem(Class<?> contract) {
    return problem(contract, contract.getClassLoader());
  }

  static Option<String> problem(Class<?> contract, ClassLoader engines) {
    boolean hasEngine =
        ServiceLoader.load(TestEngine.class, engines).stream()
            .anyMatch(engine -> engine.get().getId().equals(ENGINE));
    if (!hasEngine) {
      return Option.some(
          "jqwik's engine is not on the class path: no law would be judged. culvert-testkit brings"
              + " net.jqwik:jqwik-engine with it; it must not be excluded.");
    }
    return !isTold || PLANNED.contains(contract.getName())
        ? Option.none()
        : Option.some(
            "jqwik's engine is there, but no law of "
                + contract.getName()
                + " is part of this run: an engine filter, or a filter of methods, leaves them out.");
  }
}
