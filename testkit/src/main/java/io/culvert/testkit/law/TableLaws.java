package io.culvert.testkit.law;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.spi.Transit;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.nft.Ruleset;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;

/** The laws of the whole table, against the reference router. */
public final class TableLaws {
  private TableLaws() {}

  /**
   * The dataplane to judge.
   *
   * @param scenario the router
   * @param rules its rules; none without
   * @param registry its providers
   * @param config its table
   * @param offload when the slow path offers flows
   * @param idleTimeout of those flows
   */
  public record Dataplane(
      Scenario scenario,
      Option<Ruleset> rules,
      EncapRegistry registry,
      FlowTableConfig config,
      Offload offload,
      Duration idleTimeout) {
    /** Without rules. */
    public Dataplane(
        Scenario scenario,
        EncapRegistry registry,
        FlowTableConfig config,
        Offload offload,
        Duration idleTimeout) {
      this(scenario, Option.none(), registry, config, offload, idleTimeout);
    }

    /** The reference router, alone. */
    ReferenceRouter oracle() {
      ReferenceRouter router = ReferenceRouter.of(scenario, registry);
      running().forEach(router::hooks);
      return router;
    }

    /** The rules, with no connection yet. */
    Option<ForwardRules> running() {
      return rules.map(ruleset -> ForwardRules.of(ruleset, scenario).get());
    }

    /**
     * An offer as the slow path would make it: translated as it does. None if it knows nothing of
     * the flow, but has rules that might translate it.
     */
    static Option<FlowOffer> offer(FlowOffer offer, Option<ForwardRules> running) {
      return running.isEmpty()
          ? Option.some(offer)
          : running
              .flatMap(r -> r.replyTuple(offer.tuple()))
              .map(reply ->
                  new FlowOffer(
                      offer.tuple(),
                      reply,
                      offer.ingress(),
                      offer.idleTimeout(),
                      offer.seen(),
                      offer.perPacketPolicy()));
    }

    String text() {
      return "router:\n"
          + ScenarioText.of(scenario)
          + rules.map(r -> "rules: " + r.tables()).getOrElse("");
    }
  }

  /**
   * Law 19: for any actions in any order, the frames sent with a flow table are those that the
   * reference router alone sends, but for identifications of outer headers. A frame that is not
   * forwarded comes back untouched. Edges of TCP connections, and packets of flows that are stale
   * or were taken out, are never fast.
   *
   * @param statistics learns what was fast
   */
  public static Option<Violation> law19FastPathEqualsSlowPath(
      Dataplane dataplane, Seq<TableAction> actions, HitStatistics statistics) {
    ReferenceRouter oracle = dataplane.oracle();
    ReferenceRouter slow = ReferenceRouter.of(dataplane.scenario(), dataplane.registry());
    FlowTable table = new FlowTable(dataplane.config(), dataplane.registry(), slow.network());
    Option<ForwardRules> rules = dataplane.running();
    OffloadedRouter router =
        new OffloadedRouter(
                slow, Option.some(table), dataplane.offload(), dataplane.idleTimeout(), rules)
            .checkingExplanations();
    router.offerTransit();
    Freshness fresh =
        new Freshness(dataplane.registry().report().accepted().flatMap(Accepted::transit));
    long now = 0;
    int number = 0;
    for (TableAction action : actions) {
      number++;
      Option<Violation> violation = Option.none();
      switch (action) {
        case TableAction.Arrive frame ->
            violation = arrive(frame, now, oracle, router, fresh, statistics);
        case TableAction.Offer(var offer) ->
            Dataplane.offer(offer, rules)
                .forEach(known ->
                    table
                        .offer(known)
                        .peek(fresh::offered)
                        .peekLeft(e -> statistics.refused(e.getClass().getSimpleName(), 1)));
        case TableAction.Remove(var tuple, int ingress) -> {
          fresh.remove(table, tuple, ingress);
          table.remove(tuple, ingress);
        }
        case TableAction.Invalidate(int ifindex) -> {
          fresh.invalidate(table, ifindex);
          table.invalidate(ifindex);
        }
        case TableAction.PolicyChanged() -> {
          fresh.policyChanged();
          table.policyChanged();
        }
        case TableAction.Advance(Duration time) -> {
          now += time.toNanos();
          table.tick(now);
        }
      }
      if (violation.isDefined()) {
        String where = "action " + number + " of " + actions.size() + ", match " + table.match();
        return violation.map(v -> v.withHint(where).withHint(dataplane.text()));
      }
    }
    statistics.refused("by the slow path's offers", router.offersRefused());
    return Option.none();
  }

  private static Option<Violation> arrive(
      TableAction.Arrive frame,
      long now,
      ReferenceRouter oracle,
      OffloadedRouter router,
      Freshness fresh,
      HitStatistics statistics) {
    RouterOutcome expected = oracle.process(frame.port(), frame.bytes());
    Step step;
    try {
      step = router.process(frame.port(), frame.bytes(), now);
    } catch (RuntimeException thrown) {
      return violation(frame, text(expected), thrown.toString(), "no frame may make it throw");
    }
    boolean wasFast = step.kind() == Step.Kind.FAST;
    String reason = step.reason();
    statistics.frame(
        wasFast, step.offloadable(), step.out().nonEmpty(), reason == null ? "" : reason);
    if (wasFast && isTranslated(expected)) {
      statistics.translated();
    }
    Seq<SentFrame> wanted =
        expected instanceof RouterOutcome.Forwarded(Seq<SentFrame> frames, var _)
            ? frames
            : List.empty();
    String path = wasFast ? "the fast path" : "the slow path";
    if (wanted.size() != step.out().size()) {
      return violation(frame, text(expected), text(step), path + " sent it");
    }
    for (int i = 0; i < wanted.size(); i++) {
      SentFrame want = wanted.get(i);
      OffloadedRouter.Sent got = step.out().get(i);
      String difference =
          want.ifindex() != got.port()
              ? "port: expected " + want.ifindex() + ", found " + got.port()
              : FrameComparison.difference(want.bytes(), got.frame(), want.own()).getOrElse("");
      if (!difference.isEmpty()) {
        return violation(frame, text(expected), text(step), path + " sent it; " + difference);
      }
    }
    if (wasFast && expected instanceof RouterOutcome.Forwarded(var _, Forwarding forwarding)) {
      statistics.fast(forwarding);
    }
    return freshness(frame, expected, wasFast, fresh);
  }

  private static boolean isTranslated(RouterOutcome outcome) {
    return outcome instanceof RouterOutcome.Forwarded(var _, Forwarding f)
        && f.hasPorts()
        && !f.replyTuple().equals(f.tuple().reversed());
  }

  private static Option<Violation> freshness(
      TableAction.Arrive frame, RouterOutcome expected, boolean wasFast, Freshness fresh) {
    if (!(expected instanceof RouterOutcome.Forwarded(var _, Forwarding forwarding))) {
      return Option.none();
    }
    if (!wasFast) {
      fresh.slow(forwarding);
      return Option.none();
    }
    return fresh
        .problem(forwarding)
        .flatMap(problem -> violation(frame, "the slow path decides", "it was fast", problem));
  }

  private static Option<Violation> violation(
      TableAction.Arrive frame, String expected, String got, String hint) {
    return Option.some(
        Violation.byFrame(
            Law.FAST_IS_SLOW,
            frame.bytes(),
            expected,
            got,
            "it came in by port " + frame.port() + "; " + hint));
  }

  private static String text(RouterOutcome outcome) {
    return outcome instanceof RouterOutcome.Forwarded(Seq<SentFrame> frames, var _)
        ? frames.map(f -> "port " + f.ifindex() + ": " + FrameText.of(f.bytes())).mkString("\n")
        : "nothing sent: " + outcome.word();
  }

  private static String text(Step step) {
    return step.out().isEmpty()
        ? "nothing sent: " + step.kind() + " " + step.reason()
        : step.out().map(f -> "port " + f.port() + ": " + FrameText.of(f.frame())).mkString("\n");
  }

  /**
   * Law 20: packets that only pass through were fast, of every protocol that a provider lets pass.
   */
  public static Option<Violation> law20TransitWasHit(
      HitStatistics statistics, Seq<Transit> transit) {
    Seq<Transit> missed = transit.filter(one -> statistics.fastFrames(one) == 0);
    return missed.isEmpty()
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.HIT,
                statistics.toString(),
                "fast frames of every protocol that passes through",
                "none of " + missed.mkString(", "),
                "EncapProvider.transit"));
  }

  /**
   * Law 20: the fast path was hit, in routers of every kind, and with translated addresses.
   *
   * @param leastShare least share of all frames that must have been fast, 0..1
   */
  public static Option<Violation> law20FastPathWasHit(
      HitStatistics statistics, Seq<String> kinds, double leastShare) {
    Seq<String> missed = kinds.filter(kind -> statistics.fastFrames(kind) == 0);
    return missed.isEmpty()
            && statistics.translatedFrames() > 0
            && statistics.fastShare() >= leastShare
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.HIT,
                statistics.toString(),
                "fast frames in every kind of router, translated ones too, and a share of at least "
                    + leastShare,
                statistics.fastShare() + missed.mkString(", none in: ", ", ", ""),
                "equality by sending everything to the slow path proves nothing"));
  }
}
