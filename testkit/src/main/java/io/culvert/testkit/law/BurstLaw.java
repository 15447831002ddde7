package io.culvert.testkit.law;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.FramePool;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.TableAction.Arrive;
import io.culvert.testkit.law.TableLaws.Dataplane;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;

/** Part of law 19: what becomes of a frame does not depend on the burst that it is in. */
public final class BurstLaw {
  private static final int HEADROOM = 640;

  private BurstLaw() {}

  /** What became of a frame. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by differsFrom.
  private record Result(String reason, int port, byte[] frame) {
    /**
     * What differs, or nothing.
     *
     * @param sent what the reference router sends, if it forwards the frame: only the
     *     identifications of outer headers, which are handed out in the order of the work, may
     *     depend on the burst
     */
    Option<String> differsFrom(Result other, Option<SentFrame> sent) {
      if (!reason.equals(other.reason)) {
        return Option.some("reason");
      }
      if (port != other.port) {
        return Option.some("port");
      }
      boolean isForwarded = reason.equals(Reason.NONE.label());
      return isForwarded && sent.isDefined()
          ? FrameComparison.difference(frame, other.frame, sent.get().own())
          : Option.when(!Arrays.equals(frame, other.frame), "bytes");
    }

    String text() {
      return reason + ", port " + port + ": " + FrameText.of(frame);
    }
  }

  /**
   * Law 19, bursts: frames in bursts of any size get the verdicts, and become the bytes, that they
   * do one by one, but for identifications of outer headers. Rules are left out.
   *
   * @param offers flows of the table; those that are refused are left out
   * @param frames the frames, in order
   * @param size frames of a burst, 2..256
   */
  public static Option<Violation> law19BurstsDoNotMatter(
      Dataplane dataplane, Seq<FlowOffer> offers, Seq<Arrive> frames, int size) {
    List<Result> alone = run(dataplane, offers, frames, 1);
    List<Result> together = run(dataplane, offers, frames, size);
    ReferenceRouter oracle = ReferenceRouter.of(dataplane.scenario(), dataplane.registry());
    for (int i = 0; i < frames.size(); i++) {
      Arrive frame = frames.get(i);
      Option<String> difference =
          alone
              .get(i)
              .differsFrom(together.get(i), sent(oracle.process(frame.port(), frame.bytes())));
      if (difference.isDefined()) {
        return Option.some(
            Violation.byFrame(
                Law.FAST_IS_SLOW,
                frame.bytes(),
                alone.get(i).text(),
                together.get(i).text(),
                difference.get()
                    + "; frame "
                    + i % size
                    + " of a burst of "
                    + size
                    + "\n"
                    + ScenarioText.of(dataplane.scenario())));
      }
    }
    return Option.none();
  }

  private static Option<SentFrame> sent(RouterOutcome outcome) {
    return outcome instanceof RouterOutcome.Forwarded(Seq<SentFrame> sent, var _)
        ? sent.headOption()
        : Option.none();
  }

  private static List<Result> run(
      Dataplane dataplane, Seq<FlowOffer> offers, Seq<Arrive> frames, int size) {
    FlowTable table =
        new FlowTable(dataplane.config(), dataplane.registry(), dataplane.scenario().network());
    dataplane.scenario().ports().map(ScenarioDevice::ifindex).forEach(table::addPort);
    offers.forEach(table::offer);
    int longest = frames.map(f -> f.bytes().length).max().getOrElse(0);
    FramePool pool = new FramePool(size, HEADROOM + longest + 1, HEADROOM);
    FrameBurst burst = new FrameBurst(pool.memory(), size);
    Worker worker = table.newWorker(pool.memory());
    List<Result> results = List.empty();
    for (Seq<Arrive> part : frames.grouped(size)) {
      burst.clear();
      part.forEach(f -> pool.add(burst, f.bytes(), f.port(), 0));
      worker.process(burst);
      for (int i = 0; i < burst.size(); i++) {
        results =
            results.prepend(
                new Result(burst.reason(i).label(), burst.port(i), pool.copyOut(burst, i)));
      }
    }
    return results.reverse();
  }
}
