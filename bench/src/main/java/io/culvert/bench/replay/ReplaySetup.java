package io.culvert.bench.replay;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.nft.NftError;
import io.culvert.testkit.nft.NftReader;
import io.culvert.testkit.nft.Ruleset;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and checks what a replay is told, before it touches any output. */
public final class ReplaySetup {
  private ReplaySetup() {}

  /** Reads a scenario; all its mistakes are one message, a line each. */
  public static Scenario scenario(Path file, EncapRegistry registry) {
    return scenario(file.toString(), text("--scenario", file), registry);
  }

  /** Reads a ruleset; all its mistakes are one message, a line each. */
  public static Ruleset ruleset(Path file) {
    return NftReader.read(file.toString(), text("--nft", file))
        .getOrElseThrow(errors -> CliException.usage(errors.map(NftError::message).mkString("\n")));
  }

  /** A ruleset on a router; all that stands against running it is one message, a line each. */
  static ForwardRules rules(Ruleset ruleset, Scenario scenario) {
    return ForwardRules.of(ruleset, scenario)
        .getOrElseThrow(refusals ->
            CliException.usage(
                refusals
                    .map(why -> ruleset.file() + ":" + why.at() + ": " + why.message())
                    .mkString("\n")));
  }

  private static String text(String option, Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException _) {
      throw CliException.usage(option + " " + file + ": this is no text; expected UTF-8");
    } catch (IOException e) {
      throw CliException.failed(option + " " + file + ": cannot read: " + Failures.reason(e));
    }
  }

  static Scenario scenario(String name, String text, EncapRegistry registry) {
    Scenario scenario =
        new ScenarioReader(registry.providers().map(Guarded::provider))
            .read(name, text)
            .getOrElseThrow(
                errors -> CliException.usage(errors.map(ScenarioError::message).mkString("\n")));
    if (scenario.problems().nonEmpty()) {
      throw CliException.usage(
          scenario.problems().map(problem -> name + ": " + problem).mkString("\n"));
    }
    if (scenario.ports().isEmpty()) {
      throw CliException.usage(
          name + ": no real device; expected at least: link set eth0 address MAC");
    }
    return scenario;
  }

  /** Checks that every input has a device of its own, and that no output would overwrite one. */
  public static void checkInputs(Scenario scenario, List<ReplayInput> inputs, Path out) {
    Seq<String> names = scenario.ports().map(ScenarioDevice::name);
    Set<String> seen = new HashSet<>();
    for (ReplayInput input : inputs) {
      String option = "--in " + input.device() + "=" + input.file();
      if (!names.contains(input.device())) {
        throw CliException.usage(
            option
                + ": the scenario has no real device "
                + input.device()
                + "; expected one of: "
                + names.mkString(", "));
      }
      if (!seen.add(input.device())) {
        throw CliException.usage(
            option + ": device " + input.device() + " has an input already; expected one for each");
      }
      if (!Files.isReadable(input.file()) || Files.isDirectory(input.file())) {
        throw CliException.failed(
            option
                + ": cannot read: "
                + (Files.notExists(input.file())
                    ? "no such file"
                    : Files.isDirectory(input.file()) ? "it is a folder" : "permission denied"));
      }
      for (String name : names) {
        if (isSame(input.file(), out.resolve(name + ".pcap"))) {
          throw CliException.usage(
              option + ": would be overwritten by the output; expected another --out");
        }
      }
    }
  }

  private static boolean isSame(Path input, Path output) {
    try {
      return Files.exists(output) && Files.isSameFile(input, output);
    } catch (IOException _) {
      return false; // An input that cannot be read says so itself, later.
    }
  }
}
