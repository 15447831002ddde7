package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.offer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Flows go in and out as a whole: both directions, references and all. */
class OfferTest {
  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private Reason out(String there) {
    return site.rig().send(LAN, fromHost(packet(there))).reason();
  }

  private Reason back(String there) {
    return site.rig().send(WAN, fromGateway(fromPeer(answer(there)))).reason();
  }

  @Test
  void shouldTakeBothDirectionsInAndOutTogether() {
    assertThat(out("10.2.0.2")).isEqualTo(Reason.MISS);
    // Without a flow nobody's tunnel is ours to open.
    assertThat(back("10.2.0.2")).isEqualTo(Reason.PROTOCOL);
    Flow flow = site.accept("10.2.0.2");
    assertThat(flow.original().devices()).containsExactly(TOY, WAN);
    assertThat(flow.reply().devices()).containsExactly(LAN);
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    assertThat(back("10.2.0.2")).isEqualTo(Reason.NONE);
    assertThat(table.remove(tuple("10.2.0.2"), LAN)).isTrue();
    assertThat(out("10.2.0.2")).isEqualTo(Reason.MISS);
    assertThat(back("10.2.0.2")).isEqualTo(Reason.PROTOCOL);
    assertThat(table.remove(tuple("10.2.0.2"), LAN)).isFalse();
  }

  @Test
  void shouldNotRemoveAFlowByAnotherNameOfIt() {
    site.accept("10.2.0.2");
    assertThat(table.remove(tuple("10.2.0.2"), WAN)).isFalse();
    assertThat(table.remove(tuple("10.2.0.2").reversed(), TOY)).isFalse();
    assertThat(table.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldGiveBackEveryReferenceWhenTheLastFlowLeaves(MatchMode match) {
    Site other = Site.of(match);
    MemoryUse empty = other.table().memoryUse();
    for (int round = 0; round < 40; round++) {
      for (String there : new String[] {"10.2.0.2", "10.6.0.2", "2001:db8:2::2"}) {
        other.accept(there);
        other.accept(there);
      }
      MemoryUse full = other.table().memoryUse();
      assertThat(full.stacks()).isEqualTo(match == MatchMode.EXACT ? 2 : 0);
      // One way into each tunnel, shared by the families, and one to the LAN for each family.
      assertThat(full.templates()).isEqualTo(5);
      other.table().flows().forEach(flow -> other.table().remove(flow.tuple(), flow.ingress()));
      assertThat(other.table().memoryUse()).isEqualTo(empty);
    }
  }

  @Test
  void shouldKeepTheCountersWhenAFlowIsOfferedAgain() {
    site.accept("10.2.0.2");
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    Flow again = site.accept("10.2.0.2");
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    assertThat(back("10.2.0.2")).isEqualTo(Reason.NONE);
    int bytes = packet("10.2.0.2").length;
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.counters(again)).isEqualTo(new FlowCounters(2, 2L * bytes, 1, bytes));
  }

  @Test
  void shouldTurnAFlowRoundThatIsOfferedFromItsReplySide() {
    site.accept("10.2.0.2");
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    Flow turned = site.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY, Duration.ZERO));
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.flows()).containsExactly(turned);
    assertThat(table.flow(tuple("10.2.0.2"), LAN)).isEmpty();
    assertThat(table.flow(tuple("10.2.0.2").reversed(), TOY)).contains(turned);
    int bytes = packet("10.2.0.2").length;
    assertThat(table.counters(turned)).isEqualTo(new FlowCounters(0, 0, 1, bytes));
    assertThat(out("10.2.0.2")).isEqualTo(Reason.NONE);
    assertThat(back("10.2.0.2")).isEqualTo(Reason.NONE);
  }

  @Test
  void shouldFollowANewWayWhenAFlowIsOfferedAgain() {
    site.accept("10.4.0.2");
    site.network().neighbour(WAN, "192.0.2.2", 0x0200_0000_0b77L);
    site.accept("10.4.0.2");
    byte[] frame = site.rig().send(LAN, fromHost(packet("10.4.0.2"))).frame();
    assertThat(frame[5]).isEqualTo((byte) 0x77);
    assertThat(table.memoryUse().templates()).isEqualTo(2);
  }

  /** The key of the reply direction is new: the old flow must not linger under the old one. */
  @Test
  void shouldReplaceAFlowThatNowComesBackAnotherWay() {
    site.accept("10.2.0.2");
    assertThat(table.memoryUse().stacks()).isEqualTo(1);
    site.network().route("10.2.0.0/16", Site.BARE);
    // Until the table is told, the flow on the old way holds the key of the original direction.
    assertThat(table.offer(offer("10.2.0.2")).getLeft())
        .isEqualTo(new OffloadError.KeyTaken(tuple("10.2.0.2")));
    table.invalidate(TOY);
    site.accept("10.2.0.2");
    assertThat(table.size()).isEqualTo(1);
    assertThat(back("10.2.0.2")).isEqualTo(Reason.PROTOCOL);
    byte[] bare = Packets.inBare("192.0.2.8", "192.0.2.1", answer("10.2.0.2"));
    assertThat(site.rig().send(WAN, fromGateway(bare)).reason()).isEqualTo(Reason.NONE);
    assertThat(table.memoryUse().stacks()).isZero(); // one word is its own identity
  }

  @Test
  void shouldHoldAsManyFlowsAsItWasMadeForAndTakeAnotherWhenOneLeaves() {
    Site small = Site.of(Site.config().withFlows(4, 2));
    for (int host = 1; host <= 4; host++) {
      small.accept("10.4.0." + host);
    }
    small.accept("2001:db8:4::1");
    small.accept("2001:db8:4::2");
    assertThat(small.table().offer(offer("10.4.0.5")).getLeft())
        .isEqualTo(new OffloadError.TableFull("flows", 4));
    assertThat(small.table().offer(offer("2001:db8:4::3")).getLeft())
        .isEqualTo(new OffloadError.TableFull("flows", 2));
    small.table().remove(tuple("10.4.0.1"), LAN);
    small.accept("10.4.0.5");
    assertThat(small.table().size()).isEqualTo(6);
  }

  @Test
  void shouldRefuseAWayOutForWhichThereIsNoTemplateAndLeaveNothingBehind() {
    Site small = Site.of(Site.config().withTemplates(2));
    small.accept("10.4.0.2");
    MemoryUse before = small.table().memoryUse();
    assertThat(small.table().offer(offer("10.2.0.2")).getLeft())
        .isEqualTo(new OffloadError.TableFull("ways out", 2));
    assertThat(small.table().memoryUse()).isEqualTo(before);
    assertThat(small.table().size()).isEqualTo(1);
    small.accept("10.4.0.3");
    small.table().flows().forEach(flow -> small.table().remove(flow.tuple(), LAN));
    small.accept("10.2.0.2");
  }

  /** Two addresses, two port pairs, two protocols: eight flows that differ in one field each. */
  @Test
  void shouldKeepFlowsApartThatDifferInOneField() {
    for (int n = 0; n < 8; n++) {
      site.accept(new FlowOffer(variant(n), LAN, Duration.ZERO));
    }
    for (int n = 0; n < 8; n++) {
      FlowTuple tuple = variant(n);
      byte[] l4 =
          tuple.protocol() == 6
              ? Packets.tcp(tuple.sourcePort(), tuple.destinationPort(), 0x10)
              : Packets.udp(tuple.sourcePort(), tuple.destinationPort());
      byte[] packet =
          Packets.ipv4("10.1.0.2", tuple.destination().toString(), tuple.protocol(), l4);
      assertThat(site.rig().send(LAN, fromHost(packet)).reason()).isEqualTo(Reason.NONE);
      FlowCounters counters = table.counters(table.flow(tuple, LAN).get());
      assertThat(counters.originalPackets()).isEqualTo(1);
    }
  }

  private static FlowTuple variant(int n) {
    return new FlowTuple(
        ip("10.1.0.2"), ip("10.4.0." + (1 + n % 2)), n / 2 % 2 == 0 ? 6 : 17, 1000 + n / 4, 2000);
  }

  @Test
  void shouldRefuseTuplesAndTimeoutsThatMakeNoSense() {
    assertThatThrownBy(() -> new FlowTuple(ip("10.0.0.1"), ip("::1"), 6, 1, 2))
        .hasMessageContaining("source=10.0.0.1 destination=::1");
    assertThatThrownBy(() -> new FlowTuple(ip("10.0.0.1"), ip("10.0.0.2"), 256, 1, 2))
        .hasMessageContaining("protocol=256");
    assertThatThrownBy(() -> new FlowTuple(ip("10.0.0.1"), ip("10.0.0.2"), 6, -1, 65536))
        .hasMessageContaining("ports=-1,65536");
    assertThatThrownBy(() -> new FlowOffer(tuple("10.4.0.2"), LAN, Duration.ofMillis(-1)))
        .hasMessageContaining("idleTimeout=");
    assertThatThrownBy(() -> new FlowOffer(tuple("10.4.0.2"), LAN, Duration.ofDays(25)))
        .hasMessageContaining("idleTimeout=");
  }
}
