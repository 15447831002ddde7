package io.culvert.flowtable.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTuple;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The buckets in fixed memory beside buckets in a map; and what a flood of sources gets. */
class SourceRateProperties {

  /**
   * An attempt.
   *
   * @param source number of the source prefix
   * @param host which host of it
   * @param afterMs milliseconds since the one before
   */
  record Attempt(int source, int host, int afterMs) {}

  /**
   * One bucket as a textbook has it: tokens flow in, an attempt takes one. Units of a token/rate.
   */
  private static final class Bucket {
    private long level;
    private long atMs;

    Bucket(long level, long atMs) {
      this.level = level;
      this.atMs = atMs;
    }

    boolean take(long nowMs, int perSecond, int burst) {
      long oneToken = 1_000_000_000L / perSecond;
      level = Math.min(burst * oneToken, level + (nowMs - atMs) * 1_000_000L);
      atMs = nowMs;
      if (level < oneToken) {
        return false;
      }
      level -= oneToken;
      return true;
    }
  }

  @Provide
  Arbitrary<List<Attempt>> attempts() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 7),
            Arbitraries.integers().between(0, 255),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 50)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, 5000))))
        .as(Attempt::new)
        .list()
        .ofMaxSize(200);
  }

  private static FlowOffer offer(IpAddress source) {
    IpAddress to = source instanceof Ipv4Address ? new Ipv4Address(1) : new Ipv6Address(1, 1);
    return new FlowOffer(new FlowTuple(source, to, 17, 1, 2), 1, Duration.ZERO);
  }

  /** Eight prefixes fit into any eight slots: each has the bucket of the textbook. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void shouldGiveEachOfAFewPrefixesABucketOfItsOwn(
      @ForAll("attempts") List<Attempt> attempts,
      @ForAll @IntRange(min = 1, max = 1000) int perSecond,
      @ForAll @IntRange(min = 1, max = 20) int burst,
      @ForAll boolean isV6,
      @ForAll long seed) {
    SourceRate rate = new SourceRate(24, 56, perSecond, burst, 1, new SplittableRandom(seed));
    Map<Integer, Bucket> buckets = new HashMap<>();
    long nowMs = 0;
    for (Attempt attempt : attempts) {
      nowMs += attempt.afterMs();
      IpAddress source =
          isV6
              ? new Ipv6Address(
                  0x20010db8_00000000L | (long) attempt.source() << 8 | attempt.host(), 7)
              : new Ipv4Address(0x0a000000 | attempt.source() << 8 | attempt.host());
      long full = burst * (1_000_000_000L / perSecond);
      Bucket bucket = buckets.computeIfAbsent(attempt.source(), _ -> new Bucket(full, 0));
      assertThat(rate.refusal(offer(source), nowMs).isEmpty())
          .isEqualTo(bucket.take(nowMs, perSecond, burst));
    }
  }

  /** Invented sources, a new one each time: no more than what all slots together may pass. */
  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void shouldPassABoundedNumberOfNewFlowsWhateverTheSources(
      @ForAll @IntRange(min = 1, max = 50) int perSecond,
      @ForAll @IntRange(min = 1, max = 5) int burst,
      @ForAll @IntRange(min = 1, max = 100) int slots,
      @ForAll long seed) {
    SourceRate rate = new SourceRate(32, 64, perSecond, burst, slots, new SplittableRandom(seed));
    int rounded = Math.max(8, Integer.highestOneBit(2 * slots - 1));
    long passed = 0;
    int ms = 2000;
    for (int n = 0; n < 10 * ms; n++) {
      passed += rate.refusal(offer(new Ipv4Address(n)), n / 10).isEmpty() ? 1 : 0;
    }
    assertThat(passed).isLessThanOrEqualTo(rounded * (burst + (long) perSecond * ms / 1000 + 1));
    assertThat(passed).isGreaterThan(rounded / 2);
  }

  @Example
  void shouldCountByLeadingBits() {
    SourceRate none = new SourceRate(0, 0, 1, 1, 8, new SplittableRandom(1));
    assertThat(none.refusal(offer(new Ipv4Address(1)), 0)).isEmpty();
    assertThat(none.refusal(offer(new Ipv4Address(-1)), 0).get().message())
        .endsWith("from 0.0.0.0/0");
    assertThat(none.refusal(offer(new Ipv6Address(1, 1)), 0)).isEmpty();
    assertThat(none.refusal(offer(new Ipv6Address(-1, -1)), 0).get().message())
        .endsWith("from ::/0");
    SourceRate all = new SourceRate(32, 128, 1, 1, 1 << 12, new SplittableRandom(1));
    for (int n = 0; n < 20; n++) {
      assertThat(all.refusal(offer(new Ipv4Address(n)), 0)).isEmpty();
      assertThat(all.refusal(offer(new Ipv6Address(0, n)), 0)).isEmpty();
    }
    assertThat(all.refusal(offer(new Ipv6Address(0, 3)), 0).get().message())
        .endsWith("from ::3/128");
  }

  @Example
  void shouldTakeNoLimitsThatMakeNoSense() {
    SplittableRandom random = new SplittableRandom(1);
    assertThatThrownBy(() -> new SourceRate(33, 0, 1, 1, 1, random))
        .hasMessage("source rate: prefix4=33");
    assertThatThrownBy(() -> new SourceRate(0, -1, 1, 1, 1, random))
        .hasMessage("source rate: prefix6=-1");
    assertThatThrownBy(() -> new SourceRate(0, 0, 0, 1, 1, random))
        .hasMessage("source rate: perSecond=0");
    assertThatThrownBy(() -> new SourceRate(0, 0, 1, 0, 1, random))
        .hasMessage("source rate: burst=0");
    assertThatThrownBy(() -> new SourceRate(0, 0, 1, 1, 1 << 25, random))
        .hasMessage("source rate: slots=33554432");
  }
}
