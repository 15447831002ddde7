package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.FakeNetwork.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.spi.EncapTuple.Addresses;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Tunnels that are not told their own address: the route to the other end tells it. */
class OpenEndTest {
  private static final Route ON_LINK = new Route(Site.WAN, Option.none(), Option.none());

  private final Site site = Site.exact();
  private final FakeNetwork network =
      site.network()
          .tunnel(Site.TOY, "toy0", 1472, settings("toy", "0.0.0.0", "192.0.2.9").with("key", 7))
          .local("192.0.2.3");

  private PathError noPath(String destination) {
    OffloadError error = site.table().offer(Site.offer(destination)).getLeft();
    assertThat(error).isInstanceOf(OffloadError.NoPath.class);
    return ((OffloadError.NoPath) error).error();
  }

  private static byte[] fromPeerTo(String own) {
    return Site.fromGateway(Packets.inToy("192.0.2.9", own, 7, Site.answer("10.2.0.2")));
  }

  @Test
  void shouldSendFromTheRoutesAddressAndTakeWhatComesToIt() {
    network.route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.3")));
    Flow flow = site.accept("10.2.0.2");
    Addresses sent = new Addresses(ip("192.0.2.3"), ip("192.0.2.9"));
    assertThat(flow.original().layers().head().transmit().addresses()).contains(sent);
    assertThat(flow.original().layers().head().receive().addresses()).contains(sent.reversed());

    Rig.Outcome pushed = site.rig().send(Site.LAN, Site.fromHost(Site.packet("10.2.0.2")));
    assertThat(pushed.reason()).isEqualTo(Reason.NONE);
    assertThat(java.util.Arrays.copyOfRange(pushed.frame(), 26, 34))
        .isEqualTo(new byte[] {(byte) 192, 0, 2, 3, (byte) 192, 0, 2, 9});
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason()).isEqualTo(Reason.NONE);
    // The kernel takes it at any of its addresses; that is the slow path's.
    Rig.Outcome other = site.rig().send(Site.WAN, fromPeerTo("192.0.2.1"));
    assertThat(other.reason()).isEqualTo(Reason.PROTOCOL);
    assertThat(other.frame()).isEqualTo(fromPeerTo("192.0.2.1"));
  }

  @Test
  void shouldRefuseAWayWhoseRouteHasNoSource() {
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoSource("toy0", ip("192.0.2.9")));
    network.route("192.0.2.0/24", ON_LINK.from(ip("2001:db8::1")));
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoSource("toy0", ip("192.0.2.9")));
    network.route("192.0.2.0/24", ON_LINK.from(ip("0.0.0.0")));
    assertThat(noPath("10.2.0.2").message())
        .isEqualTo("device toy0 has no local address, and the route to 192.0.2.9 no source");
    network.withoutRoute("192.0.2.0/24");
    assertThat(noPath("10.2.0.2")).isEqualTo(new PathError.NoRoute(ip("192.0.2.9"), "toy0"));
  }

  /** Nobody's packets would go somewhere, or everybody's come in (CVE-2020-10136). */
  @Test
  void shouldRefuseAnOpenOtherEnd() {
    network.tunnel(Site.TOY, "toy0", 1472, settings("toy", "192.0.2.1", "0.0.0.0").with("key", 7));
    assertThat(noPath("10.2.0.2"))
        .isEqualTo(new PathError.OutOfScope("toy0", "its other end is open"));
  }

  /** The own end of a tunnel in a tunnel comes from the route into the outer one. */
  @Test
  void shouldFillInTheEndOfATunnelInATunnel() {
    network
        .route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.1")))
        .tunnel(Site.NESTED, "toy1", 1444, settings("toy", "0.0.0.0", "172.16.0.2").with("key", 8))
        .route(
            "172.16.0.2/32",
            new Route(Site.TOY, Option.none(), Option.none()).from(ip("172.16.0.7")));
    Flow flow = site.accept("10.6.0.2");
    assertThat(flow.original().layers().map(l -> l.transmit().addresses().get().source()))
        .containsExactly(ip("192.0.2.1"), ip("172.16.0.7"));
  }

  /** A tunnel known before any flow: its packets are looked into, and no transit. */
  @Test
  void shouldKnowTheEndOfAnAddedTunnelByTheRouteThatThereIs() {
    assertThat(site.table().addTunnel(Site.TOY).getLeft())
        .isEqualTo(new PathError.NoSource("toy0", ip("192.0.2.9")));
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason())
        .isEqualTo(Reason.PROTOCOL);
    network.route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.3")));
    assertThat(site.table().addTunnel(Site.TOY).isRight()).isTrue();
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason()).isEqualTo(Reason.MISS);

    network.route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.1")));
    site.table().removeTunnel(Site.TOY);
    assertThat(site.table().addTunnel(Site.TOY).isRight()).isTrue();
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.1")).reason()).isEqualTo(Reason.MISS);
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason())
        .isEqualTo(Reason.PROTOCOL);
  }

  /** A route that prefers another address now, and was told of: the flow is offered again. */
  @Test
  void shouldFollowTheRouteWhenAFlowIsOfferedAgain() {
    network.route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.3")));
    site.accept("10.2.0.2");
    network.route("192.0.2.0/24", ON_LINK.from(ip("192.0.2.1")));
    site.table().invalidate(Site.TOY);
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason()).isEqualTo(Reason.STALE);
    site.accept("10.2.0.2");
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.1")).reason()).isEqualTo(Reason.NONE);
    assertThat(site.rig().send(Site.WAN, fromPeerTo("192.0.2.3")).reason())
        .isEqualTo(Reason.PROTOCOL);
  }
}
