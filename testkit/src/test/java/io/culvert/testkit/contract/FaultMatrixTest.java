package io.culvert.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kit finds what it should: every planted fault, by the law that should, with words that lead
 * to it. The page on the laws shows the matrix; {@code -Dculvert.laws.write=true} writes it anew.
 */
class FaultMatrixTest {
  private static final Path PAGE = Path.of("../docs/laws.md");
  private static final String BEGIN = "<!-- matrix: begin -->\n";
  private static final String END = "<!-- matrix: end -->";
  private static final int ATTEMPTS = 3;

  private static Fault current = Fault.NONE;

  @TempDir private Path folder;

  /** Not run by the build itself. */
  static final class Broken extends TagContract {
    @Override
    Fault fault() {
      return current;
    }
  }

  private Map<Law, String> violations(Fault fault) {
    current = fault;
    ContractRun run = ContractRun.of(Broken.class, folder, "jqwik", "junit-jupiter");
    Map<Law, String> found = new EnumMap<>(Law.class);
    for (Throwable thrown : run.failures().values()) {
      if (thrown instanceof LawViolated violated) {
        Violation violation = violated.violation();
        found.merge(law(violation), violated.getMessage(), String::concat);
        assertThat(violated.getMessage())
            .contains("law " + violation.law() + " (" + violation.name() + ")")
            .contains("expected: ", "got: ", "decoded: ");
        if (!(violation.law() == Law.REFUSAL.number())) {
          assertThat(violated.getMessage()).contains("seed: ");
        }
      }
    }
    return found;
  }

  /** Generators are not sure to make what shows a fault; few have to be asked twice. */
  private Map<Law, String> find(Fault fault) {
    Map<Law, String> found = violations(fault);
    for (int i = 1; i < ATTEMPTS && fault != Fault.NONE && !says(found, fault); i++) {
      found = violations(fault);
    }
    return found;
  }

  private static boolean says(Map<Law, String> found, Fault fault) {
    return found.getOrDefault(fault.law(), "").contains(fault.clue());
  }

  private static Law law(Violation violation) {
    for (Law law : Law.values()) {
      if (law.number() == violation.law()) {
        return law;
      }
    }
    throw new AssertionError("no law " + violation.law());
  }

  @Test
  void shouldFindEveryFaultByTheLawThatShould() throws IOException {
    StringBuilder problems = new StringBuilder();
    Map<Fault, Set<Law>> killers = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      Map<Law, String> found = find(fault);
      killers.put(
          fault, found.isEmpty() ? EnumSet.noneOf(Law.class) : EnumSet.copyOf(found.keySet()));
      if (fault == Fault.NONE) {
        assertThat(found).isEmpty();
      } else if (!found.containsKey(fault.law())) {
        problems
            .append(fault)
            .append(": not found by ")
            .append(fault.law())
            .append(" but ")
            .append(found.keySet())
            .append('\n');
      } else if (!says(found, fault)) {
        problems.append(fault).append(": says\n").append(found.get(fault.law())).append('\n');
      }
    }
    assertThat(problems.toString()).isEmpty();
    assertThat(Fault.values()).hasSizeGreaterThan(25);
    compareWithPage(LawsPage.matrix(killers));
  }

  /** The page shows this matrix; which laws find a fault besides may differ from run to run. */
  private static void compareWithPage(String matrix) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("culvert.laws.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + matrix + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end).replace('○', ' '))
        .as("docs/laws.md; write it anew with -Dculvert.laws.write=true")
        .isEqualTo(matrix.replace('○', ' '));
  }
}
