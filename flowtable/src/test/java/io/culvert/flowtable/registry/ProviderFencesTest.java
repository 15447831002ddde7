package io.culvert.flowtable.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.flowtable.registry.LoadReport.Rejected;
import io.culvert.flowtable.registry.Rejection.CarrierTaken;
import io.culvert.flowtable.registry.Rejection.NameTaken;
import io.culvert.flowtable.registry.Rejection.NotLoadable;
import io.culvert.flowtable.registry.Rejection.WrongVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken providers in jars of their own, between two good ones: each is rejected with its reason,
 * and the good ones work on.
 */
class ProviderFencesTest {
  @TempDir private static Path work;
  @TempDir private Path folder;

  @BeforeAll
  static void makeGoodProviders() throws IOException {
    ProviderJars.jar(work, work.resolve("a-good.jar"), "Alpha", ProviderJars.good("Alpha", 201));
    ProviderJars.jar(work, work.resolve("z-good.jar"), "Zulu", ProviderJars.good("Zulu", 202));
  }

  @BeforeEach
  void addGoodProviders() throws IOException {
    Files.copy(work.resolve("a-good.jar"), folder.resolve("a-good.jar"));
    Files.copy(work.resolve("z-good.jar"), folder.resolve("z-good.jar"));
  }

  /** Loads the folder: both good providers must be there, and one more entry. */
  private Rejected rejected() throws IOException {
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("alpha", "zulu");
    assertThat(report.rejected()).hasSize(1);
    Rejected rejected = report.rejected().head();
    assertThat(rejected.origin()).isEqualTo("bad.jar");
    assertThat(rejected.reason().message()).isNotBlank();
    return rejected;
  }

  private Rejection rejection(String source) throws IOException {
    ProviderJars.jar(work, folder.resolve("bad.jar"), "Bad", source);
    Rejected rejected = rejected();
    assertThat(rejected.name()).isEqualTo("third.party.Bad");
    return rejected.reason();
  }

  private static String bad(String place, String code) {
    return ProviderJars.with(ProviderJars.good("Bad", 203), place, code);
  }

  @Test
  void shouldAcceptTheTemplateItselfIfNothingIsBroken() throws IOException {
    ProviderJars.jar(work, folder.resolve("bad.jar"), "Bad", ProviderJars.good("Bad", 203));
    EncapRegistry registry = EncapRegistry.load(ProviderSource.ofFolder(folder));
    assertThat(registry.report().accepted().map(Accepted::name))
        .containsExactly("alpha", "bad", "zulu");
    assertThat(registry.report().rejected()).isEmpty();
    assertThat(registry.provider("bad").map(Guarded::name)).contains("bad");
    assertThat(registry.providerOf("zulu").map(Guarded::name)).contains("zulu");
    assertThat(registry.provider("nobody")).isEmpty();
  }

  @Test
  void shouldRejectAProviderThatMissesAClassOfItsOwn() throws IOException {
    String source = bad("init", "new Helper();");
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"),
            "Bad",
            source,
            "Helper",
            "package third.party; class Helper {}");
    ProviderJars.pack(
        folder.resolve("bad.jar"), classes, "third.party.Bad", "third/party/Helper.class");
    Rejected rejected = rejected();
    assertThat(rejected.reason()).isInstanceOf(NotLoadable.class);
    assertThat(rejected.reason().message()).contains("NoClassDefFoundError", "third/party/Helper");
  }

  @Test
  void shouldRejectAProviderWhoseSuperclassIsMissing() throws IOException {
    String source =
        ProviderJars.good("Bad", 203)
            .replace("class Bad implements", "class Bad extends Base implements");
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"),
            "Bad",
            source,
            "Base",
            "package third.party; class Base {}");
    ProviderJars.pack(
        folder.resolve("bad.jar"), classes, "third.party.Bad", "third/party/Base.class");
    Rejected rejected = rejected();
    assertThat(rejected.reason()).isInstanceOf(NotLoadable.class);
    assertThat(rejected.reason().message()).contains("third/party/Base");
  }

  @Test
  void shouldRejectAProviderThatThrowsInItsConstructor() throws IOException {
    Rejection reason = rejection(bad("init", "if (true) throw new RuntimeException(\"no key\");"));
    assertThat(reason).isInstanceOf(NotLoadable.class);
    assertThat(reason.message()).contains("RuntimeException: no key");
  }

  @Test
  void shouldRejectAProviderThatThrowsWhenItsClassIsInitialised() throws IOException {
    String source =
        ProviderJars.good("Bad", 203)
            .replace("public Bad()", "static final int N = Integer.parseInt(\"x\"); public Bad()");
    Rejection reason = rejection(source);
    assertThat(reason).isInstanceOf(NotLoadable.class);
    assertThat(reason.message()).contains("NumberFormatException");
  }

  @Test
  void shouldRejectAProviderOfAnotherSpiVersion() throws IOException {
    Rejection reason = rejection(bad("version", "1 +"));
    assertThat(reason).isEqualTo(new WrongVersion(2, 1));
    assertThat(reason.message()).contains("version 2", "expected 1");
  }

  @Test
  void shouldRejectATakenName() throws IOException {
    Rejection reason = rejection(ProviderJars.source("Bad", "alpha", "bad", 203));
    assertThat(reason).isEqualTo(new NameTaken("name", "alpha", "another provider"));
  }

  @Test
  void shouldRejectATakenLinkType() throws IOException {
    Rejection reason = rejection(ProviderJars.source("Bad", "bad", "alpha", 203));
    assertThat(reason).isEqualTo(new NameTaken("link type", "alpha", "provider alpha"));
  }

  @Test
  void shouldRejectATakenCarrier() throws IOException {
    Rejection reason = rejection(ProviderJars.good("Bad", 201));
    assertThat(reason.message()).isEqualTo("IPv4 protocol 201 is taken by provider alpha");
    assertThat(reason).isInstanceOf(CarrierTaken.class);
  }

  @Test
  void shouldRejectAServiceFileThatNamesAClassThatIsNotThere() throws IOException {
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"), "Bad", ProviderJars.good("Bad", 203));
    ProviderJars.pack(folder.resolve("bad.jar"), classes, "third.party.Bda");
    assertThat(rejected().reason().message())
        .startsWith("cannot be loaded: ")
        .contains("third.party.Bda", "not found");
  }

  @Test
  void shouldRejectAServiceFileWithASyntaxError() throws IOException {
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"), "Bad", ProviderJars.good("Bad", 203));
    ProviderJars.pack(folder.resolve("bad.jar"), classes, "third.party.Bad third.party.Other");
    assertThat(rejected().reason()).isInstanceOf(NotLoadable.class);
    assertThat(rejected().reason().message()).contains("syntax");
  }

  @Test
  void shouldRejectAClassThatIsNoProvider() throws IOException {
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"),
            "Bad",
            "package third.party; public class Bad {}");
    ProviderJars.pack(folder.resolve("bad.jar"), classes, "third.party.Bad");
    assertThat(rejected().reason()).isInstanceOf(NotLoadable.class);
    assertThat(rejected().reason().message()).contains("third.party.Bad", "not a subtype");
  }

  @Test
  void shouldRejectAFileThatIsNoJar() throws IOException {
    Files.writeString(folder.resolve("bad.jar"), "this is no jar");
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("alpha", "zulu");
  }

  /** The other entries of a service file with one bad line are used. */
  @Test
  void shouldUseTheGoodProvidersOfAServiceFileWithABadEntry() throws IOException {
    Path classes =
        ProviderJars.compile(
            Files.createTempDirectory(work, "x"),
            "Bad",
            bad("init", "if (true) throw new RuntimeException();"),
            "Mike",
            ProviderJars.good("Mike", 204));
    ProviderJars.pack(
        folder.resolve("m.jar"),
        classes,
        "third.party.Bad\nthird.party.Gone # a comment\n\nthird.party.Mike");
    LoadReport report = EncapRegistry.load(ProviderSource.ofFolder(folder)).report();
    assertThat(report.accepted().map(Accepted::name)).containsExactly("alpha", "mike", "zulu");
    assertThat(report.rejected()).hasSize(2);
  }
}
