package io.culvert.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.spi.Direction;
import io.culvert.spi.Sample;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite that judged nothing is red. */
class CanaryTest {
  @TempDir private Path folder;

  static final class NeverPlanned extends TagContract {
    @Override
    Fault fault() {
      return Fault.NONE;
    }
  }

  static final class Complete extends TagContract {
    @Override
    Fault fault() {
      return Fault.NONE;
    }
  }

  static final class WithoutVectors extends TagContract {
    @Override
    Fault fault() {
      return Fault.NONE;
    }

    @Override
    protected Seq<GoldenVector> vectors() {
      return List.empty();
    }
  }

  static final class WrongLayout extends TagContract {
    @Override
    Fault fault() {
      return Fault.NONE;
    }

    @Override
    protected ShimBits bits(Sample sample, Direction direction) {
      return ShimBits.of("version 4 guard, rest 36 identity");
    }
  }

  static final class WithoutSamples extends TagContract {
    @Override
    Fault fault() {
      return Fault.NONE;
    }

    @Override
    protected Seq<Sample> samples() {
      return List.empty();
    }
  }

  @Test
  void shouldFailIfJqwiksEngineIsFilteredOut() {
    ContractRun run = ContractRun.of(NeverPlanned.class, folder, "junit-jupiter");
    assertThat(run.failures()).containsOnlyKeys("required_canary_lawsAreRun()");
    assertThat(run.failures().get("required_canary_lawsAreRun()"))
        .hasMessageContaining("no law of " + NeverPlanned.class.getName() + " is part of this run");
  }

  @Test
  void shouldFailIfJqwiksEngineIsMissing() {
    ClassLoader without =
        new URLClassLoader(new URL[0], getClass().getClassLoader()) {
          @Override
          public Enumeration<URL> getResources(String name) {
            return Collections.emptyEnumeration();
          }
        };
    assertThat(LawPlan.problem(TagContractTest.class, without))
        .anySatisfy(
            problem -> assertThat(problem).contains("jqwik's engine is not on the class path"));
  }

  @Test
  void shouldFailIfALawJudgedNoCase() {
    ContractRun run = ContractRun.of(WithoutVectors.class, folder, "jqwik", "junit-jupiter");
    assertThat(run.failures().values())
        .anySatisfy(thrown -> assertThat(thrown).hasMessageContaining("nothing is proved: law 12"));
  }

  @Test
  void shouldFailIfThereIsNoSample() {
    ContractRun run = ContractRun.of(WithoutSamples.class, folder, "jqwik", "junit-jupiter");
    assertThat(run.failures().keySet()).anySatisfy(name -> assertThat(name).contains("law01"));
  }

  @Test
  void shouldFailIfTheLayoutIsNotTheShims() {
    ContractRun run = ContractRun.of(WrongLayout.class, folder, "jqwik", "junit-jupiter");
    assertThat(run.failures().values())
        .anySatisfy(thrown -> assertThat(thrown).hasMessageContaining("bytes, as the shim has"));
  }

  @Test
  void shouldReportTheCasesOfEachLaw() {
    ContractRun run = ContractRun.of(Complete.class, folder, "jqwik", "junit-jupiter");
    assertThat(run.failures()).isEmpty();
    assertThat(run.output())
        .contains("Laws of " + Complete.class.getName())
        .containsPattern(" 1 +100  match\\(push\\(t\\)\\) = t")
        .containsPattern("12 +3  golden vectors from outside");
  }
}
