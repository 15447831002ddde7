package io.culvert.flowtable.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.Rejection.BadAnswer;
import io.culvert.flowtable.registry.Rejection.NotLoadable;
import io.culvert.flowtable.registry.Rejection.SelfCheckFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers that load, and answer a call at admission wrongly or not at all: each in a jar of its
 * own, beside a good one that works on.
 */
class CallFencesTest {
  private static final List<String> CALLS =
      List.of("name", "linkTypes", "carriers", "samples", "tuple", "shim", "encap");

  @TempDir private Path folder;
  @TempDir private Path work;

  /**
   * What is wrong with a provider.
   *
   * @param call the method that it is in
   * @param code what the method does first
   */
  private record Fault(String call, String code) {}

  /** Loads a provider for each fault and looks at why it was rejected. */
  private void check(List<Fault> faults, BiConsumer<Fault, Rejection> judge) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put("Good", ProviderJars.good("Good", 204));
    for (Fault fault : faults) {
      String type = "Bad" + (sources.size() - 1);
      String source = ProviderJars.good(type, 203);
      sources.put(type, ProviderJars.with(source, fault.call(), fault.code()));
    }
    ProviderJars.jars(work, folder, sources);
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("good");
    assertThat(report.rejected()).hasSize(faults.size());
    for (int n = 0; n < faults.size(); n++) {
      String jar = "Bad" + n + ".jar";
      judge.accept(
          faults.get(n), report.rejected().find(r -> r.origin().equals(jar)).get().reason());
    }
  }

  @Test
  void shouldRejectANameThatIsNoLowerCaseWord() throws IOException {
    List<Fault> faults = new ArrayList<>();
    for (String name : List.of("", "9bad", "bad provider", "BAD", "bad_one", "b".repeat(32))) {
      faults.add(new Fault("name", "if (true) return \"" + name + "\";"));
    }
    check(
        faults,
        (fault, reason) -> {
          assertThat(reason).isInstanceOf(BadAnswer.class);
          assertThat(reason.message()).startsWith("name: '").endsWith("' is not a lower-case word");
        });
  }

  @Test
  void shouldRejectAProviderThatHasNothingToOffer() throws IOException {
    String nothing = "if (true) return List.empty();";
    check(
        List.of(new Fault("linkTypes", nothing), new Fault("samples", nothing)),
        (fault, reason) -> assertThat(reason).isEqualTo(new BadAnswer(fault.call(), "is empty")));
  }

  @Test
  void shouldRejectAProviderThatAnswersNull() throws IOException {
    check(
        CALLS.stream().map(call -> new Fault(call, "if (true) return null;")).toList(),
        (fault, reason) -> {
          assertThat(reason).isInstanceOfAny(NotLoadable.class, SelfCheckFailed.class);
          assertThat(reason.message()).containsIgnoringCase("null");
          assertNamed(fault, reason);
        });
  }

  /** Exceptions, errors, and a checked exception that the signature does not have. */
  @Test
  void shouldRejectAProviderThatThrowsInACall() throws IOException {
    List<Fault> faults = new ArrayList<>();
    List<String> thrown =
        List.of("IllegalStateException", "StackOverflowError", "Error", "java.io.IOException");
    for (String call : CALLS) {
      thrown.forEach(type -> faults.add(new Fault(call, throwing(type))));
    }
    thrown.forEach(type -> faults.add(new Fault("match", throwing(type))));
    check(
        faults,
        (fault, reason) -> {
          assertThat(reason).isInstanceOfAny(NotLoadable.class, SelfCheckFailed.class);
          assertThat(thrown)
              .anyMatch(type ->
                  fault.code().equals(throwing(type))
                      && reason.message().contains(type + ": told"));
          assertNamed(fault, reason);
        });
  }

  private static String throwing(String type) {
    return "if (true) throw sneaky(new " + type + "(\"told\"));";
  }

  /** The calls behind the fence for control calls are named in the reason. */
  private static void assertNamed(Fault fault, Rejection reason) {
    if (List.of("tuple", "shim", "encap").contains(fault.call())) {
      assertThat(reason.message()).contains("failed in " + fault.call());
    }
  }
}
