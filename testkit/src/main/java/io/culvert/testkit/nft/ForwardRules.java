package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Flowtable;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.culvert.testkit.nft.Ruleset.Table;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Comparator;

/**
 * The filter chains at the forward hook, run on each packet that the slow path forwards. Keeps
 * counters and connections; not for several threads.
 */
public final class ForwardRules {

  /**
   * What the rules say of a packet.
   *
   * @param isAccepted false if it is dropped
   * @param isOffered true if its flow goes to the flowtable
   */
  public record Judgement(boolean isAccepted, boolean isOffered) {}

  private record Placed(Table table, Chain chain) {}

  private final Scenario scenario;
  private final Seq<Placed> chains;
  private final Option<Flowtable> flowtable;
  private final RuleCounters counters;
  private final ConnectionTracker connections = new ConnectionTracker();
  private final boolean tracks;

  private ForwardRules(Ruleset ruleset, Scenario scenario) {
    this.scenario = scenario;
    flowtable = ruleset.tables().flatMap(Table::flowtables).headOption();
    counters = new RuleCounters(ruleset);
    chains =
        ruleset
            .tables()
            .flatMap(table -> table.chains().map(chain -> new Placed(table, chain)))
            .filter(placed -> placed.chain().hook() == Hook.FORWARD)
            .sorted(Comparator.comparingInt(placed -> placed.chain().priority()));
    tracks =
        chains
            .flatMap(placed -> placed.chain().rules())
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
            .flatMap(table -> table.chains().flatMap(ForwardRules::refusals))
            .appendAll(flowtables(ruleset, scenario));
    return refusals.isEmpty()
        ? Either.right(new ForwardRules(ruleset, scenario))
        : Either.left(refusals);
  }

  /** What is for the router itself, or from it, is not modelled: its chains change nothing. */
  private static Seq<RefusedRun> refusals(Chain chain) {
    if (chain.hook() == Hook.INPUT || chain.hook() == Hook.OUTPUT) {
      return List.empty();
    }
    Seq<RefusedRun> translations =
        chain
            .rules()
            .flatMap(Rule::statements)
            .filter(Statement.Nat.class::isInstance)
            .map(Statement.Nat.class::cast)
            .map(nat -> new RefusedRun.AddressTranslation(nat.kind(), nat.at()));
    boolean isRun = chain.type() == Ruleset.Type.FILTER && chain.hook() == Hook.FORWARD;
    boolean isEmpty = chain.rules().isEmpty() && chain.accepts();
    return translations.isEmpty() && !isRun && !isEmpty
        ? List.of(new RefusedRun.ChainPlace(chain.name(), chain.hook(), chain.at()))
        : translations;
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

  /** Either expression makes the kernel track connections, and so put fragments together. */
  private static boolean needsConnections(Statement statement) {
    return statement instanceof Statement.FlowAdd
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
   * True if the kernel would put a packet together before its rules see it, which the router does
   * not do.
   */
  public boolean isReassembled(Forwarding forwarding) {
    return tracks && PacketFields.of(forwarding).isFragment();
  }

  /** Judges a packet, and counts it. */
  public Judgement judge(Forwarding forwarding) {
    PacketFields packet = PacketFields.of(forwarding);
    CtState state = connections.see(packet);
    Conditions conditions =
        new Conditions(
            packet, name(forwarding.ingressDevice()), name(forwarding.egressDevice()), state);
    boolean isOffered = false;
    for (Placed placed : chains) {
      if (placed.table().family().covers(packet.family())) {
        Judgement judgement = run(placed, conditions);
        isOffered |= judgement.isOffered();
        if (!judgement.isAccepted()) {
          return new Judgement(false, false);
        }
      }
    }
    connections.confirm();
    return new Judgement(true, isOffered);
  }

  private String name(int ifindex) {
    return scenario.device(ifindex).map(ScenarioDevice::name).getOrElse("");
  }

  private Judgement run(Placed placed, Conditions conditions) {
    boolean isOffered = false;
    for (Rule rule : placed.chain().rules()) {
      for (Statement statement : rule.statements()) {
        if (statement instanceof Statement.Verdict(boolean accepts)) {
          return new Judgement(accepts, isOffered);
        }
        if (statement instanceof Statement.Match match && !conditions.hold(match)) {
          break;
        }
        if (statement instanceof Statement.Count count) {
          counters.count(placed.table(), count, conditions.packet().length());
        }
        isOffered |= statement instanceof Statement.FlowAdd;
      }
    }
    return new Judgement(placed.chain().accepts(), isOffered);
  }

  /** What the counters show now, in the order of the ruleset. */
  public Seq<RuleCounters.Reading> counters() {
    return counters.readings();
  }
}
