package io.culvert.testkit.nft;

import io.culvert.testkit.nft.PortChoice.Range;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.scenario.RouteTable;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioAddress;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The nat chains at prerouting and postrouting. They see the first packet of a connection, which
 * decides for all others ({@code nf_nat_inet_fn}).
 */
final class NatChains {
  private final Scenario scenario;
  private final RouteTable routes;
  private final Seq<ChainRun> chains;
  private final PortChoice choice;

  NatChains(Scenario scenario, Seq<ChainRun> chains, ConnectionTracker connections) {
    this.scenario = scenario;
    this.chains = chains.filter(run -> run.chain().type() == Ruleset.Type.NAT);
    routes = new RouteTable(scenario);
    choice = new PortChoice(connections);
  }

  /**
   * Decides over the translation of destinations (prerouting) or sources (postrouting). What no
   * rule translates stays; but if its answers would be another connection's, its source port does
   * not, once there is any nat chain.
   *
   * @param first the connection
   * @param conditions its first packet
   * @param ingress index of the device that it came by
   * @return why the packet is dropped; none if it is not
   */
  Option<DropReason> decide(Connection first, Hook hook, Conditions conditions, int ingress) {
    IpFamily family = conditions.packet().family();
    Seq<ChainRun> concerned = chains.filter(run -> run.covers(family));
    if (concerned.isEmpty()) {
      return Option.none();
    }
    boolean isSource = hook == Hook.POSTROUTING;
    for (ChainRun run : concerned.filter(run -> run.chain().hook() == hook)) {
      ChainRun.Result result = run.on(conditions);
      if (!result.isAccepted()) {
        return Option.some(DropReason.FILTER);
      }
      if (result.translation().isDefined()) {
        Option<Range> range = range(result.translation().get(), first.out(), family, ingress);
        range.forEach(r -> first.translate(choice.choose(first.out(), isSource, r)));
        return Option.when(range.isEmpty(), DropReason.TRANSLATION);
      }
    }
    Range same = Range.of(first.out().address(isSource));
    first.translate(choice.choose(first.out(), isSource, same));
    return Option.none();
  }

  /** What a rule allows; none if the router has no address to give. */
  private Option<Range> range(
      Statement.Nat nat, ConnectionTuple now, IpFamily family, int ingress) {
    Option<IpAddress> own =
        switch (nat.kind()) {
          case MASQUERADE -> masqueraded(now.to(), ingress);
          case REDIRECT -> addresses(ingress, family).headOption();
          case SNAT -> Option.some(now.from());
          case DNAT -> Option.some(now.to());
        };
    return nat.addresses()
        .map(operand -> PortChoice.range(operand, nat.ports()))
        .orElse(() -> own.map(address -> new Range(address, address, nat.ports())));
  }

  /**
   * The address that the router itself would send from: of the device that the packet leaves by, or
   * if that has none, of the first device that has one ({@code inet_select_addr}).
   */
  private Option<IpAddress> masqueraded(IpAddress to, int ingress) {
    return routes
        .source(routes.input(to, ingress), to)
        .orElse(() ->
            scenario
                .devices()
                .flatMap(device -> addresses(device.ifindex(), to.family()))
                .headOption());
  }

  private Seq<IpAddress> addresses(int ifindex, IpFamily family) {
    return scenario
        .device(ifindex)
        .map(device ->
            scenario
                .addresses()
                .filter(a -> a.device().equals(device.name()))
                .map(ScenarioAddress::prefix)
                .map(prefix -> prefix.address())
                .filter(address -> address.family() == family))
        .getOrElse(List.empty());
  }
}
