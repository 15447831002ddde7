package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.with;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with an IPv6 packet, plain and inside a tunnel. */
class Ipv6ReasonsTest {
  private static final byte[] PACKET = packet("2001:db8:4::2");
  private static final byte[] ANSWER = answer("2001:db8:2::2");

  private final Site site = Site.exact();

  @BeforeEach
  void offerFlows() {
    site.accept("2001:db8:4::2");
    site.accept("2001:db8:2::2");
    assertRefused(Reason.NONE, PACKET, ANSWER);
  }

  private void assertRefused(Reason expected, byte[] packet, byte[] inner) {
    byte[] frame = Packets.frame(0x0200_0000_0001L, 1, 0x86dd, packet);
    assertThat(site.rig().send(LAN, frame).reason()).isEqualTo(expected);
    byte[] shim = with(with(Packets.toy(7, inner), 2, 0x86), 3, 0xdd);
    byte[] outer = Packets.ipv4("192.0.2.9", "192.0.2.1", 253, shim);
    assertThat(site.rig().send(WAN, fromGateway(outer)).reason()).isEqualTo(expected);
  }

  @Test
  void shouldRefuseEveryPrefixOfAFrame() {
    byte[] frame = fromHost(PACKET);
    for (int length = 0; length < frame.length; length++) {
      assertThat(site.rig().send(LAN, Arrays.copyOf(frame, length)).reason())
          .isEqualTo(length < 54 ? Reason.TRUNCATED : Reason.BAD_TOTAL_LENGTH);
    }
  }

  @Test
  void shouldRefuseOtherVersions() {
    for (int version = 0; version < 16; version++) {
      if (version != 6) {
        assertRefused(
            Reason.BAD_VERSION, with(PACKET, 0, version << 4), with(ANSWER, 0, version << 4));
      }
    }
  }

  @Test
  void shouldRefuseAPayloadLengthBeyondTheFrame() {
    for (int length : new int[] {PACKET.length - 40 + 1, 0x7fff, 0xffd7, 0xffd8, 0xffff}) {
      assertRefused(
          Reason.BAD_TOTAL_LENGTH,
          with(with(PACKET, 4, length >>> 8), 5, length),
          with(with(ANSWER, 4, length >>> 8), 5, length));
    }
  }

  /** No jumbogram: a payload length of 0 leaves no room for a transport header. */
  @Test
  void shouldRefuseATransportHeaderCutShort() {
    for (int length = 0; length < 8; length++) {
      assertRefused(
          Reason.TRUNCATED,
          with(with(PACKET, 4, 0), 5, length),
          with(with(ANSWER, 4, 0), 5, length));
    }
    byte[] tcp = Packets.tcp(1000, 2000, 0x10);
    for (int length = 0; length < 20; length++) {
      byte[] segment = Arrays.copyOf(tcp, length);
      byte[] packet = Packets.ipv6("2001:db8:1::2", "2001:db8:4::2", 6, segment);
      assertRefused(Reason.TRUNCATED, packet, packet);
    }
  }

  @Test
  void shouldRefuseAHopLimitThatEndsHere() {
    for (int hopLimit = 0; hopLimit < 4; hopLimit++) {
      assertRefused(
          hopLimit < 2 ? Reason.TTL : Reason.NONE,
          with(PACKET, 7, hopLimit),
          with(ANSWER, 7, hopLimit));
    }
  }

  @Test
  void shouldNameExtensionHeadersFragmentsAndOtherProtocols() {
    for (int next = 0; next < 256; next++) {
      Reason expected =
          switch (next) {
            case 6 -> Reason.TRUNCATED; // 18 bytes are no TCP header
            case 17 -> Reason.NONE;
            case 44 -> Reason.FRAGMENT;
            case 0, 43, 51, 60 -> Reason.IP_OPTIONS;
            default -> Reason.PROTOCOL;
          };
      assertRefused(expected, with(PACKET, 6, next), with(ANSWER, 6, next));
    }
  }

  @Test
  void shouldRefuseEverySynFinAndRst() {
    for (int flags = 0; flags < 256; flags++) {
      byte[] tcp = Packets.tcp(1000, 2000, flags);
      byte[] packet = Packets.ipv6("2001:db8:1::2", "2001:db8:4::2", 6, tcp);
      assertRefused((flags & 7) == 0 ? Reason.MISS : Reason.TCP_STATE, packet, packet);
    }
  }

  @Test
  void shouldCompareEveryBitOfTheAddresses() {
    for (int bit = 64; bit < 320; bit++) {
      byte[] packet = with(PACKET, bit / 8, PACKET[bit / 8] ^ 0x80 >>> bit % 8);
      byte[] inner = with(ANSWER, bit / 8, ANSWER[bit / 8] ^ 0x80 >>> bit % 8);
      assertRefused(Reason.MISS, packet, inner);
    }
  }

  /** Flow label and traffic class are not part of the key. */
  @Test
  void shouldForwardWhateverTheFlowLabel() {
    for (int at = 1; at < 4; at++) {
      assertRefused(Reason.NONE, with(PACKET, at, 0x0f), with(ANSWER, at, 0x0f));
    }
  }
}
