package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.offer;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.FlowOffer.Seen;
import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.admission.DeviceQuota;
import io.culvert.flowtable.admission.SourceRate;
import io.culvert.flowtable.fixture.Site;
import io.culvert.wire.IpPrefix;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which new flows are taken; what is refused has a reason and a count, what is there stays. */
class AdmissionTest {
  private static final long SECOND = 1_000_000_000L;

  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private OffloadError refused(FlowOffer offer) {
    return table.offer(offer).getLeft();
  }

  private static FlowOffer from(int port) {
    return new FlowOffer(
        new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 6, port, 80), LAN, Duration.ZERO);
  }

  private static SourceRate rate(int perSecond, int burst) {
    return new SourceRate(24, 64, perSecond, burst, 64, new SplittableRandom(1));
  }

  @ParameterizedTest
  @EnumSource(Seen.class)
  void shouldTakeFlowsSeenBothWaysOnlyIfToldSo(Seen seen) {
    FlowOffer offer = offer("10.4.0.2").withSeen(seen);
    table.admission(Admission.established());
    if (seen == Seen.BOTH_WAYS) {
      site.accept(offer);
      return;
    }
    assertThat(refused(offer)).isEqualTo(new OffloadError.NotEstablished(seen));
    table.admission(Admission.ALL);
    site.accept(offer);
  }

  @Test
  void shouldSayOfAnOfferWhatIsKnown() {
    FlowOffer plain = offer("10.4.0.2");
    assertThat(plain.seen()).isEqualTo(Seen.UNKNOWN);
    assertThat(plain.perPacketPolicy()).isEmpty();
    FlowOffer all = plain.withPerPacketPolicy("limit").withSeen(Seen.ONE_WAY);
    assertThat(all)
        .isEqualTo(
            new FlowOffer(
                plain.tuple(),
                plain.replyTuple(),
                LAN,
                Duration.ZERO,
                Seen.ONE_WAY,
                Option.some("limit")));
    assertThat(new OffloadError.NotEstablished(Seen.ONE_WAY).message())
        .isEqualTo("only flows seen both ways are taken; seen: one-way");
  }

  /** The fast path would leave the policy undone: whatever the admission says. */
  @Test
  void shouldRefuseFlowsWithAPolicyForEachPacket() {
    FlowOffer marked = offer("10.4.0.2").withPerPacketPolicy("mark");
    OffloadError error = refused(marked);
    assertThat(error).isEqualTo(new OffloadError.PerPacketPolicy("mark"));
    assertThat(error.message()).isEqualTo("the slow path has a policy for each packet: mark");
    assertThat(table.size()).isZero();
    // Also one that is there already: since when it has the policy, its packets are not ours.
    site.accept("10.4.0.2");
    table.policyChanged();
    assertThat(refused(marked)).isEqualTo(new OffloadError.PerPacketPolicy("mark"));
  }

  @Test
  void shouldRefuseWhatAPredicateExcludes() {
    table.admission(Admission.excluding("high-ports", offer -> offer.tuple().sourcePort() > 1023));
    OffloadError error = refused(from(1024));
    assertThat(error).isEqualTo(new OffloadError.Excluded("high-ports"));
    assertThat(error.label()).isEqualTo("excluded-high-ports");
    assertThat(error.message()).isEqualTo("excluded: high-ports");
    site.accept(from(1023));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper", "two words", "-a", "a--b", "a\n"})
  void shouldTakeNoWordThatIsNoLabel(String word) {
    assertThatThrownBy(() -> Admission.excluding(word, _ -> true))
        .hasMessage("excluded: word=" + word);
  }

  @Test
  void shouldLimitTheRateOfNewFlowsPerSourcePrefix() {
    table.admission(rate(2, 3));
    for (int port = 1; port <= 3; port++) {
      site.accept(from(port));
    }
    OffloadError error = refused(from(4));
    assertThat(error)
        .isEqualTo(new OffloadError.TooManyNew(IpPrefix.parse("10.1.0.0/24").get(), 2));
    assertThat(error.message()).isEqualTo("more than 2 new flows a second from 10.1.0.0/24");
    // Half a second of the table's clock later there is room for one more.
    table.tick(0);
    table.tick(SECOND / 2 - 1_000_000);
    assertThat(table.offer(from(4)).isLeft()).isTrue();
    table.tick(SECOND / 2);
    site.accept(from(4));
    assertThat(table.offer(from(5)).isLeft()).isTrue();
    assertThat(table.size()).isEqualTo(4);
  }

  /** From the first side, from the other one, and after a change that made all flows stale. */
  @Test
  void shouldChargeNothingForAFlowThatIsThere() {
    table.admission(rate(1, 2));
    site.accept("10.2.0.2");
    for (int n = 0; n < 5; n++) {
      site.accept("10.2.0.2");
      table.policyChanged();
      site.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY, Duration.ZERO));
      table.policyChanged();
    }
    site.accept("10.4.0.2");
    assertThat(refused(offer("10.3.0.2"))).isInstanceOf(OffloadError.TooManyNew.class);
    // The bucket is empty, and what is there can still be confirmed from both sides.
    site.accept("10.2.0.2");
    site.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY, Duration.ZERO));
    // A flow that left is new again.
    table.remove(tuple("10.4.0.2"), LAN);
    assertThat(refused(offer("10.4.0.2"))).isInstanceOf(OffloadError.TooManyNew.class);
  }

  @Test
  void shouldLimitTheFlowsOfADevice() {
    DeviceQuota quota = DeviceQuota.of(TOY, 2);
    table.admission(quota);
    site.accept("10.2.0.2");
    site.accept("10.6.0.2");
    OffloadError error = refused(offer("2001:db8:2::2"));
    assertThat(error).isEqualTo(new OffloadError.OverQuota(TOY, 2));
    assertThat(error.message()).isEqualTo("device 10 has its 2 flows already");
    // The other way round it is known before any work is done.
    FlowOffer inbound = new FlowOffer(tuple("10.2.0.9").reversed(), TOY, Duration.ZERO);
    assertThat(refused(inbound)).isEqualTo(new OffloadError.OverQuota(TOY, 2));
    site.accept("10.4.0.2");
    table.remove(tuple("10.6.0.2"), LAN);
    site.accept("2001:db8:2::2");
    assertThat(quota.flows(TOY)).isEqualTo(2);
    assertThat(quota.flows(WAN)).isEqualTo(3);
  }

  /** Whatever happens to flows, the quota's count is that of the flows in the table. */
  @Test
  void shouldCountTheFlowsOfADeviceHoweverTheyComeAndGo() {
    site.accept("10.2.0.2");
    site.accept("10.4.0.2");
    DeviceQuota quota = new DeviceQuota(_ -> -1);
    table.admission(quota);
    assertCounts(quota);
    site.accept("10.6.0.2");
    site.accept("10.2.0.2");
    assertCounts(quota);
    site.network().route("10.2.0.0/16", BARE);
    table.invalidate(TOY);
    site.accept("10.2.0.2");
    assertCounts(quota);
    assertThat(quota.flows(BARE)).isEqualTo(1);
    site.accept(new FlowOffer(tuple("10.3.0.2"), LAN, Duration.ofSeconds(1)));
    table.tick(0);
    table.tick(2 * SECOND);
    assertCounts(quota);
    table.teardown(TOY);
    assertCounts(quota);
    table.flows().forEach(flow -> table.remove(flow.tuple(), flow.ingress()));
    assertCounts(quota);
    assertThat(quota.flows(LAN)).isZero();
  }

  private void assertCounts(DeviceQuota quota) {
    for (int device : new int[] {LAN, WAN, TOY, BARE, Site.NESTED}) {
      assertThat(quota.flows(device))
          .as("device %d", device)
          .isEqualTo(table.flows().count(flow -> flow.passes(device)));
    }
  }

  @Test
  void shouldAskSeveralInTheirOrderUntilOneRefuses() {
    List<String> asked = new ArrayList<>();
    Admission first =
        (offer, _) -> {
          asked.add("first");
          return Option.when(offer.tuple().sourcePort() == 1, new OffloadError.Excluded("first"));
        };
    Admission second =
        new Admission() {
          @Override
          public Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
            asked.add("second");
            return Option.none();
          }

          @Override
          public Option<OffloadError> refusal(Flow flow) {
            asked.add("second again");
            return Option.when(flow.tuple().sourcePort() == 2, new OffloadError.Excluded("second"));
          }

          @Override
          public void added(Flow flow) {
            asked.add("added");
          }

          @Override
          public void removed(Flow flow) {
            asked.add("removed");
          }
        };
    table.admission(Admission.allOf(first, Admission.allOf(), Admission.allOf(second)));
    assertThat(refused(from(1))).isEqualTo(new OffloadError.Excluded("first"));
    assertThat(refused(from(2))).isEqualTo(new OffloadError.Excluded("second"));
    site.accept(from(3));
    table.remove(from(3).tuple(), LAN);
    assertThat(asked)
        .containsExactly(
            "first",
            "first",
            "second",
            "second again",
            "first",
            "second",
            "second again",
            "added",
            "removed");
  }

  @Test
  void shouldCountEveryRefusalByItsLabel() {
    table.admission(
        Admission.allOf(
            Admission.excluding("odd-ports", offer -> offer.tuple().sourcePort() % 2 == 1),
            Admission.established()));
    refused(from(1));
    refused(from(3));
    refused(from(2));
    refused(from(2).withPerPacketPolicy("limit"));
    site.accept(from(2).withSeen(Seen.BOTH_WAYS));
    refused(
        new FlowOffer(new FlowTuple(ip("10.1.0.2"), ip("224.0.0.1"), 17, 2, 2), LAN, Duration.ZERO)
            .withSeen(Seen.BOTH_WAYS));
    assertThat(table.refusals().toJavaMap())
        .containsExactly(
            java.util.Map.entry("address-multicast", 1L),
            java.util.Map.entry("excluded-odd-ports", 2L),
            java.util.Map.entry("not-established", 1L),
            java.util.Map.entry("per-packet-policy", 1L));
  }

  @Test
  void shouldNotGrowWithLabelsThatAreMadeUp() {
    table.admission(
        (offer, _) -> Option.some(new OffloadError.Excluded("port-" + offer.tuple().sourcePort())));
    for (int port = 0; port < 1000; port++) {
      refused(from(port));
    }
    assertThat(table.refusals().size()).isEqualTo(101);
    assertThat(table.refusals().get("other")).contains(900L);
    assertThat(table.refusals().values().sum().longValue()).isEqualTo(1000);
  }

  @Test
  void shouldRefuseIfTheAdmissionThrowsAndLoseNothing() {
    table.admission(
        new Admission() {
          @Override
          public Option<OffloadError> refusal(FlowOffer offer, long nowMs) {
            if (offer.tuple().sourcePort() == 1) {
              throw new IllegalStateException("boom");
            }
            return Option.none();
          }

          @Override
          public void added(Flow flow) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void removed(Flow flow) {
            throw new UnsupportedOperationException();
          }
        });
    OffloadError error = refused(from(1));
    assertThat(error.message()).isEqualTo("admission threw java.lang.IllegalStateException: boom");
    site.accept(from(2));
    table.remove(from(2).tuple(), LAN);
    assertThat(table.size()).isZero();
    assertThat(table.memoryUse().templates()).isZero();
    assertThat(table.refusals().get("admission-fault")).contains(3L);
  }

  /** A flood is refused before the network is asked for a way. */
  @Test
  void shouldDoNoPathDiscoveryForWhatIsRefused() {
    table.admission(Admission.excluding("all", _ -> true));
    site.network().withoutRoute("10.4.0.0/16");
    assertThat(refused(from(1))).isEqualTo(new OffloadError.Excluded("all"));
  }
}
