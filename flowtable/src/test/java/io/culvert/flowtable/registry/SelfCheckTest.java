package io.culvert.flowtable.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.ToyProvider;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.Rejection.SelfCheckFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that load and answer, and whose push and match do not fit each other. */
class SelfCheckTest {
  private static final String MATCH = "match(push(t)) = t";

  @TempDir private static Path work;
  @TempDir private Path folder;

  @BeforeAll
  static void makeAGoodProvider() throws IOException {
    ProviderJars.jar(work, work.resolve("good.jar"), "Good", ProviderJars.good("Good", 204));
  }

  private SelfCheckFailed failed(String place, String code) throws IOException {
    String source = ProviderJars.with(ProviderJars.good("Bad", 203), place, code);
    ProviderJars.jar(work, folder.resolve("bad.jar"), "Bad", source);
    Files.copy(work.resolve("good.jar"), folder.resolve("good.jar"));
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("good");
    assertThat(report.rejected()).hasSize(1);
    Rejection reason = report.rejected().head().reason();
    assertThat(reason).isInstanceOf(SelfCheckFailed.class);
    assertThat(reason.message()).startsWith("self-check of bad carrying EtherType 0x0800 failed, ");
    return (SelfCheckFailed) reason;
  }

  @Test
  void shouldAcceptTheToys() {
    LoadReport report = EncapRegistry.of(ToyProvider.toy(), ToyProvider.bare()).report();
    assertThat(report.rejected()).isEmpty();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("toy", "bare");
  }

  @Test
  void shouldRejectAMatchThatDoesNotGiveBackWhatWasPushed() throws IOException {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("key.add(7); if (end - at >= 4) return Match.hit(5, 1, 0x0800);", "shim 5 bytes");
    wanted.put("key.add(7); if (end - at >= 4) return Match.hit(4, 1, 0x86dd);", "0x86dd");
    wanted.put("key.add(7); if (end - at >= 4) return Match.hit(4, 2, 1);", "Ethernet");
    wanted.put("key.add(7); if (end - at >= 4) return Match.hit(4, 1, 2048, 1);", "trailer 1");
    wanted.put("if (true) return Match.NOT_MINE;", "got NOT_MINE");
    wanted.put("if (end - at > 60) return Match.MALFORMED;", "got MALFORMED");
    wanted.put("if (end - at > 60) return -77;", "unknown code -77");
    wanted.put("key.add(1);", "expected words [7], got [1,7]");
    wanted.put("if (end - at >= 4) return Match.hit(4, 1, 0x0800);", "words [7], got []");
    Map<String, SelfCheckFailed> failures = failures(wanted.keySet());
    wanted.forEach((code, message) -> assertFailed(failures.get(code), MATCH, message));
  }

  @Test
  void shouldRejectAMatchThatTakesAShimCutShort() throws IOException {
    SelfCheckFailed failed = failed("match", "if (end - at == 3) return Match.hit(4, 1, 0x0800);");
    assertThat(failed.check()).isEqualTo("truncation");
    assertThat(failed.why()).startsWith("3 of 4 bytes gave hit(");
  }

  /** Only while it is asked about a shim cut short: the answers themselves are right. */
  @Test
  void shouldRejectAMatchThatWritesToTheFrameOrBesideIt() throws IOException {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (int offset : new int[] {0, 3, 20, -1, 68}) {
      wanted.put(
          "if (end - at == 3) Wire.put8(frame, at + (%d), 0x77);".formatted(offset),
          "byte " + offset + " changed");
    }
    Map<String, SelfCheckFailed> failures = failures(wanted.keySet());
    wanted.forEach(
        (code, message) -> assertFailed(failures.get(code), "match reads only", message));
  }

  /** Loads a provider for each piece of code in its match, and a good one. */
  private Map<String, SelfCheckFailed> failures(Set<String> codes) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String code : codes) {
      String type = "Bad" + sources.size();
      sources.put(type, ProviderJars.with(ProviderJars.good(type, 203), "match", code));
    }
    ProviderJars.jars(work, folder, sources);
    Files.copy(work.resolve("good.jar"), folder.resolve("good.jar"));
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("good");
    Map<String, SelfCheckFailed> failures = new LinkedHashMap<>();
    for (String code : codes) {
      String jar = "Bad" + failures.size() + ".jar";
      Rejection reason = report.rejected().find(r -> r.origin().equals(jar)).get().reason();
      assertThat(reason).as(code).isInstanceOf(SelfCheckFailed.class);
      failures.put(code, (SelfCheckFailed) reason);
    }
    return failures;
  }

  private static void assertFailed(@Nullable SelfCheckFailed failed, String check, String message) {
    assertThat(failed).extracting(SelfCheckFailed::check).isEqualTo(check);
    assertThat(failed).extracting(SelfCheckFailed::message).asString().contains(message);
  }

  @Test
  void shouldRejectTuplesThatDoNotMirrorEachOther() throws IOException {
    assertThat(failed("tuple", "direction = Direction.TRANSMIT;").check()).isEqualTo("mirror");
  }

  @Test
  void shouldRejectASampleThatItsOwnProviderRefuses() throws IOException {
    SelfCheckFailed failed =
        failed(
            "tuple",
            "if (true) return Validation.invalid(List.of(new EncapError.Missing(\"x\", \"y\")));");
    assertThat(failed.check()).isEqualTo("set-up");
    assertThat(failed.why()).isEqualTo("x is missing; expected y");
  }
}
