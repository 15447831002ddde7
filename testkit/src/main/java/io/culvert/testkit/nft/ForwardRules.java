package io.culvert.testkit.nft;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Flowtable;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Ruleset.Table;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.router.PacketHooks;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Comparator;

/**
 * The chains that a packet passes on its way from one device to another: nat chains at prerouting
 * and postrouting for the first packet of a connection, filter chains at forward for each. Keeps
 * counters and connections; not for several threads.
 */
public final class ForwardRules implements PacketHooks {
  private final Scenario scenario;
  private final Seq<ChainRun> filters;
  private final NatChains nat;
  private final Option<Flowtable> flowtable;
  private final RuleCounters counters;
  private final ConnectionTracker connections = new ConnectionTracker();
  private final boolean tracks;

  /** Of the packet that is on its way. */
  private Sighting seen = Sighting.of(CtState.INVALID);

  private boolean isOffered;

  private ForwardRules(Ruleset ruleset, Scenario scenario) {
    this.scenario = scenario;
    flowtable = ruleset.tables().flatMap(Table::flowtables).headOption();
    counters = new RuleCounters(ruleset);
    Seq<ChainRun> chains =
        ruleset
            .tables()
            .flatMap(table -> table.chains().map(chain -> new ChainRun(table, chain, counters)))
            .filter(run -> isOnTheWay(run.chain()))
            .sorted(Comparator.comparingInt(run -> run.chain().priority()));
    filters = chains.filter(run -> run.chain().hook() == Hook.FORWARD);
    nat = new NatChains(scenario, chains, connections);
    tracks =
        chains
            .flatMap(run -> run.chain().rules())
            .flatMap(Rule::statements)
            .exists(ForwardRules::needsConnections);
  }

  /**
   * A ruleset on a router.
   *
   * @return the rules, or why they are not run: all reasons
   */
  public static Either<Seq<RefusedRun>, ForwardRules> of(Ruleset ruleset, Scenario scenario) {
    Seq<RefusedRun> refusals =
        List.ofAll(ruleset.tables())
            .flatMap(Table::chains)
            .filter(ForwardRules::isRefused)
            .<RefusedRun>map(
                chain -> new RefusedRun.ChainPlace(chain.name(), chain.hook(), chain.at()))
            .appendAll(flowtables(ruleset, scenario));
    return refusals.isEmpty()
        ? Either.right(new ForwardRules(ruleset, scenario))
        : Either.left(refusals);
  }

  /** What is for the router itself, or from it, is not modelled: its chains change nothing. */
  private static boolean isOnTheWay(Chain chain) {
    return chain.hook() != Hook.INPUT && chain.hook() != Hook.OUTPUT;
  }

  /** A filter chain away from forward, unless it lets everything pass. */
  private static boolean isRefused(Chain chain) {
    boolean isRun = chain.type() == Ruleset.Type.NAT || chain.hook() == Hook.FORWARD;
    boolean isEmpty = chain.rules().isEmpty() && chain.accepts();
    return isOnTheWay(chain) && !isRun && !isEmpty;
  }

  private static Seq<RefusedRun> flowtables(Ruleset ruleset, Scenario scenario) {
    Seq<Flowtable> all = ruleset.tables().flatMap(Table::flowtables);
    Seq<RefusedRun> more = all.drop(1).map(f -> new RefusedRun.SecondFlowtable(f.name(), f.at()));
    return all.flatMap(f ->
            f.devices()
                .filter(device -> scenario.device(device).isEmpty())
                .<RefusedRun>map(device -> new RefusedRun.UnknownDevice(device, f.name(), f.at())))
        .appendAll(more);
  }

  /** Each of these makes the kernel track connections, and so put fragments together. */
  private static boolean needsConnections(Statement statement) {
    return statement instanceof Statement.FlowAdd
        || statement instanceof Statement.Nat
        || (statement instanceof Statement.Match(Statement.Field field, boolean _, Seq<Operand> _)
            && field == Statement.Field.CT_STATE);
  }

  /** Indices of the real devices of the flowtable; none if the ruleset has no flowtable. */
  public Option<Seq<Integer>> ports() {
    return flowtable.map(f ->
        f.devices()
            .flatMap(name -> scenario.device(name))
            .filter(device -> device.kind() == ScenarioDevice.Kind.PORT)
            .map(ScenarioDevice::ifindex));
  }

  /**
   * True if the packet that passed the forward chains last may be offered: its connection is known,
   * and a rule says so, or there is no flowtable for rules to speak of.
   */
  public boolean isOffered() {
    return isOffered;
  }

  /** What answers to packets with this tuple come with; none if they belong to no connection. */
  public Option<FlowTuple> replyTuple(FlowTuple tuple) {
    return connections
        .reply(
            new ConnectionTuple(
                tuple.source(),
                tuple.destination(),
                tuple.protocol(),
                tuple.sourcePort(),
                tuple.destinationPort()))
        .map(t -> new FlowTuple(t.from(), t.to(), t.protocol(), t.fromPort(), t.toPort()));
  }

  @Override
  public Either<RouterOutcome, byte[]> prerouting(byte[] packet, int ingress) {
    PacketFields fields = PacketFields.of(packet);
    if (tracks && fields.isFragment()) {
      // The kernel puts it together before its rules see it.
      return Either.left(new RouterOutcome.NotModelled(NotModelledReason.FRAGMENT));
    }
    seen = connections.see(fields);
    return translated(packet, Hook.PREROUTING, conditions(fields, ingress, 0), ingress);
  }

  @Override
  public Option<RouterOutcome> forward(byte[] packet, int ingress, int egress) {
    Conditions conditions = conditions(PacketFields.of(packet), ingress, egress);
    IpFamily family = conditions.packet().family();
    boolean isAdded = flowtable.isEmpty();
    isOffered = false;
    for (ChainRun filter : filters.filter(run -> run.covers(family))) {
      ChainRun.Result result = filter.on(conditions);
      if (!result.isAccepted()) {
        return Option.some(new RouterOutcome.Dropped(DropReason.FILTER));
      }
      isAdded |= result.isOffered();
    }
    isOffered = isAdded && seen.connection() != null && seen.state() != CtState.INVALID;
    return Option.none();
  }

  @Override
  public Either<RouterOutcome, byte[]> postrouting(byte[] packet, int ingress, int egress) {
    Conditions conditions = conditions(PacketFields.of(packet), ingress, egress);
    return translated(packet, Hook.POSTROUTING, conditions, ingress)
        .filterOrElse(
            _ -> connections.confirm(seen), _ -> new RouterOutcome.Dropped(DropReason.TRANSLATION));
  }

  private Either<RouterOutcome, byte[]> translated(
      byte[] packet, Hook hook, Conditions conditions, int ingress) {
    Option<DropReason> lost =
        Option.of(seen.connection())
            .filter(_ -> seen.isFirst())
            .flatMap(first -> nat.decide(first, hook, conditions, ingress));
    return lost.<RouterOutcome>map(RouterOutcome.Dropped::new)
        .toEither(() -> seen.translated(packet, hook == Hook.POSTROUTING))
        .swap();
  }

  private Conditions conditions(PacketFields packet, int ingress, int egress) {
    return new Conditions(packet, name(ingress), name(egress), seen.state());
  }

  private String name(int ifindex) {
    return scenario.device(ifindex).map(ScenarioDevice::name).getOrElse("");
  }

  /** What the counters show now, in the order of the ruleset. */
  public Seq<RuleCounters.Reading> counters() {
    return counters.readings();
  }
}
