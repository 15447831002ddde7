package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.ToyProvider.TOY_PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.PassingProvider;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyProvider;
import io.culvert.flowtable.worker.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;

/**
 * No bytes make the worker throw or a provider lose its slot, and none change anything unless they
 * are forwarded: the rig compares the whole memory after every frame.
 */
class HostileFramesProperties {
  private static final Site[] SITES = {site(MatchMode.EXACT), site(MatchMode.HASH16)};
  private static final byte[][] GOOD = {
    Site.fromHost(Site.packet("10.4.0.2")),
    Site.fromHost(Site.packet("10.2.0.2")),
    Site.fromHost(Site.packet("2001:db8:2::2")),
    Site.fromHost(Site.packet("10.6.0.2")),
    Site.fromHost(Packets.inToy("10.1.0.2", "10.4.0.2", 7, Site.answer("10.2.0.2"))),
    Site.fromGateway(Site.fromPeer(Site.answer("10.2.0.2"))),
    Site.fromGateway(Site.fromPeer(Site.answer("2001:db8:2::2"))),
    Site.fromGateway(
        Site.fromPeer(Packets.inToy("172.16.0.2", "172.16.0.1", 8, Site.answer("10.6.0.2")))),
    Site.fromGateway(Packets.inBare("192.0.2.8", "192.0.2.1", Site.answer("10.3.0.2"))),
  };
  private static final int FROM_HOST = 5;
  private static final Rig[] RIGS = new Rig[SITES.length];
  private static final Set<Reason> SEEN = EnumSet.noneOf(Reason.class);

  static {
    for (int site = 0; site < SITES.length; site++) {
      RIGS[site] = new Rig(SITES[site].table(), 2048);
      for (String there :
          new String[] {"10.4.0.2", "10.2.0.2", "10.3.0.2", "10.6.0.2", "2001:db8:2::2"}) {
        SITES[site].accept(there);
      }
      FlowTuple transit = new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), TOY_PROTOCOL, 0, 0);
      SITES[site].accept(new FlowOffer(transit, LAN, Duration.ZERO));
    }
  }

  private static Site site(MatchMode mode) {
    return Site.of(mode, PassingProvider.toy(), ToyProvider.bare());
  }

  private static Reason send(int port, int headroom, byte... frame) {
    Reason reason = Reason.NONE;
    for (int site = 0; site < SITES.length; site++) {
      reason = RIGS[site].send(port, headroom, frame).reason();
      assertThat(SITES[site].table().blownFuses()).isEmpty();
      SEEN.add(reason);
    }
    return reason;
  }

  @Property(tries = 5000)
  void shouldSurviveAnyBytes(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 3) int port) {
    assertThat(send(port, 60, bytes)).isNotEqualTo(Reason.NONE);
  }

  @Property(tries = 3000)
  void shouldSurviveAnyBytesBehindAGoodEthernetHeader(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll boolean six) {
    byte[] frame = Packets.frame(0x0200_0000_0002L, 9, six ? 0x86dd : 0x0800, bytes);
    assertThat(send(WAN, 60, frame)).isNotEqualTo(Reason.NONE);
  }

  /** Good frames with a few bytes changed, cut or padded: they get past the first checks. */
  @Property(tries = 10_000)
  void shouldSurviveGoodFramesMadeWorse(
      @ForAll @IntRange(max = 8) int which,
      @ForAll("changes") int[] changes,
      @ForAll @IntRange(min = -8, max = 8) int longer,
      @ForAll @IntRange(max = 70) int headroom,
      @ForAll boolean seal) {
    byte[] frame = GOOD[which].clone();
    for (int change : changes) {
      frame[14 + (change >>> 8) % (frame.length - 14)] = (byte) change;
    }
    if (seal) {
      sealAll(frame, 14);
    }
    frame = Arrays.copyOf(frame, Math.max(0, frame.length + Math.min(longer, 0)));
    Reason reason = send(which < FROM_HOST ? LAN : WAN, headroom, frame);
    Statistics.collect(reason == Reason.NONE);
  }

  @Provide
  Arbitrary<int[]> changes() {
    return Arbitraries.integers().between(0, 0xffffff).array(int[].class).ofMaxSize(4);
  }

  /** Makes the checksums of nested IPv4 headers right where there are any. */
  private static void sealAll(byte[] frame, int at) {
    if (at + 20 > frame.length || frame[at] != 0x45) {
      return;
    }
    byte[] packet = Packets.seal4(Arrays.copyOfRange(frame, at, frame.length));
    System.arraycopy(packet, 0, frame, at, packet.length);
    int protocol = frame[at + 9] & 0xff;
    sealAll(frame, protocol == 253 ? at + 28 : protocol == 254 ? at + 20 : frame.length);
  }

  /** A burst of anything: each frame gets the reason that it gets alone. */
  @Property(tries = 200)
  void shouldTreatFramesAloneAndInABurstAlike(@ForAll long seed) {
    Random random = new Random(seed);
    java.util.List<Rig.Shot> shots = new java.util.ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int which = random.nextInt(GOOD.length);
      byte[] frame = GOOD[which].clone();
      if (random.nextBoolean()) {
        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
      }
      shots.add(new Rig.Shot(which < FROM_HOST ? LAN : WAN, 56, frame));
    }
    java.util.List<Rig.Outcome> together = RIGS[0].send(shots);
    for (int i = 0; i < shots.size(); i++) {
      Rig.Outcome alone = RIGS[0].send(java.util.List.of(shots.get(i))).getFirst();
      assertThat(together.get(i).reason()).isEqualTo(alone.reason());
      assertThat(together.get(i).frame()).isEqualTo(alone.frame());
    }
  }

  /** The generators reached what they are for. */
  @AfterContainer
  static void shouldHaveSeenMostReasons() {
    assertThat(SEEN)
        .contains(
            Reason.NONE,
            Reason.TRUNCATED,
            Reason.BAD_HEADER_CHECKSUM,
            Reason.FRAGMENT,
            Reason.MISS,
            Reason.ENCAP_UNSUPPORTED,
            Reason.ENCAP_MALFORMED,
            Reason.HEADROOM);
  }
}
