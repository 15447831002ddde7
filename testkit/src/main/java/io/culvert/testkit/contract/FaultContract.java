package io.culvert.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.culvert.spi.EncapProvider;
import io.culvert.testkit.law.Law;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whether the kit catches mistakes of a module: what a second test of the module extends, beside
 * its {@link EncapContract}.
 *
 * <p>Each fault is planted by itself, and the law that it names is run: it must not hold. Without
 * any fault the same laws must hold, in as many tries, so that a red law means the fault.
 *
 * <pre>{@code
 * class GreFaultsTest extends FaultContract {
 *   static final class Planted extends GreContractTest {
 *     @Override
 *     protected EncapProvider provider() {
 *       return planted(super.provider());
 *     }
 *   }
 *
 *   @Override
 *   protected Class<? extends EncapContract> contract() {
 *     return Planted.class;
 *   }
 *
 *   @Override
 *   protected Seq<PlantedFault> faults() { … }
 * }
 * }</pre>
 */
public abstract class FaultContract {
  private static final int ATTEMPTS = 3;

  /** For subclasses. */
  protected FaultContract() {}

  /** The contract of the module, whose {@code provider()} goes through {@link #planted}. */
  protected abstract Class<? extends EncapContract> contract();

  /** The faults. */
  protected abstract Seq<PlantedFault> faults();

  /**
   * A page with a table of the faults behind a line {@code <!-- faults of CLASS: begin -->} and in
   * front of {@code <!-- faults of CLASS: end -->}, which must be the present one; {@code
   * -Dculvert.laws.write=true} writes it anew. None if there is no such page.
   */
  protected Option<Path> page() {
    return Option.none();
  }

  /** A provider with the fault that is planted at the moment, if there is one. */
  public static EncapProvider planted(EncapProvider provider) {
    return Planting.in(provider);
  }

  /** Each fault breaks the law that it names. */
  @TestFactory
  public final Stream<DynamicTest> required_everyFaultIsFound() {
    return faults()
        .toJavaStream()
        .map(fault ->
            DynamicTest.dynamicTest(
                fault.name() + " by law " + fault.law().number(),
                () -> {
                  FaultRun run = find(fault);
                  assertTrue(
                      run.isFoundBy(fault.law()),
                      () ->
                          fault
                              + ": law "
                              + fault.law().number()
                              + " holds; thrown: "
                              + run.failures());
                }));
  }

  /** Without a fault the laws that find one hold. */
  @TestFactory
  public final Stream<DynamicTest> required_withoutFaultTheLawsHold() {
    return faults()
        .map(PlantedFault::law)
        .distinct()
        .sorted()
        .toJavaStream()
        .map(law ->
            DynamicTest.dynamicTest(
                "law " + law.number(),
                () -> {
                  FaultRun run = run(Function.identity(), law);
                  assertEquals("{}", run.failures().toString(), () -> "law " + law.number());
                  assertTrue(run.judged() > 0, () -> "law " + law.number() + " was not run");
                }));
  }

  /** Generators are not sure to make what shows a fault; few have to be asked twice. */
  private FaultRun find(PlantedFault fault) {
    FaultRun run = run(fault.plant(), fault.law());
    for (int i = 1; i < ATTEMPTS && !run.isFoundBy(fault.law()); i++) {
      run = run(fault.plant(), fault.law());
    }
    return run;
  }

  private FaultRun run(Function<EncapProvider, EncapProvider> plant, Law law) {
    return Planting.with(plant, () -> FaultRun.of(contract(), law));
  }

  /** Each fault has a name of its own, and the page shows all of them. */
  @Test
  public final void required_theFaultsAreListed() {
    assertEquals(faults().size(), faults().map(PlantedFault::name).distinct().size());
    page().forEach(page -> FaultPage.compare(page, getClass().getSimpleName(), faults()));
  }
}
