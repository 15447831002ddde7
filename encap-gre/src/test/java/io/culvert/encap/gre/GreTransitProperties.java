package io.culvert.encap.gre;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.gen.FlowPlan;
import io.culvert.testkit.gen.TableCase;
import io.culvert.testkit.gen.TableCases;
import io.culvert.testkit.law.HitStatistics;
import io.culvert.testkit.law.TableLaws;
import io.culvert.testkit.law.TableLaws.Dataplane;
import io.vavr.collection.List;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The laws of the whole table once more, for routers through which GRE of others passes; and which
 * of its packets came.
 */
class GreTransitProperties {
  private static final EncapRegistry REGISTRY = EncapRegistry.of(new GreProvider());
  private static final HitStatistics STATISTICS = new HitStatistics();

  @Provide
  Arbitrary<TableCase> cases() {
    return TableCases.cases(REGISTRY, 30).filter(GreTransitProperties::hasTransit);
  }

  private static boolean hasTransit(TableCase table) {
    return table.flows().map(FlowPlan::tuple).exists(tuple -> tuple.protocol() == 47);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void required_law19_fastPathEqualsSlowPath(
      @ForAll("cases") TableCase table, @ForAll MatchMode mode) {
    STATISTICS.router(table.router().kind().name());
    FlowTableConfig config =
        new FlowTableConfig(
            mode == MatchMode.HASH16 ? MatchMode.EXACT : mode, 64, 32, 64, new SplittableRandom(3));
    var violation =
        TableLaws.law19FastPathEqualsSlowPath(
            new Dataplane(
                table.router().scenario(),
                table.rules(),
                REGISTRY,
                config,
                table.offload(),
                table.idleTimeout()),
            table.actions(),
            STATISTICS);
    assertThat(violation.map(Object::toString).getOrElse("")).isEmpty();
  }

  @AfterContainer
  static void required_law20_transitWasHit() {
    System.out.println("GRE of others: " + STATISTICS);
    assertThat(
            TableLaws.law20TransitWasHit(STATISTICS, new GreProvider().transit())
                .map(Object::toString)
                .getOrElse(""))
        .isEmpty();
  }

  /** All that passes a router: the laws above were tried on it. */
  @Example
  void shouldMakeThePacketsThatPeersMake() {
    Set<String> wanted =
        Set.of(
            "version 0",
            "another version",
            "checksum",
            "no checksum",
            "key",
            "no key",
            "type 0800",
            "type 86dd",
            "type 6558",
            "fragment",
            "cut");
    Set<String> seen = new TreeSet<>();
    cases()
        .sampleStream()
        .limit(3000)
        .takeWhile(_ -> !seen.containsAll(wanted))
        .forEach(table -> table.frames().forEach(frame -> look(frame.bytes(), table, seen)));
    assertThat(seen).containsAll(wanted);
  }

  /**
   * Reads a frame that has a GRE flow's packet directly in the port's frame, as RFC 2784 §2 draws
   * it.
   */
  private static void look(byte[] frame, TableCase table, Set<String> seen) {
    String hex = HexFormat.of().formatHex(frame);
    boolean isV4 = hex.startsWith("080045", 24) && hex.startsWith("2f", 46);
    boolean isV6 = hex.startsWith("86dd6", 24) && hex.startsWith("2f", 40);
    if ((!isV4 && !isV6) || !isOfAFlow(hex, table)) {
      return;
    }
    int gre = 14 + (isV4 ? 20 : 40);
    if (isV4 && (number(hex, 20) & 0x3fff) != 0) {
      seen.add("fragment");
    } else if (isV4 && number(hex, 16) < 24) {
      seen.add("cut");
    } else if (frame.length >= gre + 4) {
      seen.add((frame[gre + 1] & 7) == 0 ? "version 0" : "another version");
      seen.add((frame[gre] & 0x80) != 0 ? "checksum" : "no checksum");
      seen.add((frame[gre] & 0x20) != 0 ? "key" : "no key");
      seen.add("type " + hex.substring(2 * gre + 4, 2 * gre + 8));
    }
  }

  /** The 16 bits at an offset. */
  private static int number(String hex, int at) {
    return Integer.parseInt(hex.substring(2 * at, 2 * at + 4), 16);
  }

  private static boolean isOfAFlow(String hex, TableCase table) {
    return table
        .flows()
        .map(FlowPlan::tuple)
        .filter(tuple -> tuple.protocol() == 47)
        .flatMap(tuple -> List.of(tuple, tuple.reversed()))
        .map(tuple ->
            HexFormat.of().formatHex(tuple.source().bytes())
                + HexFormat.of().formatHex(tuple.destination().bytes()))
        .exists(hex::contains);
  }
}
