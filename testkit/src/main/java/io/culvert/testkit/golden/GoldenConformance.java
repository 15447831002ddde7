package io.culvert.testkit.golden;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.codec.PlainCodec;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A router against the kernel, step by step and byte for byte: it gets what the kernel got, and in
 * each step must send what the kernel sent, or say what of it is not modelled.
 */
public final class GoldenConformance {
  /** What a kernel sends by the clock, whatever it is given. */
  private static final String REPORT = "the kernel's own multicast report";

  private final Subject router;

  private final Scenario scenario;

  private final GoldenScenario golden;

  /** Numbers that packets of the kernel's own have taken, by where the number stands. */
  private final Map<Integer, Integer> taken = new HashMap<>();

  private GoldenConformance(GoldenScenario golden, Scenario scenario, Subject router) {
    this.golden = golden;
    this.scenario = scenario;
    this.router = router;
  }

  /** What is compared with the kernel. */
  @FunctionalInterface
  public interface Subject {
    /**
     * What becomes of a frame.
     *
     * @param ifindex index of the port that it comes in by
     * @param frame the frame without FCS; not changed
     */
    RouterOutcome process(int ifindex, byte[] frame);
  }

  /** How a step compares. */
  public enum Verdict {
    /** The same frames. */
    IDENTICAL,
    /** The kernel's flow table sent something else than its slow path would, as it is known to. */
    FAST_PATH_RULE,
    /** The kernel sent more, of a kind that is not modelled. */
    NOT_MODELLED,
    /** A difference that nothing explains. */
    DIFFERENT
  }

  /**
   * The result of one step.
   *
   * @param step the step
   * @param verdict how it compares
   * @param reasons what is not modelled, or which rule of the kernel's flow table it is, as words
   * @param difference what differs; empty unless the verdict is {@code DIFFERENT}
   */
  public record Result(GoldenStep step, Verdict verdict, Seq<String> reasons, String difference) {}

  /**
   * Compares all steps in which a frame was injected; negotiations of other programs with the
   * kernel are left out.
   *
   * @param golden what the kernel did
   * @param scenario the router that its text describes
   * @param codecs the protocols that the router speaks
   */
  public static Seq<Result> compare(
      GoldenScenario golden, Scenario scenario, Seq<PlainCodec> codecs) {
    ReferenceRouter router = new ReferenceRouter(scenario, codecs, golden.tracksConnections());
    golden.rules(scenario).forEach(router::hooks);
    return compare(golden, scenario, router::process);
  }

  /**
   * Compares all steps in which a frame was injected.
   *
   * @param golden what the kernel did
   * @param scenario the router that its text describes
   * @param router what is compared
   */
  public static Seq<Result> compare(GoldenScenario golden, Scenario scenario, Subject router) {
    GoldenConformance comparison = new GoldenConformance(golden, scenario, router);
    return List.ofAll(golden.steps().filter(step -> step.op().equals("inj")).map(comparison::step));
  }

  private Result step(GoldenStep step) {
    Left left = new Left(step);
    for (GoldenFrame input : step.inputs()) {
      int ifindex = scenario.device(input.device()).get().ifindex();
      RouterOutcome outcome = router.process(ifindex, input.bytes());
      if (outcome instanceof NotModelled(NotModelledReason reason)) {
        left.claims.add(reason);
      } else if (outcome instanceof Forwarded forwarded) {
        forwarded.frames().forEach(frame -> left.sent(scenario, frame));
      }
    }
    return left.result(scenario);
  }

  /** What of the capture is left when the router has sent its frames. */
  private final class Left {
    private final GoldenStep step;
    private final java.util.List<GoldenFrame> frames;
    private final java.util.List<String> wrong = new ArrayList<>();
    private final java.util.List<String> rules = new ArrayList<>();
    private final Set<NotModelledReason> claims = EnumSet.noneOf(NotModelledReason.class);

    Left(GoldenStep step) {
      this.step = step;
      frames = new ArrayList<>(step.outputs().asJava());
    }

    /** Frames of one device keep their order, so the first one left must be it. */
    void sent(Scenario scenario, SentFrame frame) {
      String device = scenario.device(frame.ifindex()).get().name();
      List<GoldenFrame> candidates = List.ofAll(frames).filter(f -> f.device().equals(device));
      int same =
          candidates.indexWhere(
              f -> FrameComparison.areEqual(f.bytes(), frame.bytes(), frame.own()));
      // With something not modelled in the step, the kernel's frames before it may be missing.
      if (same == 0 || (same > 0 && !claims.isEmpty())) {
        number(candidates.get(same), frame);
        frames.remove(candidates.get(same));
        return;
      }
      Option<String> rule =
          candidates.headOption().flatMap(linux -> FastPathRule.of(step, linux, frame));
      if (rule.isDefined()) {
        rules.add(rule.get());
        frames.remove(candidates.head());
        return;
      }
      wrong.add(
          candidates.isEmpty()
              ? "a frame on " + device + " that the kernel did not send"
              : FrameComparison.difference(candidates.head().bytes(), frame.bytes(), frame.own())
                  .getOrElse("another order"));
    }

    /** The kernel may be ahead, by packets that are not modelled, and never falls back. */
    private void number(GoldenFrame linux, SentFrame ours) {
      for (OwnHeader header : ours.own()) {
        if (header instanceof OwnHeader.Sequence(int at)) {
          int ahead = (int) (Octets.u32(linux.bytes(), at) - Octets.u32(ours.bytes(), at));
          if (ahead < taken.getOrDefault(at, 0)) {
            wrong.add("sequence number (offset " + at + "): " + ahead + " ahead, less than before");
          }
          taken.put(at, ahead);
        }
      }
    }

    Result result(Scenario scenario) {
      Seq<GoldenFrame> left = List.ofAll(frames);
      boolean isReport = left.nonEmpty() && left.forAll(f -> Justification.isReport(f.bytes()));
      if (wrong.isEmpty() && claims.isEmpty() && isReport) {
        return new Result(step, Verdict.NOT_MODELLED, List.of(REPORT), "");
      }
      if (wrong.isEmpty() && claims.isEmpty() && left.nonEmpty()) {
        Option<String> rule = FastPathRule.ofDropped(step, left);
        rule.forEach(rules::add);
        if (rule.isEmpty()) {
          wrong.add(left.size() + " frames of the kernel are missing");
        }
      }
      Justification justification =
          new Justification(scenario, golden.tracksConnections(), step, left);
      for (NotModelledReason claim : claims) {
        if (!justification.accepts(claim)) {
          wrong.add(claim.word() + " is not what the kernel did");
        }
      }
      if (!wrong.isEmpty()) {
        return new Result(step, Verdict.DIFFERENT, List.empty(), List.ofAll(wrong).mkString("; "));
      }
      if (!claims.isEmpty()) {
        return new Result(
            step, Verdict.NOT_MODELLED, List.ofAll(claims).map(NotModelledReason::word), "");
      }
      return new Result(
          step,
          rules.isEmpty() ? Verdict.IDENTICAL : Verdict.FAST_PATH_RULE,
          List.ofAll(rules),
          "");
    }
  }
}
