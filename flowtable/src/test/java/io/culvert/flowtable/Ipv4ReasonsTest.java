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

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong with an Ethernet frame or an IPv4 packet, plain and as the inner and the outer
 * packet of a tunnel. The rig watches that nothing is written.
 */
class Ipv4ReasonsTest {
  private static final byte[] PACKET = packet("10.4.0.2");
  private static final byte[] ANSWER = answer("10.2.0.2");

  private final Site site = Site.exact();

  @BeforeEach
  void offerFlows() {
    site.accept("10.4.0.2");
    site.accept("10.2.0.2");
    assertThat(reason(fromHost(PACKET))).isEqualTo(Reason.NONE);
  }

  private Reason reason(byte... frame) {
    return site.rig().send(LAN, frame).reason();
  }

  /** The reason for a packet on its own, which must be that for the same inside a tunnel. */
  private void assertRefused(Reason expected, byte[] packet, byte[] inner) {
    assertThat(reason(fromHost(packet))).isEqualTo(expected);
    assertThat(site.rig().send(WAN, fromGateway(fromPeer(inner))).reason()).isEqualTo(expected);
  }

  @Test
  void shouldRefuseAPortThatIsNoneOfTheTables() {
    for (int port : new int[] {0, 3, Site.TOY, 65535, 65536, -1, Integer.MIN_VALUE}) {
      assertThat(site.rig().send(port, fromHost(PACKET)).reason()).isEqualTo(Reason.PORT);
    }
  }

  @Test
  void shouldRefuseASuperFrame() {
    Site large = Site.exact();
    io.culvert.flowtable.fixture.Rig rig =
        new io.culvert.flowtable.fixture.Rig(large.table(), 1 << 17);
    large.accept("10.4.0.2");
    byte[] frame = fromHost(PACKET);
    assertThat(rig.send(LAN, Arrays.copyOf(frame, 65535)).reason()).isEqualTo(Reason.NONE);
    assertThat(rig.send(LAN, Arrays.copyOf(frame, 65536)).reason()).isEqualTo(Reason.SUPER_FRAME);
    assertThat(rig.send(LAN, Arrays.copyOf(frame, 100_000)).reason()).isEqualTo(Reason.SUPER_FRAME);
  }

  /** Cut anywhere: never more than the headers that are there is read, nor taken for good. */
  @Test
  void shouldRefuseEveryPrefixOfAFrame() {
    byte[] frame = fromHost(PACKET);
    for (int length = 0; length < frame.length; length++) {
      assertThat(reason(Arrays.copyOf(frame, length)))
          .as("length %d", length)
          .isEqualTo(length < 34 ? Reason.TRUNCATED : Reason.BAD_TOTAL_LENGTH);
    }
  }

  /** A consistent packet that ends inside its transport header. */
  @Test
  void shouldRefuseATransportHeaderCutShort() {
    Site tcp = Site.exact();
    tcp.accept(
        new FlowOffer(
            new FlowTuple(
                Site.tuple("10.4.0.2").source(), Site.tuple("10.4.0.2").destination(), 6, 1, 2),
            LAN,
            Duration.ZERO));
    byte[] segment = Packets.tcp(1, 2, 0x10);
    for (int length = 0; length <= 20; length++) {
      byte[] packet = Packets.ipv4("10.1.0.2", "10.4.0.2", 6, Arrays.copyOf(segment, length));
      assertThat(tcp.rig().send(LAN, fromHost(packet)).reason())
          .isEqualTo(length < 20 ? Reason.TRUNCATED : Reason.NONE);
    }
    byte[] datagram = Packets.udp(1000, 2000);
    for (int length = 0; length <= 8; length++) {
      byte[] packet = Packets.ipv4("10.1.0.2", "10.4.0.2", 17, Arrays.copyOf(datagram, length));
      assertThat(reason(fromHost(packet))).isEqualTo(length < 8 ? Reason.TRUNCATED : Reason.NONE);
    }
  }

  @Test
  void shouldRefuseFramesThatAreNotForThePort() {
    byte[] frame = fromHost(PACKET);
    for (int bit = 0; bit < 48; bit++) {
      assertThat(reason(with(frame, bit / 8, frame[bit / 8] ^ 0x80 >>> bit % 8)))
          .isEqualTo(Reason.NOT_FOR_US);
    }
    byte[] broadcast = frame.clone();
    Arrays.fill(broadcast, 0, 6, (byte) 0xff);
    assertThat(reason(broadcast)).isEqualTo(Reason.NOT_FOR_US);
    assertThat(site.rig().send(WAN, frame).reason()).isEqualTo(Reason.NOT_FOR_US);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x05dc, 0x0806, 0x0801, 0x8100, 0x8864, 0x86dc, 0xffff})
  void shouldRefuseOtherEtherTypes(int type) {
    byte[] frame = with(with(fromHost(PACKET), 12, type >>> 8), 13, type);
    assertThat(reason(frame)).isEqualTo(Reason.ETHERTYPE);
  }

  @Test
  void shouldRefuseOtherVersions() {
    for (int version = 0; version < 16; version++) {
      if (version != 4) {
        assertRefusedAsIpv4(Reason.BAD_VERSION, version << 4 | 5);
      }
    }
  }

  @Test
  void shouldRefuseHeaderLengthsBelowTwentyBytesAndOptions() {
    for (int words = 0; words < 16; words++) {
      Reason expected =
          words < 5 ? Reason.BAD_HEADER_LENGTH : words > 5 ? Reason.IP_OPTIONS : Reason.NONE;
      assertRefusedAsIpv4(expected, 0x40 | words);
    }
  }

  /** With another first byte, but announced as IPv4 by EtherType and shim. */
  private void assertRefusedAsIpv4(Reason expected, int firstByte) {
    byte[] frame = Packets.frame(0x0200_0000_0001L, 1, 0x0800, with(PACKET, 0, firstByte));
    assertThat(reason(frame)).isEqualTo(expected);
    byte[] shim = with(with(Packets.toy(7, with(ANSWER, 0, firstByte)), 2, 0x08), 3, 0x00);
    byte[] outer = Packets.ipv4("192.0.2.9", "192.0.2.1", 253, shim);
    assertThat(site.rig().send(WAN, fromGateway(outer)).reason()).isEqualTo(expected);
  }

  /** Every single-bit error of the header, and every wrong value in the checksum itself. */
  @Test
  void shouldRefuseAWrongHeaderChecksum() {
    for (int bit = 64; bit < 160; bit++) {
      byte[] packet = with(PACKET, bit / 8, PACKET[bit / 8] ^ 0x80 >>> bit % 8);
      byte[] inner = with(ANSWER, bit / 8, ANSWER[bit / 8] ^ 0x80 >>> bit % 8);
      assertRefused(Reason.BAD_HEADER_CHECKSUM, packet, inner);
    }
    byte[] outer = fromPeer(ANSWER);
    for (int bit = 64; bit < 96; bit++) {
      byte[] packet = with(outer, bit / 8, outer[bit / 8] ^ 0x80 >>> bit % 8);
      assertThat(site.rig().send(WAN, fromGateway(packet)).reason())
          .isEqualTo(Reason.BAD_HEADER_CHECKSUM);
    }
  }

  @Test
  void shouldRefuseATotalLengthBelowAHeaderOrBeyondTheFrame() {
    for (int total : new int[] {0, 19, PACKET.length + 1, 0x7fff, 0xffff}) {
      assertRefused(
          Reason.BAD_TOTAL_LENGTH,
          with4(with(PACKET, 2, total >>> 8), 3, total),
          with4(with(ANSWER, 2, total >>> 8), 3, total));
    }
  }

  @Test
  void shouldRefuseEveryFragment() {
    for (int field : new int[] {0x2000, 0x0001, 0x1fff, 0x3fff, 0x6000, 0x4001}) {
      assertRefused(
          Reason.FRAGMENT,
          with4(with(PACKET, 6, field >>> 8), 7, field),
          with4(with(ANSWER, 6, field >>> 8), 7, field));
      byte[] outer = with4(with(fromPeer(ANSWER), 6, field >>> 8), 7, field);
      assertThat(site.rig().send(WAN, fromGateway(outer)).reason()).isEqualTo(Reason.FRAGMENT);
    }
  }

  @Test
  void shouldRefuseATtlThatEndsHereAndAnOuterOneThatHasEnded() {
    for (int ttl = 0; ttl < 4; ttl++) {
      Reason expected = ttl < 2 ? Reason.TTL : Reason.NONE;
      assertRefused(expected, with4(PACKET, 8, ttl), with4(ANSWER, 8, ttl));
      // An outer header ends here anyway: its TTL need not last any longer.
      byte[] outer = with4(fromPeer(ANSWER), 8, ttl);
      assertThat(site.rig().send(WAN, fromGateway(outer)).reason())
          .isEqualTo(ttl == 0 ? Reason.TTL : Reason.NONE);
    }
  }

  @Test
  void shouldRefuseProtocolsThatNoFlowHas() {
    for (int protocol = 0; protocol < 256; protocol++) {
      if (protocol != 6 && protocol != 17) {
        assertRefused(Reason.PROTOCOL, with4(PACKET, 9, protocol), with4(ANSWER, 9, protocol));
      }
    }
  }

  @Test
  void shouldRefuseEverySynFinAndRst() {
    for (int flags = 0; flags < 256; flags++) {
      byte[] packet = Packets.ipv4("10.1.0.2", "10.4.0.2", 6, Packets.tcp(1000, 2000, flags));
      byte[] inner = Packets.ipv4("10.2.0.2", "10.1.0.2", 6, Packets.tcp(2000, 1000, flags));
      assertRefused((flags & 7) == 0 ? Reason.MISS : Reason.TCP_STATE, packet, inner);
    }
  }
}
