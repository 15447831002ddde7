package io.culvert.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.golden.ConformancePage.Offloaded;
import io.culvert.bench.golden.ConformancePage.Row;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.spi.EncapProvider;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.GoldenConformance;
import io.culvert.testkit.golden.GoldenConformance.Result;
import io.culvert.testkit.golden.GoldenConformance.Verdict;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference router against the kernel in every golden scenario. The page on conformance shows
 * the result; {@code -Dculvert.conformance.write=true} writes it anew.
 */
class GoldenConformanceTest {
  private static final Path PAGE = Path.of("../docs/conformance.md");

  private static List<Row> rows = List.empty();

  @BeforeAll
  static void compareAll() {
    EncapRegistry registry = EncapRegistry.load();
    Seq<EncapProvider> providers = registry.providers().map(Guarded::provider);
    ScenarioReader reader = new ScenarioReader(providers);
    rows =
        List.ofAll(GoldenScenario.names())
            .map(name -> {
              GoldenScenario golden = GoldenScenario.named(name);
              Scenario scenario =
                  reader
                      .read(name, golden.text())
                      .getOrElseThrow(errors ->
                          new AssertionError(errors.map(ScenarioError::message).mkString("\n")));
              return new Row(
                  name,
                  scenario,
                  GoldenConformance.compare(golden, scenario, PlainCodecs.installed()),
                  offloaded(golden, scenario, registry, Offload.FIRST),
                  offloaded(golden, scenario, registry, Offload.REPLY));
            });
  }

  private static Offloaded offloaded(
      GoldenScenario golden, Scenario scenario, EncapRegistry registry, Offload offload) {
    FastPath path = new FastPath(golden, scenario, registry, offload);
    Seq<Result> results = GoldenConformance.compare(golden, scenario, path);
    return new Offloaded(results, path.fast(), path.offloadable());
  }

  static List<String> names() {
    return List.ofAll(GoldenScenario.names());
  }

  private static Row row(String name) {
    return rows.find(r -> r.name().equals(name)).get();
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldSendWhatTheKernelSentOrSayWhatIsNotModelled(String name) {
    Row row = row(name);
    Seq<String> differences =
        row.results()
            .filter(r -> r.verdict() == Verdict.DIFFERENT)
            .map(r -> r.step().number() + " " + r.step().label() + ": " + r.difference());
    assertThat(differences.asJava()).isEmpty();
    boolean isRefused = row.results().exists(r -> r.reasons().contains("not-modelled:device"));
    if (row.outOfScope().isEmpty()) {
      // An inner limit of tunnels is handed on by the kernel, in a header that is out of scope.
      Seq<Result> limits = row.results().filter(r -> r.reasons().contains("not-modelled:device"));
      assertThat(limits.map(r -> r.step().label()).filter(l -> !l.contains("destopt"))).isEmpty();
      assertThat(row.count(Verdict.IDENTICAL)).isGreaterThan(row.results().size() * 4 / 5);
    } else {
      assertThat(isRefused).isTrue();
    }
  }

  /** The same steps with the flow table in front, and it must have been hit. */
  @ParameterizedTest
  @MethodSource("names")
  void shouldSendTheSameByTheFastPath(String name) {
    Row row = row(name);
    for (Offloaded offloaded : java.util.List.of(row.first(), row.reply())) {
      assertThat(
              offloaded
                  .results()
                  .filter(r -> r.verdict() == Verdict.DIFFERENT)
                  .map(r -> r.step().number() + " " + r.step().label() + ": " + r.difference())
                  .asJava())
          .isEmpty();
      assertThat(offloaded.results().map(Result::verdict))
          .isEqualTo(row.results().map(Result::verdict));
      // What the kernel's slow path takes and ours leaves to the slow path is a crafted handful.
      assertThat(offloaded.fast()).isGreaterThanOrEqualTo(offloaded.offloadable() - 8);
    }
    assertThat(row.first().fast() > 50).isEqualTo(row.outOfScope().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldGiveDevicesTheKernelsMtus(String name) {
    Row row = row(name);
    GoldenScenario.named(name)
        .deviceMtus()
        .filterKeys(device -> row.scenario().device(device).get().why().isEmpty())
        .forEach((device, mtu) ->
            assertThat(row.scenario().device(device).get().mtu()).as(device).isEqualTo(mtu));
  }

  @Test
  void shouldRefuseWhatIsOutOfScopeAndNothingElse() {
    assertThat(rows.filter(row -> !row.outOfScope().isEmpty()).map(Row::name).asJava())
        .allMatch(name ->
            name.contains("-fou")
                || name.contains("-gue")
                || name.endsWith("bridged")
                || name.equals("ft-bridge")
                || name.startsWith("geneve-")
                // Linux's default of encaplimit.
                || List.of("ip6gre", "ip6gretap", "ip6tnl-ip6ip6", "ip6tnl-ipip6").contains(name));
  }

  @Test
  void shouldShowTheResultOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    String written =
        replaced(
            replaced(page, "in scope", ConformancePage.inScope(rows)),
            "out of scope",
            ConformancePage.outOfScope(rows));
    if (Boolean.getBoolean("culvert.conformance.write")) {
      Files.writeString(PAGE, written);
      return;
    }
    assertThat(page)
        .as("docs/conformance.md; write it anew with -Dculvert.conformance.write=true")
        .isEqualTo(written);
  }

  private static String replaced(String page, String table, String content) {
    String begin = "<!-- " + table + ": begin -->\n";
    String end = "<!-- " + table + ": end -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    assertThat(from).as("the place of the table " + table).isNotNegative();
    assertThat(to).isGreaterThan(from);
    return page.substring(0, from + begin.length()) + content + page.substring(to);
  }
}
