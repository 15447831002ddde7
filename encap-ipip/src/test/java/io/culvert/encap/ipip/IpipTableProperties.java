package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.REGISTRY;
import static io.culvert.encap.ipip.IpipFixture.config;
import static io.culvert.encap.ipip.IpipFixture.holds;

import io.culvert.flowtable.MatchMode;
import io.culvert.testkit.gen.RouterPlan;
import io.culvert.testkit.gen.TableCase;
import io.culvert.testkit.gen.TableCases;
import io.culvert.testkit.law.BurstLaw;
import io.culvert.testkit.law.HitStatistics;
import io.culvert.testkit.law.TableLaws;
import io.culvert.testkit.law.TableLaws.Dataplane;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** The laws of the whole table, for routers with IPIP tunnels. */
class IpipTableProperties {
  private static final int FRAMES = 40;
  private static final double LEAST_SHARE = 0.3;

  private static final HitStatistics STATISTICS = new HitStatistics();

  @Provide
  Arbitrary<TableCase> cases() {
    return TableCases.cases(REGISTRY, FRAMES);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void required_law19_fastPathEqualsSlowPath_exact(@ForAll("cases") TableCase table) {
    run(table, MatchMode.EXACT);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void required_law19_fastPathEqualsSlowPath_hash64(@ForAll("cases") TableCase table) {
    run(table, MatchMode.HASH64);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void required_law19_fastPathEqualsSlowPath_hash32(@ForAll("cases") TableCase table) {
    run(table, MatchMode.HASH32);
  }

  /** Always the same cases: one stack in 65,536 is taken for another, and is not a fault. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, seed = "20251122")
  void required_law19_fastPathEqualsSlowPath_hash16(@ForAll("cases") TableCase table) {
    run(table, MatchMode.HASH16);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void required_law19_burstsDoNotMatter(
      @ForAll("cases") TableCase table, @ForAll @IntRange(min = 2, max = 64) int size) {
    holds(
        BurstLaw.law19BurstsDoNotMatter(
            dataplane(table, MatchMode.EXACT), table.offers(), table.frames(), size));
  }

  private static void run(TableCase table, MatchMode mode) {
    STATISTICS.router(table.router().kind().name());
    holds(
        TableLaws.law19FastPathEqualsSlowPath(dataplane(table, mode), table.actions(), STATISTICS));
  }

  private static Dataplane dataplane(TableCase table, MatchMode mode) {
    return new Dataplane(
        table.router().scenario(),
        table.rules(),
        REGISTRY,
        config(mode),
        table.offload(),
        table.idleTimeout());
  }

  /** Law 20, on all that was run above. */
  @AfterContainer
  static void required_law20_theFastPathWasHit() {
    System.out.println("law 19: " + STATISTICS);
    holds(TableLaws.law20FastPathWasHit(STATISTICS, RouterPlan.kinds(), LEAST_SHARE));
  }
}
