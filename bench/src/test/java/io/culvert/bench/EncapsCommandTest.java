package io.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Third-party jars, good and broken: what is said of them, and that the others go on working. */
class EncapsCommandTest {
  private static final String CURRENT = "SpiVersion.CURRENT";

  @TempDir private Path temp = Path.of("");

  private Path modules() {
    return temp.resolve("modules");
  }

  private void jar(String jar, String type, String source) throws IOException {
    Path classes = ProviderJars.compile(temp.resolve("classes-" + jar), Map.of(type, source));
    ProviderJars.pack(modules().resolve(jar), classes, "third.party." + type);
  }

  private void fiveBrokenJarsAndAGoodOne() throws IOException {
    Path classes =
        ProviderJars.compile(
            temp.resolve("classes-missing"),
            Map.of(
                "Missing",
                ProviderJars.source("Missing", "missing", CURRENT, "Helper.help();"),
                "Helper",
                "package third.party; public class Helper { static void help() {} }"));
    ProviderJars.pack(
        modules().resolve("b-class.jar"),
        classes,
        "third.party.Missing",
        "third/party/Helper.class");
    jar("c-version.jar", "Old", ProviderJars.source("Old", "old", CURRENT + " + 7", ""));
    jar(
        "d-constructor.jar",
        "Thrower",
        ProviderJars.source(
            "Thrower", "thrower", CURRENT, "if (true) throw new IllegalStateException(\"boom\");"));
    jar("e-name.jar", "Taken", ProviderJars.source("Taken", "ipip", CURRENT, ""));
    Path typo =
        ProviderJars.compile(
            temp.resolve("classes-typo"),
            Map.of("Typo", ProviderJars.source("Typo", "typo", CURRENT, "")));
    ProviderJars.pack(modules().resolve("f-typo.jar"), typo, "third.party.Tpyo");
    jar("g-good.jar", "Good", ProviderJars.source("Good", "good", CURRENT, ""));
  }

  @Test
  void shouldListTheBuiltInEncapsulation() throws IOException {
    Cli run = Cli.run("encaps");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("ipip", "IPv4 protocol 4", "accepted", "0 refused");
    JsonNode json = new ObjectMapper().readTree(Cli.run("encaps", "--json").out());
    assertThat(json.get("encaps").findValuesAsText("name"))
        .containsExactly("gre", "ipip", "pppoe", "vlan", "vxlan");
    assertThat(json.get("encaps")).allMatch(encap -> encap.get("accepted").asBoolean());
    assertThat(json.get("encaps")).as("tested").allMatch(encap -> encap.get("codec").asBoolean());
  }

  @Test
  void shouldSayOfEachBrokenJarWhatIsWrongAndUseTheGoodOne() throws IOException {
    fiveBrokenJarsAndAGoodOne();

    Cli run = Cli.run("encaps", "--modules", modules());

    assertThat(run.status()).as("a listing with refusals is a success").isZero();
    assertThat(run.out().lines().filter(line -> line.contains("b-class.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("refused: ", "Helper");
    assertThat(run.out().lines().filter(line -> line.contains("c-version.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("refused: ", "SPI version");
    assertThat(run.out().lines().filter(line -> line.contains("d-constructor.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("refused: ", "boom");
    assertThat(run.out().lines().filter(line -> line.contains("e-name.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("refused: ", "'ipip' is taken");
    assertThat(run.out().lines().filter(line -> line.contains("f-typo.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("refused: ", "Tpyo");
    assertThat(run.out().lines().filter(line -> line.contains("g-good.jar")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .contains("good", "IPv4 protocol 253", "accepted");
    assertThat(run.out()).contains("6 accepted, 5 refused");
  }

  @Test
  void shouldReplayInSpiteOfBrokenJarsAndWarnOfThem() throws IOException {
    fiveBrokenJarsAndAGoodOne();
    Path scenario = SmallRouter.scenario(temp);
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1, 2);

    Cli run =
        Cli.run(
            "replay",
            "--scenario",
            scenario,
            "--in",
            "eth0=" + left,
            "--out",
            temp.resolve("out"),
            "--modules",
            modules());

    assertThat(run.status()).isZero();
    assertThat(run.err().lines()).hasSize(5).allMatch(line -> line.startsWith("warning: "));
    assertThat(temp.resolve("out/eth1.pcap")).isNotEmptyFile();
  }

  @Test
  void shouldReadTheLinkTypeOfAGoodJarButNotOfABrokenOne() throws IOException {
    fiveBrokenJarsAndAGoodOne();
    Path left = SmallRouter.capture(temp.resolve("l.pcap"), true, 1);
    for (String type : new String[] {"good", "old"}) {
      Path scenario = temp.resolve(type + ".batch");
      Files.writeString(
          scenario,
          SmallRouter.SCENARIO
              + "link add t0 type "
              + type
              + " local 198.51.100.1 remote 198.51.100.2\n");
      Cli run =
          Cli.run(
              "replay",
              "--scenario",
              scenario,
              "--in",
              "eth0=" + left,
              "--out",
              temp.resolve("out"),
              "--modules",
              modules());
      if (type.equals("good")) {
        assertThat(run.status()).isZero();
      } else {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("old.batch:7:18", "'old'", "expected", "good");
      }
    }
  }

  @Test
  void shouldFindTheCodecThatComesWithAModule() throws IOException {
    Path classes =
        ProviderJars.compile(
            temp.resolve("classes-codec"),
            Map.of(
                "Good",
                ProviderJars.source("Good", "good", CURRENT, ""),
                "GoodCodec",
                """
                package third.party;
                import io.culvert.spi.Settings;
                import io.culvert.testkit.codec.*;
                import io.vavr.collection.*;
                import io.vavr.control.Either;
                public class GoodCodec implements PlainCodec {
                  public Seq<String> linkTypes() { return List.of("good"); }
                  public Either<String, PlainTunnel> open(Settings settings) {
                    return Either.left("a codec that was asked");
                  }
                }
                """));
    Path jar = modules().resolve("g-good.jar");
    ProviderJars.pack(jar, classes, "third.party.Good");
    assertThat(hasCodec("good")).isFalse();
    Path service = classes.resolve("META-INF/services/io.culvert.testkit.codec.PlainCodec");
    Files.createDirectories(service.getParent());
    Files.writeString(service, "third.party.NoCodec\nthird.party.GoodCodec\n");
    ProviderJars.pack(jar, classes, "third.party.Good");
    assertThat(hasCodec("good")).as("in spite of a broken one").isTrue();
    assertThat(hasCodec("ipip")).isTrue();
  }

  private boolean hasCodec(String name) throws IOException {
    Cli run = Cli.run("encaps", "--modules", modules(), "--json");
    for (var encap : new ObjectMapper().readTree(run.out()).get("encaps")) {
      if (encap.get("name").asText().equals(name)) {
        return encap.get("codec").asBoolean();
      }
    }
    throw new AssertionError(run.out());
  }

  @Test
  void shouldRefuseAModulesFolderThatIsNone() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    for (Path path : new Path[] {temp.resolve("none"), file}) {
      Cli run = Cli.run("encaps", "--modules", path);
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("--modules " + path, "no such folder");
      assertThat(run.out()).isEmpty();
    }
  }
}
