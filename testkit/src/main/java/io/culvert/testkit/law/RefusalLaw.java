package io.culvert.testkit.law;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.EncapError;
import io.culvert.testkit.law.StackLimits.Limit;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;

/** Law 18 of stacks: what is refused, and how much of it. */
public final class RefusalLaw {
  private RefusalLaw() {}

  /**
   * Law 18: a flow through a stack is refused exactly for a {@link Limit}, at either end, with an
   * error that says that it is out of scope.
   */
  public static Option<Violation> law18StacksAreRefusedForALimit(
      TunnelStack stack, EncapRegistry registry, FlowTableConfig config) {
    return List.of(Side.values())
        .flatMap(
            side -> stack.families().map(family -> judge(stack, registry, config, side, family)))
        .flatMap(found -> found)
        .headOption();
  }

  private static Option<Violation> judge(
      TunnelStack stack,
      EncapRegistry registry,
      FlowTableConfig config,
      Side side,
      IpFamily family) {
    Option<Limit> limit = StackLimits.of(stack, registry, side, family);
    FlowTuple tuple = TunnelStack.flow(family);
    FlowTable table = new FlowTable(config, registry, stack.scenario(side).network());
    table.addPort(TunnelStack.CLIENT_PORT);
    table.addPort(TunnelStack.TUNNEL_PORT);
    Either<OffloadError, Flow> offer =
        table.offer(
            new FlowOffer(
                side == Side.NEAR ? tuple : tuple.reversed(),
                TunnelStack.CLIENT_PORT,
                Duration.ZERO));
    boolean isRight =
        limit.isEmpty() ? offer.isRight() : offer.fold(RefusalLaw::isOutOfScope, _ -> false);
    return isRight
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.REFUSAL,
                stack.toString(),
                limit.map(l -> "refused, for " + l).getOrElse("a flow: no limit is in its way"),
                offer.fold(OffloadError::message, Flow::toString),
                "an offer of " + family + " at the " + side + " end; see StackLimits"));
  }

  private static boolean isOutOfScope(OffloadError error) {
    return error instanceof OffloadError.NotComposable(var _, EncapError why) && why.isOutOfScope();
  }

  /**
   * Law 18: most stacks are not refused.
   *
   * @param stacks stacks as they come, none left out
   * @param mostShare largest share of them that may have a limit, 0..1
   */
  public static Option<Violation> law18MostStacksAreTaken(
      Seq<TunnelStack> stacks, EncapRegistry registry, double mostShare) {
    Map<Limit, Integer> refused = refused(stacks, registry);
    double share = refused.values().sum().doubleValue() / Math.max(1, stacks.size());
    return share <= mostShare
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.REFUSAL,
                stacks.size() + " stacks",
                "at most " + mostShare + " of them refused",
                share + ": " + refused.mkString(", "),
                "a provider whose layers take too much, or cannot be combined"));
  }

  /** How many stacks may be refused, by what is first in their way. */
  public static Map<Limit, Integer> refused(Seq<TunnelStack> stacks, EncapRegistry registry) {
    return stacks
        .flatMap(stack -> StackLimits.of(stack, registry))
        .groupBy(limit -> limit)
        .mapValues(Seq::size);
  }
}
