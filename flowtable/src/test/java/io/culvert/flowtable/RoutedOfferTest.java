package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.BARE;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.OffloadError.StaleWay;
import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.admission.DeviceQuota;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.PathError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Flows by ways that were found before: nothing is checked less. */
class RoutedOfferTest {
  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private Way way(String from, String to) {
    return way(table, from, to);
  }

  private static Way way(FlowTable table, String from, String to) {
    return table.way(ip(from), ip(to)).getOrElseThrow(e -> new AssertionError(e.message()));
  }

  private final Way toToy = way("10.1.0.2", "10.2.0.2");
  private final Way toHost = way("10.2.0.2", "10.1.0.2");

  private RoutedOffer offer(String there) {
    return new RoutedOffer(tuple(there), toToy, toHost);
  }

  private static RoutedOffer numbered(int port, Way out, Way back) {
    return new RoutedOffer(
        new FlowTuple(ip("10.1.0.2"), ip("10.2.0.2"), 17, port, 2000), out, back);
  }

  @Test
  void shouldForwardAsAFlowThatWasOfferedByItself() {
    assertThat(toToy.device()).isEqualTo(TOY);
    assertThat(toToy).hasToString("way out of eth1 in toy0");
    assertThat(table.memoryUse().templates()).isZero();
    Flow flow = table.offer(offer("10.2.0.2")).get();
    assertThat(site.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason()).isEqualTo(Reason.NONE);
    byte[] back = fromGateway(fromPeer(answer("10.2.0.2")));
    assertThat(site.rig().send(WAN, back).reason()).isEqualTo(Reason.NONE);
    Site other = Site.exact();
    Flow byItself = other.accept(new FlowOffer(tuple("10.2.0.2"), LAN));
    assertThat(flow).isEqualTo(byItself);
    assertThat(table.memoryUse()).isEqualTo(other.table().memoryUse());
    // Each confirms the other.
    assertThat(site.accept(new FlowOffer(tuple("10.2.0.2"), LAN))).isEqualTo(flow);
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.counters(flow).originalPackets()).isEqualTo(1);
    table.remove(tuple("10.2.0.2"), LAN);
    assertThat(table.memoryUse().templates() + table.memoryUse().stacks()).isZero();
    assertThat(table.offer(offer("10.2.0.2")).isRight()).isTrue();
  }

  @Test
  void shouldRefuseAWayThatIsOutOfDate() {
    table.policyChanged();
    assertThat(table.offer(offer("10.2.0.2")).getLeft()).isEqualTo(new StaleWay("original"));
    assertThat(table.refusals().get("stale-way")).contains(1L);
    Way out = way("10.1.0.2", "10.2.0.2");
    Way back = way("10.2.0.2", "10.1.0.2");
    assertThat(table.offer(new RoutedOffer(tuple("10.2.0.2"), out, back)).isRight()).isTrue();
    table.invalidate(BARE);
    assertThat(table.offer(new RoutedOffer(tuple("10.2.0.3"), out, back)).isRight()).isTrue();
    table.invalidate(LAN);
    for (int again = 0; again < 2; again++) {
      assertThat(table.offer(new RoutedOffer(tuple("10.2.0.4"), out, back)).getLeft())
          .isEqualTo(new StaleWay("reply"));
    }
    table.teardown(WAN);
    assertThat(table.offer(new RoutedOffer(tuple("10.2.0.4"), out, back)).getLeft())
        .isEqualTo(new StaleWay("original"));
  }

  /** No more invalidations are remembered: whether it is concerned is not known any more. */
  @Test
  void shouldTakeAWayForOutOfDateThatNobodyAskedForLong() {
    for (int ifindex = 1000; ifindex < 1256; ifindex++) {
      table.invalidate(ifindex);
    }
    assertThat(table.offer(offer("10.2.0.2")).isRight()).isTrue();
    for (int ifindex = 1000; ifindex < 1257; ifindex++) {
      table.invalidate(ifindex);
    }
    assertThat(table.offer(offer("10.2.0.3")).getLeft()).isEqualTo(new StaleWay("original"));
  }

  @Test
  void shouldCheckWhatAnOfferWithoutWaysChecks() {
    RoutedOffer local =
        new RoutedOffer(new FlowTuple(ip("10.1.0.2"), ip("192.0.2.1"), 17, 1, 2), toToy, toHost);
    assertThat(table.offer(local).getLeft())
        .isEqualTo(new OffloadError.NotUnicast(ip("192.0.2.1"), AddressKind.LOCAL));
    RoutedOffer gre =
        new RoutedOffer(new FlowTuple(ip("10.1.0.2"), ip("10.2.0.2"), 47, 0, 0), toToy, toHost);
    assertThat(table.offer(gre).getLeft()).isInstanceOf(OffloadError.Protocol.class);
    RoutedOffer hairpin = new RoutedOffer(tuple("10.2.0.2"), toToy, toToy);
    assertThat(table.offer(hairpin).getLeft()).isInstanceOf(OffloadError.Hairpin.class);
    RoutedOffer elsewhere = new RoutedOffer(new FlowOffer(tuple("10.2.0.2"), WAN), toToy, toHost);
    assertThat(table.offer(elsewhere).getLeft())
        .isEqualTo(new OffloadError.Asymmetric(ip("10.1.0.2"), "eth1", "eth0"));
    RoutedOffer marked =
        new RoutedOffer(
            new FlowOffer(tuple("10.2.0.2"), LAN).withPerPacketPolicy("mark"), toToy, toHost);
    assertThat(table.offer(marked).getLeft()).isEqualTo(new OffloadError.PerPacketPolicy("mark"));
    table.admission(Admission.established());
    assertThat(table.offer(offer("10.2.0.2")).getLeft())
        .isInstanceOf(OffloadError.NotEstablished.class);
    assertThat(table.size()).isZero();
  }

  /** Two flows whose answers would be one: of a bulk the second is refused. */
  @Test
  void shouldRefuseAReplyKeyThatIsTaken() {
    FlowTuple reply = new FlowTuple(ip("10.2.0.2"), ip("192.0.2.1"), 17, 2000, 9);
    List<RoutedOffer> offers = new ArrayList<>();
    for (int port = 1; port <= 2; port++) {
      FlowTuple tuple = new FlowTuple(ip("10.1.0.2"), ip("10.2.0.2"), 17, port, 2000);
      offers.add(
          new RoutedOffer(new FlowOffer(tuple, reply, LAN, Duration.ofSeconds(1)), toToy, toHost));
    }
    OfferReport report = table.offerAll(offers);
    assertThat(report.accepted()).isEqualTo(1);
    assertThat(report.refusals())
        .containsExactly(new OfferReport.Refusal(1, new OffloadError.KeyTaken(reply)));
  }

  @Test
  void shouldRefuseFamiliesAndTablesThatDoNotFit() {
    assertThatThrownBy(() -> new RoutedOffer(tuple("2001:db8:2::2"), toToy, toHost))
        .hasMessageContaining("original=V4");
    Site other = Site.exact();
    Way foreign = way(other.table(), "10.1.0.2", "10.2.0.2");
    assertThatThrownBy(() -> new RoutedOffer(tuple("10.2.0.2"), foreign, toHost))
        .hasMessageContaining("two tables");
    assertThatThrownBy(() -> other.table().offerAll(List.of(offer("10.2.0.2"))))
        .hasMessageContaining("another table");
    assertThat(table.way(ip("10.1.0.2"), ip("10.9.0.2")).getLeft())
        .isEqualTo(
            new OffloadError.NoPath("way", new PathError.NoRoute(ip("10.9.0.2"), "the flow")));
  }

  /** More than are read together, some of them refused, into a table that becomes full. */
  @Test
  void shouldTellOfEachFlowOfABulkThatWasRefused() {
    List<RoutedOffer> offers = new ArrayList<>();
    for (int port = 1; port <= 100; port++) {
      offers.add(
          port % 10 == 0
              ? new RoutedOffer(
                  new FlowTuple(ip("10.1.0.2"), ip("224.0.0.1"), 17, port, 2), toToy, toHost)
              : numbered(port, toToy, toHost));
    }
    OfferReport report = table.offerAll(offers);
    assertThat(report.accepted()).isEqualTo(64);
    assertThat(table.size()).isEqualTo(64);
    List<Integer> refused = report.refusals().map(OfferReport.Refusal::index).toJavaList();
    assertThat(refused).isSorted().hasSize(36).contains(9, 19, 98, 99);
    assertThat(report.refusals().head().error()).isInstanceOf(OffloadError.NotUnicast.class);
    assertThat(report.refusals().get(34).error())
        .isEqualTo(new OffloadError.TableFull("flows", 64));
    assertThat(table.refusals().values().sum().intValue()).isEqualTo(36);
    assertThat(table.offerAll(List.of()))
        .isEqualTo(new OfferReport(0, io.vavr.collection.Vector.empty()));
  }

  /** What the quota has counted up to one flow decides about the next, in a bulk too. */
  @Test
  void shouldAskTheAdmissionOneByOne() {
    table.admission(DeviceQuota.of(TOY, 3));
    List<RoutedOffer> offers = new ArrayList<>();
    for (int port = 1; port <= 10; port++) {
      offers.add(numbered(port, toToy, toHost));
    }
    OfferReport report = table.offerAll(offers);
    assertThat(report.accepted()).isEqualTo(3);
    assertThat(report.refusals().map(OfferReport.Refusal::error).distinct())
        .containsExactly(new OffloadError.OverQuota(TOY, 3));
  }
}
