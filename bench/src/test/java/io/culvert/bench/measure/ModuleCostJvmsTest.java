package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.bench.traffic.Way;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of several JVMs: how they come over, and what is made of them. Nothing is timed. */
class ModuleCostJvmsTest {
  private static ModuleCostRow row(String stack, double own, double all, double ratio) {
    return new ModuleCostRow(
        stack, Way.OUT_OF_TUNNEL, own, all, ratio, ratio - 0.5, ratio + 0.5, ratio / 100);
  }

  private static List<String> probe(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        main.getName());
  }

  /** Writes two rows among other lines. */
  static final class Writes {
    private Writes() {}

    /** A JVM's main. */
    public static void main(String... args) {
      System.out.println("[warning] something else");
      System.out.println(row("MIX, runs of 8", 1.5, 2, 1.25).line());
      System.out.println(row("GRE", 3, 4, 1.5).line());
    }
  }

  /** Fails behind its first row. */
  static final class Fails {
    private Fails() {}

    /** A JVM's main. */
    public static void main(String... args) {
      System.out.println(row("GRE", 3, 4, 1.5).line());
      System.exit(3);
    }
  }

  @Test
  void shouldReadTheLineItWrote() {
    ModuleCostRow row = row("MIX, runs of 8", 1.0 / 3, 1e-9, 1.25);
    assertThat(ModuleCostRow.read(row.line())).contains(row);
  }

  @Test
  void shouldReadNothingElse() {
    assertThat(ModuleCostRow.read("")).isEqualTo(Optional.empty());
    assertThat(ModuleCostRow.read("a\tb\tc\td\te\tf\tg\th\ti")).isEmpty();
    assertThat(ModuleCostRow.read(row("GRE", 1, 1, 1).line() + "\tmore")).isEmpty();
  }

  @Test
  void shouldTakeMediansOfJvmsAndTheRatiosBounds() {
    List<ModuleCostRow> median =
        ModuleCostJvms.median(
            List.of(
                List.of(row("GRE", 10, 20, 1.35), row("VLAN", 1, 1, 1)),
                List.of(row("GRE", 30, 10, 0.95), row("VLAN", 1, 1, 1)),
                List.of(row("GRE", 20, 60, 1.00), row("VLAN", 1, 1, 1))));
    assertThat(median)
        .first()
        .isEqualTo(
            new ModuleCostRow("GRE", Way.OUT_OF_TUNNEL, 20, 20, 1.00, 0.95, 1.35, 1.35 / 100));
    assertThat(median).extracting(ModuleCostRow::stack).containsExactly("GRE", "VLAN");
  }

  @Test
  void shouldRefuseRowsThatDoNotBelongTogether() {
    List<ModuleCostRow> gre = List.of(row("GRE", 1, 1, 1));
    assertThatThrownBy(() -> ModuleCostJvms.median(List.of(gre, List.of(row("VLAN", 1, 1, 1)))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModuleCostJvms.median(List.of(gre, List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldShowTheRatioWithItsBounds() {
    assertThat(ModuleCostRow.table("what", List.of(row("GRE", 10, 12.3, 1.25))).lines())
        .contains("what")
        .last()
        .isEqualTo("GRE                out         10.0       12.3     1.25 (0.75..1.75)   0.0125");
  }

  @Test
  void shouldRunTheSameJavaWithTheSameFlags() {
    List<String> command = ModuleCostJvms.command(7);
    assertThat(command).first().asString().startsWith(System.getProperty("java.home"));
    assertThat(command)
        .containsAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments())
        .endsWith(ModuleCostJvms.class.getName(), "7");
  }

  @Test
  void shouldReadWhatAJvmWrites() {
    assertThat(ModuleCostJvms.run(1, probe(Writes.class)))
        .containsExactly(row("MIX, runs of 8", 1.5, 2, 1.25), row("GRE", 3, 4, 1.5));
  }

  @Test
  void shouldSayWhichJvmFailed() {
    assertThatThrownBy(() -> ModuleCostJvms.run(2, probe(Fails.class)))
        .hasMessage("--jvms: JVM 2 ended with status 3 and 1 rows");
  }
}
