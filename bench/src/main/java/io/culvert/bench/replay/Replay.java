package io.culvert.bench.replay;

import io.culvert.bench.CliException;
import io.culvert.bench.Failures;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.Network;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.pcap.CaptureFrame;
import io.culvert.testkit.pcap.CaptureWriter;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Sent;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Sends captures through a router with a flow table and writes what comes out: a capture for every
 * real device, and the verdict on every frame.
 */
public final class Replay {
  /** Name of the file of verdicts. */
  public static final String VERDICTS = "verdicts.jsonl";

  /** Name of the file of explanations. */
  private static final String EXPLANATIONS = "explanations.txt";

  private static final int MOST_IPV4_FLOWS = 1 << 18;
  private static final int MOST_IPV6_FLOWS = 1 << 16;
  // The last second that the 32 bits of a classic capture can say.
  private static final long LAST_SECOND = 0xffff_ffffL;

  private final Scenario scenario;
  private final List<ReplayInput> inputs;
  private final OffloadedRouter router;
  private final Option<FlowTable> table;
  private final Option<ForwardRules> rules;
  private final Map<Integer, Port> ports = new LinkedHashMap<>();
  private final int[] ingress;
  private final boolean explain;

  /** Where the present frame came from. */
  private String current = "";

  private long framesIn;
  private long snapped;
  private long offloadable;
  private long fast;
  private final Map<String, Long> dropped = new TreeMap<>();
  private final Map<String, Long> slow = new TreeMap<>();

  private record Port(String name, CaptureWriter capture) {}

  /**
   * A replay, checked but not begun.
   *
   * @param scenario the router
   * @param registry providers of its tunnels
   * @param inputs captures, in the order that equal times keep
   * @param options how to forward
   * @throws CliException if the ruleset cannot be run on this router
   */
  public Replay(
      Scenario scenario, EncapRegistry registry, List<ReplayInput> inputs, ReplayOptions options) {
    this.scenario = scenario;
    this.inputs = List.copyOf(inputs);
    rules = options.ruleset().map(ruleset -> ReplaySetup.rules(ruleset, scenario));
    boolean hasFlowtable = rules.forAll(r -> r.ports().isDefined());
    ReferenceRouter slow = ReferenceRouter.of(scenario, registry);
    table =
        options
            .match()
            .filter(_ -> hasFlowtable)
            .map(match -> table(slow.network(), registry, match));
    router = new OffloadedRouter(slow, table, options.offload(), options.idleTimeout(), rules);
    explain = options.explain();
    ingress =
        inputs.stream()
            .mapToInt(input -> scenario.device(input.device()).get().ifindex())
            .toArray();
  }

  private static FlowTable table(Network network, EncapRegistry registry, MatchMode match) {
    FlowTableConfig config =
        FlowTableConfig.defaults()
            .withMatch(match)
            .withFlows(MOST_IPV4_FLOWS, MOST_IPV6_FLOWS)
            // Two replays of the same captures must come out the same.
            .withRandom(new SplittableRandom(1));
    return new FlowTable(config, registry, network);
  }

  /**
   * Runs it. Either all output files are complete, or none appears.
   *
   * @param out folder for the output
   * @param progress told the number of frames processed, after each
   */
  public ReplaySummary run(Path out, LongConsumer progress) {
    try (OutputFolder folder = new OutputFolder(out);
        InputMerge merge = new InputMerge(inputs)) {
      write(folder, merge, progress);
      folder.publish();
    } catch (IOException e) {
      throw CliException.failed("--out " + out + ": cannot write: " + Failures.reason(e));
    }
    Map<String, Long> framesOut = new LinkedHashMap<>();
    ports.values().forEach(p -> framesOut.put(p.name(), (long) p.capture().frames()));
    return new ReplaySummary(
        framesIn,
        snapped,
        router.flowsOffered(),
        router.offersRefused(),
        new TreeMap<>(router.refusals().toJavaMap()),
        offloadable,
        fast,
        dropped,
        slow,
        framesOut,
        rules.map(r -> r.counters().asJava()).getOrElse(List.of()));
  }

  /** The flows that are in the table now; none without a flow table. */
  public Stream<FlowStatus> flows() {
    return table.map(FlowTable::dump).getOrElse(Stream.empty());
  }

  private void write(OutputFolder folder, InputMerge merge, LongConsumer progress)
      throws IOException {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      for (ScenarioDevice port : scenario.ports()) {
        CaptureWriter capture = new CaptureWriter(folder.part(port.name() + ".pcap"));
        open.add(capture);
        ports.put(port.ifindex(), new Port(port.name(), capture));
      }
      VerdictLog log = new VerdictLog(folder.part(VERDICTS));
      open.add(log);
      if (explain) {
        open.add(explanations(folder));
      }
      for (InputMerge.Next next = merge.next(); next != null; next = merge.next()) {
        process(next, log);
        progress.accept(framesIn);
      }
    } finally {
      closeAll(open);
    }
  }

  /** From now on each frame that is not fast is explained in a file. */
  private ExplanationLog explanations(OutputFolder folder) throws IOException {
    ExplanationLog log = new ExplanationLog(folder.part(EXPLANATIONS));
    router.explainTo((explanation, reason) -> {
      if (reason != Reason.NONE) {
        log.write(framesIn, current, explanation);
      }
    });
    return log;
  }

  private void process(InputMerge.Next next, VerdictLog log) throws IOException {
    CaptureFrame frame = next.frame();
    ReplayInput input = inputs.get(next.input());
    if (frame.timestampNs() / 1_000_000_000L > LAST_SECOND) {
      throw CliException.failed(
          input.file()
              + ": frame "
              + frame.number()
              + " is of a time after 2106; expected one that"
              + " a classic capture can hold");
    }
    framesIn++;
    snapped += frame.isSnapped() ? 1 : 0;
    current = input.device() + " frame " + frame.number();
    Step step = router.process(ingress[next.input()], frame.data(), next.clockNs());
    count(step);
    log.begin(input.device(), frame, verdict(step), step.reason());
    for (Sent sent : step.out()) {
      Port port = ports.get(sent.port());
      if (port == null) {
        throw new IllegalStateException("sent to no port: " + sent.port());
      }
      log.sent(port.name(), port.capture().write(frame.timestampNs(), sent.frame()));
    }
    log.end();
  }

  private void count(Step step) {
    offloadable += step.offloadable() ? 1 : 0;
    switch (step.kind()) {
      case FAST -> fast++;
      case SLOW -> slow.merge(String.valueOf(step.reason()), 1L, Long::sum);
      case DROP -> dropped.merge(String.valueOf(step.reason()), 1L, Long::sum);
    }
  }

  private static String verdict(Step step) {
    return switch (step.kind()) {
      case FAST -> "fast";
      case SLOW -> "slow";
      case DROP -> "drop";
    };
  }

  /** Closes all, and reports the first failure: a full disk shows only now. */
  private static void closeAll(List<AutoCloseable> open) throws IOException {
    IOException first = null;
    for (AutoCloseable file : open) {
      try {
        file.close();
      } catch (IOException e) {
        first = first == null ? e : first;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
