package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.path.PathMtus;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Learned path MTUs, counted by hand: the toy tunnel adds 20 bytes of IPv4 and a shim of 8, the
 * bare one 20, and the nested one is a toy tunnel in the toy tunnel.
 */
class PathMtuTest {
  private static final long MINUTE = 60_000_000_000L;

  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  private int mtu(String there) {
    return site.accept(there).original().mtu();
  }

  private Reason send(String there, int length) {
    byte[] udp = Packets.udp(1000, 2000, Packets.payload(length - 28));
    return site.rig().send(LAN, fromHost(Packets.ipv4("10.1.0.2", there, 17, udp))).reason();
  }

  @ParameterizedTest
  @CsvSource({
    // Where the packets go, what was learned, whom the flow is to, what is left for it.
    "192.0.2.9, 1400, 10.2.0.2, 1372",
    "192.0.2.9, 1400, 2001:db8:2::2, 1372",
    "192.0.2.9, 1400, 10.6.0.2, 1344",
    "172.16.0.2, 1400, 10.6.0.2, 1372",
    "172.16.0.2, 1400, 10.2.0.2, 1472",
    "192.0.2.8, 1400, 10.3.0.2, 1380",
    "192.0.2.9, 68, 10.2.0.2, 40", // too small for IPv4: see below
    "192.0.2.9, 9000, 10.2.0.2, 1472", // never more than devices and routes have
    "10.4.0.2, 1000, 10.4.0.2, 1500" // not in a tunnel
  })
  void shouldLimitWhatTunnelsSend(String end, int learned, String there, int left) {
    assertThat(table.pathMtu(ip(end), learned).isRight()).isTrue();
    if (left < 68) {
      OffloadError error = table.offer(Site.offer(there)).getLeft();
      assertThat(error.message()).contains("only " + left + " bytes");
    } else {
      assertThat(mtu(there)).isEqualTo(left);
    }
  }

  @Test
  void shouldSendLongPacketsOfFlowsThatAreThereToTheSlowPath() {
    site.accept("10.2.0.2");
    site.accept("10.6.0.2");
    site.accept("10.3.0.2");
    assertThat(send("10.2.0.2", 1472)).isEqualTo(Reason.NONE);
    assertThat(table.pathMtu(ip("192.0.2.9"), 1428).get()).isEqualTo(2);
    assertThat(send("10.2.0.2", 100)).isEqualTo(Reason.STALE);
    assertThat(send("10.3.0.2", 1480)).isEqualTo(Reason.NONE);
    assertThat(mtu("10.2.0.2")).isEqualTo(1400);
    assertThat(send("10.2.0.2", 1400)).isEqualTo(Reason.NONE);
    assertThat(send("10.2.0.2", 1401)).isEqualTo(Reason.MTU);
    // What comes back is not limited by it.
    assertThat(site.accept("10.2.0.2").reply().mtu()).isEqualTo(1500);
  }

  @Test
  void shouldNotRaiseWhatIsKnownNorDisturbFlowsForNothing() {
    site.accept("10.2.0.2");
    assertThat(table.pathMtu(ip("192.0.2.9"), 1300).get()).isEqualTo(1);
    assertThat(mtu("10.2.0.2")).isEqualTo(1272);
    assertThat(table.pathMtu(ip("192.0.2.9"), 1400).get()).isZero();
    assertThat(table.pathMtu(ip("192.0.2.9"), 1300).get()).isZero();
    assertThat(send("10.2.0.2", 1272)).isEqualTo(Reason.NONE);
    assertThat(mtu("10.2.0.2")).isEqualTo(1272);
    assertThat(table.pathMtu(ip("192.0.2.9"), 1299).get()).isEqualTo(1);
    assertThat(mtu("10.2.0.2")).isEqualTo(1271);
  }

  /** Ten minutes after it was learned last. */
  @Test
  void shouldTryAgainAfterTenMinutes() {
    table.tick(0);
    site.accept("10.2.0.2");
    table.pathMtu(ip("192.0.2.9"), 1300).get();
    table.tick(5 * MINUTE);
    table.pathMtu(ip("192.0.2.9"), 1350).get();
    assertThat(mtu("10.2.0.2")).isEqualTo(1272);
    table.tick(15 * MINUTE - 1_000_000);
    assertThat(send("10.2.0.2", 1272)).isEqualTo(Reason.NONE);
    table.tick(15 * MINUTE);
    assertThat(send("10.2.0.2", 1272)).isEqualTo(Reason.STALE);
    assertThat(mtu("10.2.0.2")).isEqualTo(1472);
    assertThat(send("10.2.0.2", 1472)).isEqualTo(Reason.NONE);
  }

  /**
   * Forged ones by the thousand for ends that no tunnel has, learned and expired: no flow minds.
   */
  @Test
  void shouldNotPutOffWhatIsToBeForgotten() {
    table.tick(0);
    site.accept("10.2.0.2");
    table.policyChanged();
    for (int second = 1; second < 30; second++) {
      table.tick(second * MINUTE / 60);
      assertThat(table.pathMtu(new Ipv4Address(0x0a09_0000 + second), 1000).get()).isZero();
    }
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.tick(MINUTE / 2)).isEqualTo(1);
  }

  @Test
  void shouldForgetWhatItIsToldTo() {
    site.accept("10.2.0.2");
    table.pathMtu(ip("192.0.2.9"), 1300).get();
    assertThat(mtu("10.2.0.2")).isEqualTo(1272);
    assertThat(table.forgetPathMtu(ip("192.0.2.9"))).isEqualTo(1);
    assertThat(mtu("10.2.0.2")).isEqualTo(1472);
    assertThat(table.forgetPathMtu(ip("192.0.2.9"))).isZero();
  }

  /** A way that was found before may be too long now. */
  @Test
  void shouldNotTakeFlowsByWaysFoundBefore() {
    Way out = table.way(ip("10.1.0.2"), ip("10.2.0.2")).get();
    Way back = table.way(ip("10.2.0.2"), ip("10.1.0.2")).get();
    table.pathMtu(ip("192.0.2.9"), 1300).get();
    OffloadError error = table.offer(new RoutedOffer(Site.tuple("10.2.0.2"), out, back)).getLeft();
    assertThat(error).isEqualTo(new OffloadError.StaleWay("original"));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.9, 67, 68", "192.0.2.9, -1, 68", "2001:db8::9, 1279, 1280"})
  void shouldRefuseWhatNoLinkHas(String end, int mtu, int least) {
    PathMtuRefusal refusal = table.pathMtu(ip(end), mtu).getLeft();
    assertThat(refusal).isEqualTo(new PathMtuRefusal.TooSmall(ip(end), mtu, least));
    assertThat(refusal.message())
        .isEqualTo("path MTU to " + ip(end) + " is " + mtu + "; expected " + least + " or more");
  }

  /** Somebody forges them by the thousand. */
  @Test
  void shouldKeepSoManyAndRefuseMore() {
    table.tick(0);
    for (int end = 0; end < PathMtus.MOST; end++) {
      assertThat(table.pathMtu(new Ipv4Address(0x0a09_0000 + end), 1000).get()).isZero();
    }
    IpAddress more = ip("192.0.2.9");
    PathMtuRefusal refusal = table.pathMtu(more, 1000).getLeft();
    assertThat(refusal).isEqualTo(new PathMtuRefusal.TooMany(more, PathMtus.MOST));
    assertThat(refusal.message()).contains("4096");
    assertThat(table.pathMtu(new Ipv4Address(0x0a09_0000), 900).isRight()).isTrue(); // known
    table.forgetPathMtu(new Ipv4Address(0x0a09_0007));
    assertThat(table.pathMtu(more, 1000).isRight()).isTrue();
    assertThat(mtu("10.2.0.2")).isEqualTo(972);
    assertThat(site.accept("10.4.0.2").original().port()).isEqualTo(WAN);
  }
}
