package io.culvert.testkit.law;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.worker.Reason;
import io.culvert.testkit.law.TableLaws.Dataplane;
import io.culvert.testkit.nft.ForwardRules;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.time.Duration;

/** Part of law 19: the table's content, against a plain map. */
public final class ModelLaw {
  private ModelLaw() {}

  /**
   * Law 19, content: after each action the table has the flows, counters and ages that a plain map
   * has; listeners hear of each change once; nothing expires too early or too late; and no stale
   * flow's packet is fast.
   */
  public static Option<Violation> law19TheTableIsAPlainMap(
      Dataplane dataplane, Seq<TableAction> actions) {
    ReferenceRouter oracle = dataplane.oracle();
    ReferenceRouter slow = ReferenceRouter.of(dataplane.scenario(), dataplane.registry());
    FlowTable table = new FlowTable(dataplane.config(), dataplane.registry(), slow.network());
    FlowTableModel model =
        new FlowTableModel(dataplane.config().timeouts().tcpClosing().toMillis());
    table.listener(model);
    Option<ForwardRules> rules = dataplane.running();
    OffloadedRouter router =
        new OffloadedRouter(
                slow, Option.some(table), dataplane.offload(), dataplane.idleTimeout(), rules)
            .checkingExplanations();
    router.offerTransit();
    table.tick(0);
    long now = 0;
    for (TableAction action : actions) {
      switch (action) {
        case TableAction.Arrive frame -> arrive(frame, now, oracle, slow, router, model);
        case TableAction.Offer(var offer) -> Dataplane.offer(offer, rules).forEach(table::offer);
        case TableAction.Remove(var tuple, int ingress) -> table.remove(tuple, ingress);
        case TableAction.Invalidate(int ifindex) -> {
          table.invalidate(ifindex);
          model.invalidated(ifindex);
        }
        case TableAction.PolicyChanged() -> {
          table.policyChanged();
          model.policyChanged();
        }
        case TableAction.Advance(Duration time) -> {
          now += time.toNanos();
          model.now(now / 1_000_000);
          table.tick(now);
        }
      }
      String difference = model.difference(table, action instanceof TableAction.Advance);
      if (!difference.isEmpty()) {
        return Option.some(
            Violation.byText(
                Law.FAST_IS_SLOW,
                action.toString(),
                "the table that a plain map has",
                difference,
                "after this action, match " + table.match() + "\n" + dataplane.text()));
      }
    }
    return Option.none();
  }

  private static void arrive(
      TableAction.Arrive frame,
      long now,
      ReferenceRouter oracle,
      ReferenceRouter slow,
      OffloadedRouter router,
      FlowTableModel model) {
    RouterOutcome outcome = oracle.process(frame.port(), frame.bytes());
    int told = slow.stateChanges();
    model.begin();
    Step step = router.process(frame.port(), frame.bytes(), now);
    boolean isFast = step.kind() == Step.Kind.FAST;
    boolean isEdge = !isFast && router.lastReason() == Reason.TCP_STATE;
    if (outcome instanceof RouterOutcome.Forwarded(var _, Forwarding forwarding)) {
      if (isFast) {
        model.forwarded(forwarding);
      } else if (isEdge) {
        model.edge(forwarding);
      }
    } else if (isEdge) {
      model.edgeOfSomebody();
    }
    if (slow.stateChanges() != told) {
      // The router learned a path MTU, and has called policyChanged.
      model.policyChanged();
    }
  }
}
