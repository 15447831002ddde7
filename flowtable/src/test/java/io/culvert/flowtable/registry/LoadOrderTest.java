package io.culvert.flowtable.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.ToyProvider;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.LoadReport.Rejected;
import io.culvert.spi.Carrier;
import io.culvert.spi.EncapError;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who wins a contest is decided by names, never by the order of the class path. */
class LoadOrderTest {
  @TempDir private Path folder;
  @TempDir private Path work;

  private Path jar(String file, String type, String source) throws IOException {
    Path jar = folder.resolve(file);
    ProviderJars.jar(work, jar, type, source);
    return jar;
  }

  private static LoadReport load(Path... jars) throws IOException {
    URL[] urls = new URL[jars.length];
    for (int n = 0; n < jars.length; n++) {
      urls[n] = jars[n].toUri().toURL();
    }
    ClassLoader parent = LoadOrderTest.class.getClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls, parent)) {
      return EncapRegistry.load(List.of(ProviderSource.of(loader))).report();
    }
  }

  @Test
  void shouldDecideAContestForACarrierByClassNameWhateverTheClassPath() throws IOException {
    Path one = jar("one.jar", "Bravo", ProviderJars.good("Bravo", 201));
    Path two = jar("two.jar", "Alpha", ProviderJars.good("Alpha", 201));
    for (LoadReport report : List.of(load(one, two), load(two, one))) {
      assertThat(report.accepted().map(Accepted::name)).containsExactly("alpha");
      assertThat(report.accepted().head().origin()).isEqualTo("two.jar");
      assertThat(report.rejected().map(Rejected::name)).containsExactly("third.party.Bravo");
    }
  }

  @Test
  void shouldDecideAContestBetweenJarsOfAFolderByFileName() throws IOException {
    jar("b.jar", "Alpha", ProviderJars.source("Alpha", "same", "same", 201));
    jar("a.jar", "Zulu", ProviderJars.source("Zulu", "same", "same", 202));
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::origin)).containsExactly("a.jar");
    assertThat(report.rejected().map(Rejected::origin)).containsExactly("b.jar");
  }

  /** One class loader over all: a service file with a typo costs its own jar's providers only. */
  @Test
  void shouldFindTheOthersOnAClassPathWithABrokenServiceFile() throws IOException {
    Path good = jar("good.jar", "Alpha", ProviderJars.good("Alpha", 201));
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"), "Bravo", ProviderJars.good("Bravo", 202));
    Path typo = folder.resolve("typo.jar");
    ProviderJars.pack(typo, classes, "third.party.Bravo;");
    Path gone = folder.resolve("gone.jar");
    ProviderJars.pack(gone, classes, "third.party.Gone");
    for (LoadReport report : List.of(load(typo, gone, good), load(good, gone, typo))) {
      assertThat(report.accepted().map(Accepted::name)).containsExactly("alpha");
      assertThat(report.rejected()).hasSize(2);
    }
  }

  @Test
  void shouldFindEachProviderOnceWhereFoldersAndParentsSeeTheSame() throws IOException {
    jar("a.jar", "Alpha", ProviderJars.good("Alpha", 201));
    EncapRegistry registry = EncapRegistry.load(ProviderSource.ofFolder(folder));
    assertThat(registry.report().entries()).hasSize(1);
    Accepted accepted = registry.report().accepted().head();
    assertThat(accepted.version()).isEqualTo("unknown");
    assertThat(accepted.linkTypes()).containsExactly("alpha");
    assertThat(accepted.carriers()).containsExactly(Carrier.ipProtocol(IpFamily.V4, 201));
  }

  @Test
  void shouldReportNothingForAFolderWithoutJars() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "no jar");
    assertThat(ProviderSource.ofFolder(folder)).isEmpty();
    assertThat(EncapRegistry.load(List.empty()).report().entries()).isEmpty();
  }

  /** What a control call throws or returns as null after admission becomes a left. */
  @Test
  void shouldTurnAControlCallThatThrowsIntoAValue() throws IOException {
    String source =
        ProviderJars.with(
            ProviderJars.good("Alpha", 201),
            "carriers",
            "if (settings.flag(\"boom\", false)) throw new IllegalStateException(\"boom\");"
                + "if (settings.flag(\"null\", false)) return null;");
    jar("a.jar", "Alpha", source);
    Guarded alpha = EncapRegistry.load(ProviderSource.ofFolder(folder)).providers().head();
    Settings settings = Settings.of("alpha");
    assertThat(alpha.carriers(settings).isRight()).isTrue();
    Seq<EncapError> thrown = alpha.carriers(settings.with("boom", true)).getLeft();
    assertThat(thrown.map(EncapError::message))
        .containsExactly(
            "provider alpha failed in carriers: java.lang.IllegalStateException: boom");
    Seq<EncapError> nothing = alpha.carriers(settings.with("null", true)).getLeft();
    assertThat(nothing.map(EncapError::message))
        .containsExactly("provider alpha failed in carriers: it returned null");
    assertThat(alpha.linkTypes().isRight()).isTrue();
  }

  @Test
  void shouldKeepTheFirstOfProvidersGivenByHand() {
    EncapRegistry registry = EncapRegistry.of(ToyProvider.toy(), ToyProvider.toy());
    assertThat(registry.report().accepted()).hasSize(1);
    assertThat(registry.report().rejected().head().reason().message())
        .isEqualTo("name 'toy' is taken by another provider");
  }
}
