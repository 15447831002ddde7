package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.with;
import static io.culvert.flowtable.fixture.Packets.with4;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.FakeNetwork;
import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.path.Route;
import io.vavr.control.Option;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MTU and headroom to the byte, the order of the checks, and frames at the edges of the memory. */
class LimitsTest {

  private static byte[] packetOf(String there, int length) {
    byte[] udp = Packets.udp(1000, 2000, Packets.payload(length - (there.contains(":") ? 48 : 28)));
    return there.contains(":")
        ? Packets.ipv6("2001:db8:1::2", there, 17, udp)
        : Packets.ipv4("10.1.0.2", there, 17, udp);
  }

  /** The least of the devices' MTUs after what the layers below add. */
  @ParameterizedTest
  @CsvSource({
    "10.4.0.2, 1500",
    "2001:db8:4::2, 1500",
    "10.2.0.2, 1472",
    "2001:db8:2::2, 1472",
    "10.3.0.2, 1480",
    "10.6.0.2, 1444"
  })
  void shouldForwardUpToTheMtuAndNotOneByteMore(String there, int mtu) {
    Site site = Site.exact();
    Flow flow = site.accept(there);
    assertThat(flow.original().mtu()).isEqualTo(mtu);
    assertThat(site.rig().send(LAN, fromHost(packetOf(there, mtu))).reason())
        .isEqualTo(Reason.NONE);
    assertThat(site.rig().send(LAN, fromHost(packetOf(there, mtu + 1))).reason())
        .isEqualTo(Reason.MTU);
  }

  /** The MTU counts the packet, not what is behind it in the frame. */
  @Test
  void shouldNotCountPaddingAgainstTheMtu() {
    Site site = Site.exact();
    site.accept("10.4.0.2");
    byte[] frame = fromHost(packetOf("10.4.0.2", 1500));
    assertThat(site.rig().send(LAN, Arrays.copyOf(frame, 3000)).reason()).isEqualTo(Reason.NONE);
  }

  @Test
  void shouldTakeTheLeastMtuOfDevicesAndRoutesOnTheWay() {
    Site site = Site.exact();
    site.network().route("10.4.0.0/16", new Route(WAN, gateway(), Option.some(1000)));
    assertThat(site.accept("10.4.0.2").original().mtu()).isEqualTo(1000);
    site.network().route("192.0.2.9/32", new Route(WAN, Option.none(), Option.some(1028)));
    assertThat(site.accept("10.2.0.2").original().mtu()).isEqualTo(1000);
    site.network().port(WAN, "eth1", 900);
    assertThat(site.accept("10.2.0.3").original().mtu()).isEqualTo(872);
    assertThat(site.accept("10.2.0.3").reply().mtu()).isEqualTo(1500);
  }

  private static Option<io.culvert.wire.IpAddress> gateway() {
    return Option.some(FakeNetwork.ip("192.0.2.2"));
  }

  /** The longest IP packet there is, whatever a device claims to carry. */
  @Test
  void regression_shouldNotPushAPacketBeyondTheTotalLengthField() {
    Site site = Site.exact();
    site.network().port(WAN, "eth1", 100_000).port(LAN, "eth0", 100_000);
    site.network().tunnel(Site.BARE, "bare0", 100_000, "bare", "192.0.2.1", "192.0.2.8");
    site.accept("10.3.0.2");
    Rig rig = new Rig(site.table(), 1 << 17);
    assertThat(rig.send(LAN, fromHost(packetOf("10.3.0.2", 65515))).reason())
        .isEqualTo(Reason.NONE);
    assertThat(rig.send(LAN, fromHost(packetOf("10.3.0.2", 65516))).reason()).isEqualTo(Reason.MTU);
  }

  @ParameterizedTest
  @CsvSource({"10.4.0.2, 0", "10.2.0.2, 28", "2001:db8:2::2, 28", "10.3.0.2, 20", "10.6.0.2, 56"})
  void shouldPushIntoExactlyTheHeadroomNeededAndNotIntoOneByteLess(String there, int needed) {
    Site site = Site.exact();
    site.accept(there);
    byte[] frame = fromHost(packet(there));
    assertThat(site.rig().send(LAN, needed, frame).reason()).isEqualTo(Reason.NONE);
    if (needed > 0) {
      assertThat(site.rig().send(LAN, needed - 1, frame).reason()).isEqualTo(Reason.HEADROOM);
      assertThat(site.rig().send(LAN, 0, frame).reason()).isEqualTo(Reason.HEADROOM);
    }
  }

  @Test
  void shouldPopWithoutAnyHeadroom() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    byte[] frame = fromGateway(fromPeer(answer("10.2.0.2")));
    assertThat(site.rig().send(WAN, 0, frame).reason()).isEqualTo(Reason.NONE);
  }

  /**
   * A pool that is nothing but the frame and its headroom: nothing is read or written beside it.
   */
  @Test
  void shouldForwardAFrameThatFillsTheWholePool() {
    for (String there : new String[] {"10.4.0.2", "2001:db8:4::2", "10.2.0.2", "10.6.0.2"}) {
      Site site = Site.exact();
      Flow flow = site.accept(there);
      byte[] frame = fromHost(packet(there));
      int headroom = flow.original().headerLength() - 14;
      Rig tight = new Rig(site.table(), headroom + frame.length);
      assertThat(tight.send(LAN, headroom, frame).reason()).isEqualTo(Reason.NONE);
    }
    Site site = Site.exact();
    site.accept("10.2.0.2");
    byte[] frame = fromGateway(fromPeer(answer("10.2.0.2")));
    assertThat(new Rig(site.table(), frame.length).send(WAN, 0, frame).reason())
        .isEqualTo(Reason.NONE);
  }

  @Test
  void shouldJudgeFramesInPoolsTooSmallForAnyHeader() {
    byte[] frame = fromHost(packet("10.4.0.2"));
    for (int length = 1; length < frame.length; length++) {
      Site site = Site.exact();
      site.accept("10.4.0.2");
      Rig tight = new Rig(site.table(), length);
      assertThat(tight.send(LAN, 0, Arrays.copyOf(frame, length)).reason())
          .isEqualTo(length < 34 ? Reason.TRUNCATED : Reason.BAD_TOTAL_LENGTH);
      assertThat(site.table().blownFuses()).isEmpty();
    }
  }

  /** With several things wrong the first of the fixed order is told. Each step repairs one. */
  @Test
  void shouldCheckInAFixedOrder() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    site.table().policyChanged();
    byte[] packet = packetOf("10.2.0.2", 1473);
    packet = with(with(packet, 8, 1), 9, 47); // TTL, PROTOCOL
    packet = with(packet, 6, 0x20); // FRAGMENT; the checksum is wrong by now
    packet = with(with(packet, 2, 0xff), 3, 0xff); // BAD_TOTAL_LENGTH
    packet = with(packet, 0, 0x65); // BAD_VERSION
    byte[] frame = Packets.frame(0x0200_0000_0001L, 1, 0x0801, packet);
    frame[0] ^= 1;
    assertThat(site.rig().send(3, 0, frame).reason()).isEqualTo(Reason.PORT);
    assertThat(site.rig().send(3, 0, Arrays.copyOf(frame, 13)).reason())
        .isEqualTo(Reason.TRUNCATED);
    assertThat(reason(site, frame)).isEqualTo(Reason.NOT_FOR_US);
    frame[0] ^= 1;
    assertThat(reason(site, frame)).isEqualTo(Reason.ETHERTYPE);
    frame[13] = 0;
    assertThat(reason(site, frame)).isEqualTo(Reason.BAD_VERSION);
    frame[14] = 0x45;
    assertThat(reason(site, frame)).isEqualTo(Reason.BAD_TOTAL_LENGTH);
    frame[16] = (byte) (1473 >>> 8);
    frame[17] = (byte) 1473;
    assertThat(reason(site, frame)).isEqualTo(Reason.BAD_HEADER_CHECKSUM);
    packet = Packets.seal4(Arrays.copyOfRange(frame, 14, frame.length));
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.FRAGMENT);
    packet = with4(packet, 6, 0x40);
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.TTL);
    packet = with4(packet, 8, 64);
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.PROTOCOL);
    packet = with4(packet, 9, 17);
    packet[20] ^= 1;
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.MISS);
    packet[20] ^= 1;
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.STALE);
    site.accept("10.2.0.2");
    assertThat(reason(site, fromHost(packet))).isEqualTo(Reason.MTU);
    assertThat(reason(site, fromHost(packetOf("10.2.0.2", 1472)))).isEqualTo(Reason.HEADROOM);
  }

  private static Reason reason(Site site, byte[] frame) {
    return site.rig().send(LAN, 0, frame).reason();
  }
}
