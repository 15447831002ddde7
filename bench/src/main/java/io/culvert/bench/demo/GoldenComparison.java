package io.culvert.bench.demo;

import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.golden.GoldenStep;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A replay's output against what Linux sent, step by step and byte for byte; only what a kernel
 * chooses freely in outer headers (IPv4 ids, hashed UDP source ports) is masked. Where such headers
 * are, the reference router says, which gets the same frames.
 *
 * <p>In a step in which nothing went unmodelled, both must have sent the same frames. In another
 * one Linux may have sent more: the fragment, the ICMP error, the reply that is not modelled.
 */
public final class GoldenComparison {
  /**
   * The result.
   *
   * @param identical frames that are the same
   * @param identicalFast those of them that the fast path sent
   * @param notModelled frames that Linux sent and that are not modelled
   * @param differences everything else, a sentence each
   */
  public record Result(
      int identical, int identicalFast, int notModelled, List<String> differences) {}

  private final Scenario scenario;
  private final ReferenceRouter router;
  private int identical;
  private int identicalFast;
  private int notModelled;
  private final List<String> differences = new ArrayList<>();

  private GoldenComparison(GoldenScenario golden, Scenario scenario) {
    this.scenario = scenario;
    router = new ReferenceRouter(scenario, PlainCodecs.installed(), golden.tracksConnections());
  }

  /**
   * Compares.
   *
   * @param golden what Linux did
   * @param scenario the router of both
   * @param folder output of a replay of what Linux received
   */
  public static Result compare(GoldenScenario golden, Scenario scenario, Path folder)
      throws IOException {
    GoldenComparison comparison = new GoldenComparison(golden, scenario);
    Map<Integer, List<ReplayOutput.Line>> lines = new HashMap<>();
    for (ReplayOutput.Line line : ReplayOutput.read(folder)) {
      lines.computeIfAbsent(line.second(), _ -> new ArrayList<>()).add(line);
    }
    for (GoldenStep step : golden.steps()) {
      comparison.step(step, lines.getOrDefault(step.number(), List.of()));
    }
    return new Result(
        comparison.identical,
        comparison.identicalFast,
        comparison.notModelled,
        List.copyOf(comparison.differences));
  }

  private void step(GoldenStep step, List<ReplayOutput.Line> lines) {
    if (lines.size() != step.inputs().size()) {
      different(step, "", lines.size() + " verdicts for " + step.inputs().size() + " frames");
    }
    List<SentFrame> routed = new ArrayList<>();
    for (GoldenFrame input : step.inputs()) {
      int ifindex = scenario.device(input.device()).get().ifindex();
      if (router.process(ifindex, input.bytes()) instanceof Forwarded(var frames, var _)) {
        routed.addAll(frames.asJava());
      }
    }
    boolean isModelled = lines.stream().allMatch(ReplayOutput.Line::isModelled);
    for (String device : scenario.ports().map(port -> port.name())) {
      List<ReplayOutput.Sent> ours =
          lines.stream()
              .flatMap(line -> line.sent().stream())
              .filter(sent -> sent.device().equals(device))
              .toList();
      List<GoldenFrame> linux =
          step.outputs().filter(frame -> frame.device().equals(device)).asJava();
      List<Seq<OwnHeader>> own =
          routed.stream()
              .filter(f -> scenario.device(f.ifindex()).get().name().equals(device))
              .map(SentFrame::own)
              .toList();
      if (isModelled) {
        same(step, device, ours, linux, own);
      } else {
        within(step, device, ours, linux, own);
      }
    }
  }

  private void same(
      GoldenStep step,
      String device,
      List<ReplayOutput.Sent> ours,
      List<GoldenFrame> linux,
      List<Seq<OwnHeader>> own) {
    if (ours.size() != linux.size()) {
      different(step, device, "Linux sent " + linux.size() + " frames, culvert " + ours.size());
      return;
    }
    for (int i = 0; i < ours.size(); i++) {
      Option<String> difference = difference(linux.get(i), ours.get(i), at(own, i));
      difference.forEach(text -> different(step, device, text));
      if (difference.isEmpty()) {
        count(ours.get(i));
      }
    }
  }

  /** Ours must be among Linux's, in their order. */
  private void within(
      GoldenStep step,
      String device,
      List<ReplayOutput.Sent> ours,
      List<GoldenFrame> linux,
      List<Seq<OwnHeader>> own) {
    int next = 0;
    for (int i = 0; i < ours.size(); i++) {
      ReplayOutput.Sent sent = ours.get(i);
      int found = next;
      while (found < linux.size() && difference(linux.get(found), sent, at(own, i)).isDefined()) {
        found++;
      }
      if (found == linux.size()) {
        different(
            step,
            device,
            "culvert sent a frame of " + sent.bytes().length + " bytes that Linux did not send");
      } else {
        notModelled += found - next;
        next = found + 1;
        count(sent);
      }
    }
    notModelled += linux.size() - next;
  }

  private static Option<String> difference(
      GoldenFrame linux, ReplayOutput.Sent sent, Seq<OwnHeader> own) {
    return FrameComparison.difference(linux.bytes(), sent.bytes(), own);
  }

  /** The headers of the router's frame at this place; none where it sent fewer. */
  private static Seq<OwnHeader> at(List<Seq<OwnHeader>> own, int i) {
    return i < own.size() ? own.get(i) : io.vavr.collection.List.empty();
  }

  private void count(ReplayOutput.Sent sent) {
    identical++;
    identicalFast += sent.isFast() ? 1 : 0;
  }

  private void different(GoldenStep step, String device, String what) {
    differences.add(
        "step "
            + step.number()
            + " ("
            + step.label()
            + ")"
            + (device.isEmpty() ? "" : " " + device)
            + ": "
            + what);
  }
}
