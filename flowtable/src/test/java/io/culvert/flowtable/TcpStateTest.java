package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.admission.Admission;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.Snapshots;
import io.culvert.flowtable.snapshot.RestoreReport;
import io.culvert.flowtable.snapshot.Snapshot;
import io.culvert.flowtable.status.FlowText;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the edges of TCP connections do to their flows, in both families and out of tunnels. */
class TcpStateTest {
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  private Site site = Site.exact();

  private static boolean isV6(String server) {
    return server.contains(":");
  }

  private static String client(String server) {
    return isV6(server) ? "2001:db8:1::2" : "10.1.0.2";
  }

  private FlowTuple offer(String server) {
    FlowTuple tuple =
        new FlowTuple(
            IpAddress.parse(client(server)).get(),
            IpAddress.parse(server).get(),
            IpProtocol.TCP,
            1000,
            80);
    site.accept(new FlowOffer(tuple, LAN, Duration.ZERO));
    return tuple;
  }

  private Reason toServer(String server, int flags) {
    byte[] segment = Packets.tcp(1000, 80, flags, Packets.payload(5));
    byte[] packet =
        isV6(server)
            ? Packets.ipv6(client(server), server, IpProtocol.TCP, segment)
            : Packets.ipv4(client(server), server, IpProtocol.TCP, segment);
    return site.rig().send(LAN, Site.fromHost(packet)).reason();
  }

  private Reason toClient(String server, int flags) {
    byte[] segment = Packets.tcp(80, 1000, flags, Packets.payload(5));
    byte[] packet =
        isV6(server)
            ? Packets.ipv6(server, client(server), IpProtocol.TCP, segment)
            : Packets.ipv4(server, client(server), IpProtocol.TCP, segment);
    // Behind the toy tunnel, whose other end the gateway is.
    return site.rig().send(WAN, Site.fromGateway(Site.fromPeer(packet))).reason();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldLeaveEdgesToTheSlowPathAndGoOnWithTheRest(String server) {
    offer(server);
    for (int edge : new int[] {SYN, SYN | ACK, FIN, FIN | ACK, RST, RST | ACK}) {
      assertThat(toServer(server, edge)).isEqualTo(Reason.TCP_STATE);
      assertThat(toClient(server, edge)).isEqualTo(Reason.TCP_STATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldGoOnWithAClosingFlow(String server) {
    offer(server);
    assertThat(toServer(server, FIN | ACK)).isEqualTo(Reason.TCP_STATE);
    assertThat(toClient(server, ACK)).isEqualTo(Reason.NONE);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.NONE);
  }

  /** Anybody could send it: RFC 5961 §4. */
  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldNotBelieveASynInAnOpenFlow(String server) {
    offer(server);
    assertThat(toServer(server, SYN)).isEqualTo(Reason.TCP_STATE);
    assertThat(toClient(server, SYN | ACK)).isEqualTo(Reason.TCP_STATE);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.NONE);
    assertThat(toClient(server, ACK)).isEqualTo(Reason.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldNotCarryTheConnectionThatASynBegins(String server) {
    FlowTuple tuple = offer(server);
    toClient(server, RST);
    assertThat(toServer(server, SYN)).isEqualTo(Reason.TCP_STATE);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.STALE);
    assertThat(toClient(server, ACK)).isEqualTo(Reason.STALE);
    assertThat(site.table().tick(1)).isEqualTo(1);
    assertThat(site.table().flow(tuple, LAN)).isEmpty();
    assertThat(toServer(server, ACK)).isEqualTo(Reason.MISS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldBeOpenAgainWhenItIsOfferedAgain(String server) {
    offer(server);
    toServer(server, FIN);
    offer(server);
    toServer(server, SYN);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldNotWaitForLongForAClosingFlow(String server) {
    FlowTuple tuple = offer(server);
    site.table().tick(0);
    assertThat(site.table().tick(seconds(3600))).isZero(); // it has no timeout
    assertThat(dump()).contains(" state=valid ").contains(" tcp - ");
    toClient(server, FIN);
    assertThat(dump()).contains(" state=closing ").contains(" tcp 10.000 ");
    assertThat(site.table().tick(seconds(3601))).isZero();
    toServer(server, ACK);
    assertThat(site.table().tick(seconds(3610))).isZero();
    assertThat(site.table().tick(seconds(3612))).isEqualTo(1);
    assertThat(site.table().flow(tuple, LAN)).isEmpty();
  }

  /** Another table takes over what this one wrote. */
  private RestoreReport takeOver(Site other) {
    Snapshot snapshot = Snapshots.of(site.table());
    site = other;
    other.table().tick(0);
    return other.table().restore(snapshot, Admission.ALL);
  }

  /** As open ones they would carry the connection that a SYN begins. */
  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldRestoreClosingFlowsAsClosing(String server) {
    offer(server);
    toServer(server, FIN);
    assertThat(takeOver(Site.exact()).restored()).isEqualTo(1);
    assertThat(dump()).contains(" state=closing ").contains(" tcp 10.000 ");
    assertThat(toServer(server, ACK)).isEqualTo(Reason.NONE);
    assertThat(toClient(server, ACK)).isEqualTo(Reason.NONE);
    assertThat(toClient(server, SYN)).isEqualTo(Reason.TCP_STATE);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.STALE);
    // What waits to be taken out is not written.
    assertThat(takeOver(Site.exact()).restored()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldRestoreOpenFlowsAsOpen(String server) {
    offer(server);
    assertThat(takeOver(Site.exact()).restored()).isEqualTo(1);
    assertThat(dump()).contains(" state=valid ");
    assertThat(toClient(server, SYN)).isEqualTo(Reason.TCP_STATE);
    assertThat(toServer(server, ACK)).isEqualTo(Reason.NONE);
    // Closing, restored as such, and offered again.
    toClient(server, FIN);
    takeOver(Site.exact());
    offer(server);
    assertThat(dump()).contains(" state=valid ");
  }

  /** Six seconds are left of ten, in a table that has no other flow to wait for. */
  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldExpireRestoredClosingFlowsInTime(String server) {
    offer(server);
    site.table().tick(0);
    toServer(server, FIN);
    site.table().tick(seconds(4));
    takeOver(Site.exact());
    assertThat(site.table().tick(seconds(6) - 1_000_000)).isZero();
    assertThat(site.table().tick(seconds(6))).isEqualTo(1);
  }

  /** The table that takes over has its own idea of how long a closing flow may wait. */
  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.2", "2001:db8:2::2"})
  void shouldNotRestoreClosingFlowsThatWouldHaveExpired(String server) {
    offer(server);
    site.table().tick(0);
    toServer(server, FIN);
    site.table().tick(seconds(4));
    Timeouts shorter =
        new Timeouts(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(3));
    RestoreReport report = takeOver(Site.of(Site.config().withTimeouts(shorter)));
    assertThat(report.restored()).isZero();
    assertThat(report.refusals().map(RestoreReport.Refusal::error))
        .containsExactly(new OffloadError.Expired(4000, 3000));
  }

  private String dump() {
    return site.table().dump().map(FlowText::line).collect(Collectors.joining());
  }

  private static long seconds(int count) {
    return count * 1_000_000_000L;
  }
}
