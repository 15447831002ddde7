package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.ipv4;
import static io.culvert.flowtable.fixture.Packets.toy;
import static io.culvert.flowtable.fixture.Packets.with;
import static io.culvert.flowtable.fixture.Packets.with4;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyEncap;
import io.culvert.flowtable.worker.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with a tunnel packet. */
class EncapReasonsTest {
  private static final byte[] ANSWER = answer("10.2.0.2");

  private final Site site = Site.exact();

  @BeforeEach
  void offerFlows() {
    site.accept("10.2.0.2");
    site.accept("10.3.0.2");
    site.accept("10.6.0.2");
    assertThat(reason(fromPeer(ANSWER))).isEqualTo(Reason.NONE);
  }

  private Outcome send(byte... packet) {
    return site.rig().send(WAN, fromGateway(packet));
  }

  private Reason reason(byte... packet) {
    return send(packet).reason();
  }

  private Reason reasonOfShim(byte... shim) {
    return reason(ipv4("192.0.2.9", "192.0.2.1", 253, shim));
  }

  /** A shim cut short by its carrier's own length, padding behind it or not. */
  @Test
  void shouldRefuseEveryShimCutShort() {
    byte[] shim = toy(7, ANSWER);
    for (int length = 0; length < 8; length++) {
      byte[] packet = ipv4("192.0.2.9", "192.0.2.1", 253, Arrays.copyOf(shim, length));
      assertThat(reason(packet)).isEqualTo(Reason.TRUNCATED);
      assertThat(reason(Arrays.copyOf(packet, 80))).isEqualTo(Reason.TRUNCATED);
    }
    assertThat(reason(ipv4("192.0.2.8", "192.0.2.1", 254))).isEqualTo(Reason.TRUNCATED);
  }

  /** A tunnel packet whose inner packet is cut short: the shim's length says so and is right. */
  @Test
  void shouldRefuseEveryInnerPacketCutShort() {
    for (int length = 0; length < ANSWER.length; length++) {
      byte[] shim = Arrays.copyOf(toy(7, ANSWER), 8 + length);
      shim[4] = 0;
      shim[5] = (byte) shim.length;
      assertThat(reasonOfShim(shim))
          .isEqualTo(length < 20 ? Reason.TRUNCATED : Reason.BAD_TOTAL_LENGTH);
    }
  }

  @Test
  void shouldLeaveToTheSlowPathWhatTheProviderDoesNotKnow() {
    byte[] shim = toy(7, ANSWER);
    for (int magic = 0; magic < 256; magic++) {
      assertThat(reasonOfShim(with(shim, 0, magic)))
          .isEqualTo(magic == ToyEncap.MAGIC ? Reason.NONE : Reason.ENCAP_UNSUPPORTED);
    }
    for (int reserved : new int[] {0x10, 0x20, 0x40, 0x80, 0xff}) {
      assertThat(reasonOfShim(with(shim, 1, reserved))).isEqualTo(Reason.ENCAP_UNSUPPORTED);
    }
  }

  /** Inner types that are not IP, by number and by namespace. */
  @Test
  void shouldLeaveToTheSlowPathAnInnerTypeThatIsNotIp() {
    for (int type : new int[] {0, 0x0801, 0x0806, 0x6558, 0x8100, 0xffff}) {
      byte[] shim = with(with(toy(7, ANSWER), 2, type >>> 8), 3, type);
      assertThat(reasonOfShim(shim)).isEqualTo(Reason.ENCAP_UNSUPPORTED);
    }
    assertThat(reasonOfShim(toy(ToyEncap.FOREIGN_KEY, ANSWER))).isEqualTo(Reason.ENCAP_UNSUPPORTED);
  }

  @Test
  void shouldRefuseAShimThatItsProviderCallsMalformed() {
    byte[] shim = toy(7, ANSWER);
    for (int length = 0; length < 256; length++) {
      if (length != shim.length) {
        assertThat(reasonOfShim(with(shim, 5, length))).isEqualTo(Reason.ENCAP_MALFORMED);
      }
    }
  }

  @Test
  void shouldRefuseAHitThatDoesNotFitAndKeepTheProvider() {
    assertThat(reasonOfShim(toy(ToyEncap.OVERLONG_KEY, ANSWER))).isEqualTo(Reason.PROVIDER_FAULT);
    assertThat(reason(fromPeer(ANSWER))).isEqualTo(Reason.NONE);
    assertThat(site.table().blownFuses()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldMissWhenAProviderAddsMoreWordsThanAKeyHolds(MatchMode match) {
    Site other = Site.of(match);
    other.accept("10.2.0.2");
    byte[] shim = toy(ToyEncap.WORDY_KEY, ANSWER);
    byte[] frame = fromGateway(ipv4("192.0.2.9", "192.0.2.1", 253, shim));
    assertThat(other.rig().send(WAN, frame).reason()).isEqualTo(Reason.MISS);
    assertThat(other.rig().send(WAN, fromGateway(fromPeer(ANSWER))).reason())
        .isEqualTo(Reason.NONE);
  }

  /** Eight layers are looked at, a ninth is not: CVE-2016-8666 of a peer. */
  @Test
  void shouldRefuseANinthLayer() {
    byte[] packet = ANSWER;
    for (int layers = 0; layers < 20; layers++) {
      Reason expected = layers == 1 ? Reason.NONE : layers <= 8 ? Reason.MISS : Reason.NESTING;
      assertThat(reason(packet)).as("%d layers", layers).isEqualTo(expected);
      packet = fromPeer(packet);
    }
  }

  /** RFC 6040 §4.2, figure 4: rows inner, columns outer; x is not to be forwarded. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0", "0, 1, 0", "0, 2, 0", "0, 3, x",
    "2, 0, 2", "2, 1, 1", "2, 2, 2", "2, 3, 3",
    "1, 0, 1", "1, 1, 1", "1, 2, 1", "1, 3, 3",
    "3, 0, 3", "3, 1, 3", "3, 2, 3", "3, 3, 3"
  })
  void shouldCombineEcnAsRfc6040(int inner, int outer, String result) {
    byte[] packet = with4(ANSWER, 1, 0xb8 | inner);
    Outcome outcome = send(with4(fromPeer(packet), 1, 0x48 | outer));
    if (result.equals("x")) {
      assertThat(outcome.reason()).isEqualTo(Reason.ECN);
    } else {
      byte[] expected = with4(Packets.forwarded(packet), 1, 0xb8 | Integer.parseInt(result));
      assertThat(outcome.reason()).isEqualTo(Reason.NONE);
      assertThat(outcome.frame()).isEqualTo(Site.toHost(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3, x", "2, 1, 1", "2, 3, 3", "1, 3, 3", "3, 0, 3", "0, 1, 0"})
  void shouldCombineEcnOfAnInnerIpv6Packet(int inner, int outer, String result) {
    site.accept("2001:db8:2::2");
    byte[] packet = answer("2001:db8:2::2");
    packet[0] = 0x6b;
    packet[1] = (byte) (0x81 | inner << 4);
    Outcome outcome = send(with4(fromPeer(packet), 1, outer));
    if (result.equals("x")) {
      assertThat(outcome.reason()).isEqualTo(Reason.ECN);
    } else {
      byte[] expected = Packets.forwarded(packet);
      expected[1] = (byte) (0x81 | Integer.parseInt(result) << 4);
      assertThat(outcome.frame()).isEqualTo(Site.toHost(expected));
    }
  }

  /** The middle header is the inner one of the outermost: marks travel inwards layer by layer. */
  @Test
  void shouldCombineEcnThroughTwoLayers() {
    byte[] inner = with4(answer("10.6.0.2"), 1, 2);
    byte[] middle = with4(Packets.inToy("172.16.0.2", "172.16.0.1", 8, inner), 1, 2);
    Outcome marked = send(with4(fromPeer(middle), 1, 3));
    assertThat(marked.frame()).isEqualTo(Site.toHost(with4(Packets.forwarded(inner), 1, 3)));
    byte[] blind = with4(middle, 1, 0);
    assertThat(reason(with4(fromPeer(blind), 1, 3))).isEqualTo(Reason.ECN);
  }
}
