package io.culvert.bench.jmh;

import java.util.List;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What {@code culvert bench} runs: the one parameter of a benchmark that says most, and short
 * iterations.
 *
 * @param name the benchmark's class and method
 * @param parameters its parameters; all values of one that is not named
 */
public record ShortSet(String name, List<Parameter> parameters) {

  /**
   * A parameter.
   *
   * @param name its name
   * @param values its values
   */
  public record Parameter(String name, List<String> values) {}

  private static final Parameter MODES = new Parameter("match", List.of("EXACT", "HASH64"));

  /** The set, in the order of the report. */
  public static List<ShortSet> all() {
    return List.of(
        new ShortSet("MatchBenchmark.match", List.of()),
        new ShortSet("PushBenchmark.byHand", List.of()),
        new ShortSet("PushBenchmark.composed", List.of()),
        new ShortSet(
            "LookupBenchmark.lookUp",
            List.of(
                one("flows", "1000"),
                new Parameter("traffic", List.of("HIT", "MISS", "MIXED")),
                MODES)),
        new ShortSet(
            "ForwardBenchmark.materialise", List.of(flows(), one("match", "EXACT"), burst(), t())),
        new ShortSet("ForwardBenchmark.forward", List.of(flows(), MODES, burst(), t())),
        new ShortSet("ClassicBenchmark.forward", List.of(one("rules", "32"), t())));
  }

  private static Parameter flows() {
    return one("flows", "1000");
  }

  private static Parameter burst() {
    return one("burst", "64");
  }

  private static Parameter t() {
    return one("tunnels", "1024");
  }

  private static Parameter one(String name, String value) {
    return new Parameter(name, List.of(value));
  }

  /** Options that run this entry: one fork, short iterations. */
  public ChainedOptionsBuilder options() {
    ChainedOptionsBuilder options =
        new OptionsBuilder().include("\\." + name.replace(".", "\\.") + "$");
    parameters.forEach(p -> options.param(p.name(), p.values().toArray(new String[0])));
    return options;
  }
}
