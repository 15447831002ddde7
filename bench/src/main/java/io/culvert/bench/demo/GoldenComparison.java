package io.culvert.bench.demo;

import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.golden.GoldenFrame;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.golden.GoldenStep;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A replay's output against what Linux sent, step by step and byte for byte; only the id of outer
 * IPv4 headers, which a kernel chooses freely, is masked.
 *
 * <p>In a step in which nothing went unmodelled, both must have sent the same frames. In another
 * one Linux may have sent more: the fragment, the ICMP error, the reply that is not modelled.
 */
public final class GoldenComparison {
  private static final int ETHERNET = 14;
  private static final int IPIP = 4;

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
  private int identical;
  private int identicalFast;
  private int notModelled;
  private final List<String> differences = new ArrayList<>();

  private GoldenComparison(Scenario scenario) {
    this.scenario = scenario;
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
    GoldenComparison comparison = new GoldenComparison(scenario);
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
    boolean isModelled = lines.stream().allMatch(ReplayOutput.Line::isModelled);
    for (String device : scenario.ports().map(port -> port.name())) {
      List<ReplayOutput.Sent> ours =
          lines.stream()
              .flatMap(line -> line.sent().stream())
              .filter(sent -> sent.device().equals(device))
              .toList();
      List<GoldenFrame> linux =
          step.outputs().filter(frame -> frame.device().equals(device)).asJava();
      if (isModelled) {
        same(step, device, ours, linux);
      } else {
        within(step, device, ours, linux);
      }
    }
  }

  private void same(
      GoldenStep step, String device, List<ReplayOutput.Sent> ours, List<GoldenFrame> linux) {
    if (ours.size() != linux.size()) {
      different(step, device, "Linux sent " + linux.size() + " frames, culvert " + ours.size());
      return;
    }
    for (int i = 0; i < ours.size(); i++) {
      Option<String> difference = difference(linux.get(i), ours.get(i));
      difference.forEach(text -> different(step, device, text));
      if (difference.isEmpty()) {
        count(ours.get(i));
      }
    }
  }

  /** Ours must be among Linux's, in their order. */
  private void within(
      GoldenStep step, String device, List<ReplayOutput.Sent> ours, List<GoldenFrame> linux) {
    int next = 0;
    for (ReplayOutput.Sent sent : ours) {
      int found = next;
      while (found < linux.size() && difference(linux.get(found), sent).isDefined()) {
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

  private Option<String> difference(GoldenFrame linux, ReplayOutput.Sent sent) {
    int pushed = Math.max(pushed(linux.bytes()), pushed(sent.bytes()));
    return FrameComparison.difference(linux.bytes(), sent.bytes(), pushed);
  }

  /**
   * Outer headers that the router itself made: nobody else may send with its address, so a packet
   * that only passed through is never masked.
   */
  private int pushed(byte[] frame) {
    int count = 0;
    int at = ETHERNET;
    while (frame.length >= at + 20
        && frame[12] == 8
        && frame[13] == 0
        && frame[at] == 0x45
        && frame[at + 9] == IPIP
        && isOwn(new Ipv4Address(ByteBuffer.wrap(frame).getInt(at + 12)))) {
      count++;
      at += 20;
    }
    return count;
  }

  private boolean isOwn(IpAddress address) {
    return scenario.network().isLocal(address);
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
