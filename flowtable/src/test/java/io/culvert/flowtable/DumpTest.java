package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.offer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.status.FlowStatus;
import io.culvert.flowtable.status.FlowText;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A dump says of each flow what was done with it, also while the table changes under it. */
class DumpTest {
  private static final long SECOND = 1_000_000_000L;

  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private String line() {
    List<FlowStatus> all = table.dump().toList();
    assertThat(all).hasSize(1);
    return FlowText.line(all.getFirst());
  }

  @Test
  void shouldSayNothingOfAnEmptyTable() {
    assertThat(table.dump()).isEmpty();
  }

  @Test
  void shouldSayAllThatIsKnownOfAFlow() {
    table.tick(5 * SECOND);
    site.accept(new FlowOffer(tuple("10.2.0.2"), LAN, Duration.ofSeconds(30)));
    table.tick(15 * SECOND);
    assertThat(site.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason()).isEqualTo(Reason.NONE);
    byte[] back = fromGateway(fromPeer(answer("10.2.0.2")));
    assertThat(site.rig().send(Site.WAN, back).reason()).isEqualTo(Reason.NONE);
    assertThat(site.rig().send(Site.WAN, back).reason()).isEqualTo(Reason.NONE);
    table.tick(16 * SECOND + 250_000_000);
    assertThat(line())
        .isEqualTo(
            "ipv4 udp 28.750"
                + " src=10.1.0.2 dst=10.2.0.2 sport=1000 dport=2000 packets=1 bytes=38"
                + " in=eth0#1 out=eth1#2/toy0#10(toy,192.0.2.1>192.0.2.9,7) mtu=1472"
                + " src=10.2.0.2 dst=10.1.0.2 sport=2000 dport=1000 packets=2 bytes=76"
                + " in=eth1#2/toy0#10(toy,192.0.2.9>192.0.2.1,7) out=eth0#1 mtu=1500"
                + " state=valid generation=1 age=11.250 idle=1.250 timeout=30.000 worker=0");
  }

  @Test
  void shouldShowStacksOutermostFirstAndIpv6() {
    site.accept("10.6.0.2");
    assertThat(line())
        .contains(
            " out=eth1#2/toy0#10(toy,192.0.2.1>192.0.2.9,7)/toy1#12(toy,172.16.0.1>172.16.0.2,8) ");
    FlowStatus status = table.dump().findFirst().get();
    assertThat(status.ingressDevice()).isEqualTo("eth0");
    assertThat(status.reply().way().device()).isEqualTo("toy1");
    assertThat(status.original().wayOut().device()).isEqualTo("toy1");
    table.remove(tuple("10.6.0.2"), LAN);
    site.accept("2001:db8:2::2");
    assertThat(line())
        .startsWith("ipv6 udp - src=2001:db8:1::2 dst=2001:db8:2::2 sport=1000 dport=2000 ");
  }

  @Test
  void shouldShowThatAFlowIsStale() {
    site.accept("10.2.0.2");
    table.policyChanged();
    assertThat(line()).contains(" state=stale generation=1 ");
    site.accept("10.2.0.2");
    assertThat(line()).contains(" state=valid generation=2 ");
    table.invalidate(TOY);
    assertThat(line()).contains(" state=stale generation=0 ");
  }

  @Test
  void shouldCountTheAgeFromTheFirstOffer() {
    site.accept("10.2.0.2");
    table.tick(0);
    table.tick(20 * SECOND);
    site.accept("10.2.0.2");
    table.tick(21 * SECOND);
    assertThat(line()).contains(" age=21.000 idle=1.000 timeout=0.000 ");
    // Turned round it is the same flow still.
    site.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY, Duration.ZERO));
    assertThat(line()).contains(" age=21.000 idle=0.000 ").contains("src=10.2.0.2 dst=10.1.0.2");
    table.remove(tuple("10.2.0.2").reversed(), TOY);
    site.accept("10.2.0.2");
    assertThat(line()).contains(" age=0.000 idle=0.000 ");
  }

  private static FlowOffer numbered(int port) {
    return new FlowOffer(
        new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), 6, port, 80), LAN, Duration.ZERO);
  }

  private static int port(FlowStatus status) {
    return status.flow().tuple().sourcePort();
  }

  /** More flows than are looked at under one lock, oldest first, each once. */
  @Test
  void shouldShowEveryFlowOnceInTheOrderOfTheirOffers() {
    Site large = Site.of(Site.config().withFlows(4096, 1));
    for (int port = 3000; port > 1000; port--) {
      large.accept(numbered(port));
    }
    List<Integer> ports = large.table().dump().map(DumpTest::port).toList();
    assertThat(ports).hasSize(2000).isSortedAccordingTo((a, b) -> b - a);
    assertThat(new HashSet<>(ports)).hasSize(2000);
  }

  /** What stays is seen, whatever happens to the others while the stream is read. */
  @Test
  void shouldStandChangesWhileItIsRead() {
    Site large = Site.of(Site.config().withFlows(4096, 1));
    for (int port = 0; port < 2000; port++) {
      large.accept(numbered(port));
    }
    Iterator<FlowStatus> dump = large.table().dump().iterator();
    Set<Integer> seen = new HashSet<>();
    for (int n = 0; n < 10; n++) {
      assertThat(seen.add(port(dump.next()))).isTrue();
    }
    for (int port = 1000; port < 1100; port++) {
      assertThat(large.table().remove(numbered(port).tuple(), LAN)).isTrue();
      large.accept(numbered(port + 10_000));
    }
    large.table().policyChanged();
    large.accept(numbered(1500));
    while (dump.hasNext()) {
      FlowStatus status = dump.next();
      assertThat(seen.add(port(status))).isTrue();
      if (port(status) > 1100) {
        assertThat(status.isValid()).isEqualTo(port(status) == 1500);
      }
    }
    for (int port = 0; port < 2000; port++) {
      assertThat(seen.contains(port)).isEqualTo(port < 1000 || port >= 1100);
    }
    assertThat(seen).hasSize(1900);
    assertThat(large.table().flow(offer("10.4.0.2").tuple(), LAN)).isEmpty();
  }
}
