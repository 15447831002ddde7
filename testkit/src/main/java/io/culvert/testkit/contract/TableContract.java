package io.culvert.testkit.contract;

import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.spi.Transit;
import io.culvert.testkit.gen.RouterPlan;
import io.culvert.testkit.gen.Stacks;
import io.culvert.testkit.gen.TableCase;
import io.culvert.testkit.gen.TableCases;
import io.culvert.testkit.law.BurstLaw;
import io.culvert.testkit.law.HitStatistics;
import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.ModelLaw;
import io.culvert.testkit.law.TableLaws;
import io.culvert.testkit.law.TableLaws.Dataplane;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The laws of the whole table, bound to jqwik: routers with tunnels of the registry's registry, and
 * all that happens to them. A provider's test extends {@link EncapContract}.
 */
public abstract class TableContract extends StackContract {
  private static final int FRAMES = 40;
  private static final int TRIES = 100;
  private static final int ROUTERS_FOR_HITS = 40;
  private static final int MOST_ROUTERS = 400;
  private static final double LEAST_SHARE = 0.2;

  /** For {@link EncapContract}. */
  TableContract() {}

  @Provide
  Arbitrary<Option<TableCase>> tableCases() {
    return Stacks.samples(registered()).isEmpty()
        ? Arbitraries.just(Option.none())
        : TableCases.cases(registered(), FRAMES).map(Option::some);
  }

  private Dataplane dataplane(TableCase table, MatchMode mode) {
    return new Dataplane(
        table.router().scenario(),
        table.rules(),
        registered(),
        config(mode),
        table.offload(),
        table.idleTimeout());
  }

  /** Law 19; HASH16 is left out, for which one stack in 65,536 is another by design. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law19_fastPathEqualsSlowPath(
      @ForAll("tableCases") Option<TableCase> table, @ForAll MatchMode mode) {
    if (table.isEmpty()) {
      nothing(Law.FAST_IS_SLOW, NO_TUNNELS);
    } else {
      Dataplane dataplane =
          dataplane(table.get(), mode == MatchMode.HASH16 ? MatchMode.EXACT : mode);
      holds(
          Law.FAST_IS_SLOW,
          TableLaws.law19FastPathEqualsSlowPath(
              dataplane, table.get().actions(), new HitStatistics()));
    }
  }

  /** Law 19, the table's content. */
  @Property(tries = TRIES / 4, edgeCases = EdgeCasesMode.NONE)
  public final void required_law19_theTableIsAPlainMap(
      @ForAll("tableCases") Option<TableCase> table, @ForAll MatchMode mode) {
    table.forEach(found ->
        holds(
            Law.FAST_IS_SLOW,
            ModelLaw.law19TheTableIsAPlainMap(
                dataplane(found, mode == MatchMode.HASH16 ? MatchMode.EXACT : mode),
                found.actions())));
  }

  /** Law 19, bursts. */
  @Property(tries = TRIES / 4, edgeCases = EdgeCasesMode.NONE)
  public final void required_law19_burstsDoNotMatter(
      @ForAll("tableCases") Option<TableCase> table,
      @ForAll @IntRange(min = 2, max = 64) int size) {
    table.forEach(found ->
        holds(
            Law.FAST_IS_SLOW,
            BurstLaw.law19BurstsDoNotMatter(
                dataplane(found, MatchMode.EXACT), found.offers(), found.frames(), size)));
  }

  /** Law 20, on some of the routers that law 19 is judged on. */
  @Example
  public final void required_law20_theFastPathIsHit() {
    HitStatistics statistics = new HitStatistics();
    Seq<Transit> transit = registered().report().accepted().flatMap(Accepted::transit);
    tableCases()
        .sampleStream()
        .limit(MOST_ROUTERS)
        // A protocol that passes through over IPv6 only is rare.
        .takeWhile(_ ->
            statistics.routers() < ROUTERS_FOR_HITS
                || TableLaws.law20TransitWasHit(statistics, transit).isDefined())
        .forEach(table ->
            table.forEach(found -> {
              statistics.router(found.router().kind().name());
              holds(
                  Law.FAST_IS_SLOW,
                  TableLaws.law19FastPathEqualsSlowPath(
                      dataplane(found, MatchMode.EXACT), found.actions(), statistics));
            }));
    if (statistics.routers() == 0) {
      nothing(Law.HIT, NO_TUNNELS);
    } else {
      String tunnel = RouterPlan.Kind.TUNNEL.name();
      holds(Law.HIT, TableLaws.law20FastPathWasHit(statistics, List.of(tunnel), LEAST_SHARE));
      holds(Law.HIT, TableLaws.law20TransitWasHit(statistics, transit));
    }
  }
}
