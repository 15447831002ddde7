package io.culvert.testkit.contract;

import io.culvert.testkit.law.Law;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * Adds the seed to a violation, and closes a contract with its report. A contract that ran as a
 * whole, and has a law without any case, fails here.
 */
final class LawHook implements SkipExecutionHook, AroundPropertyHook, AfterContainerHook {
  LawHook() {}

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return Planting.isFound() ? SkipResult.skip("the fault is found") : SkipResult.doNotSkip();
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) throws Throwable {
    PropertyExecutionResult result = property.execute();
    LawLedger.of(context.testInstance().getClass()).ran();
    if (result.throwable().orElse(null) instanceof LawViolated violated) {
      Planting.found();
      return result.mapToFailed(violated.withSeed(result.seed().orElse("unknown")));
    }
    return result;
  }

  @Override
  public void afterContainer(ContainerLifecycleContext context) {
    context
        .optionalContainerClass()
        .filter(EncapContract.class::isAssignableFrom)
        // With a fault planted only one law is run, many times, and somebody else looks at it.
        .filter(_ -> !Planting.isOn())
        .ifPresent(LawHook::close);
  }

  private static void close(Class<?> contract) {
    LawLedger ledger = LawLedger.of(contract);
    System.out.println(ledger.report("Laws of " + contract.getName()));
    // Run in part, by a filter, a contract has not much to say.
    if (ledger.propertiesRun() >= properties(contract)) {
      ledger
          .unjudged(EnumSet.allOf(Law.class))
          .forEach(problem -> {
            throw new AssertionError("nothing is proved: " + problem);
          });
    }
  }

  /** Properties that a contract has, its own and inherited ones. */
  static long properties(Class<?> contract) {
    return Stream.<Class<?>>iterate(contract, c -> c != Object.class, Class::getSuperclass)
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .filter(LawHook::isProperty)
        .count();
  }

  private static boolean isProperty(Method method) {
    return method.isAnnotationPresent(Property.class)
        || method.isAnnotationPresent(net.jqwik.api.Example.class);
  }
}
