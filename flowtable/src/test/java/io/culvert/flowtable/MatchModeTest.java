package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Packets.inToy;
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
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tunnel packets a flow takes for its own. */
class MatchModeTest {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final byte[] ANSWER = answer("10.2.0.2");
  private static final int BURST = 256;

  private static Reason reason(Site site, byte[] packet) {
    return site.rig().send(WAN, fromGateway(packet)).reason();
  }

  /** Every bit of the outer addresses and of the key, one at a time, and the depth. */
  @ParameterizedTest
  @EnumSource(
      value = MatchMode.class,
      names = {"EXACT", "HASH64", "HASH32"})
  void shouldMissWhateverBitOfTheTunnelsIdentityDiffers(MatchMode match) {
    Site site = Site.of(match);
    site.accept("10.2.0.2");
    byte[] good = fromPeer(ANSWER);
    assertThat(reason(site, good)).isEqualTo(Reason.NONE);
    for (int bit = 0; bit < 32; bit++) {
      byte[] source = good.clone();
      source[12 + bit / 8] ^= (byte) (0x80 >>> bit % 8);
      assertThat(reason(site, Packets.seal4(source))).isEqualTo(Reason.MISS);
      byte[] destination = good.clone();
      destination[16 + bit / 8] ^= (byte) (0x80 >>> bit % 8);
      // Not one of our ends: a transit packet, and its key is formed outside.
      assertThat(reason(site, Packets.seal4(destination))).isEqualTo(Reason.PROTOCOL);
    }
    for (int bit = 0; bit < 16; bit++) {
      int key = 7 ^ 1 << bit;
      assertThat(reason(site, inToy("192.0.2.9", "192.0.2.1", key, ANSWER))).isEqualTo(Reason.MISS);
    }
    assertThat(reason(site, ANSWER)).isEqualTo(Reason.MISS);
    assertThat(reason(site, fromPeer(good))).isEqualTo(Reason.MISS);
    // The same packet by the other port, and from the LAN without tunnel.
    byte[] lan = Packets.frame(0x0200_0000_0001L, 9, good);
    assertThat(site.rig().send(LAN, lan).reason()).isEqualTo(Reason.MISS);
  }

  @Test
  void shouldTellEveryKeyApartInExactMode() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    for (int key = 0; key < 0xfffc; key += key < 512 ? 1 : 97) {
      assertThat(reason(site, inToy("192.0.2.9", "192.0.2.1", key, ANSWER)))
          .isEqualTo(key == 7 ? Reason.NONE : Reason.MISS);
    }
  }

  /** Two stacks that both have flows: each packet finds its own one's, in every mode. */
  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldKeepTheSameTupleInTwoTunnelsApart(MatchMode match) {
    Site site = Site.of(match);
    site.network()
        .tunnel(
            20, "toy2", 1472, FakeNetwork.settings("toy", "192.0.2.1", "192.0.2.9").with("key", 9))
        .route("10.5.0.0/16", 20);
    site.accept("10.2.0.2");
    site.accept("10.5.0.2");
    byte[] other = inToy("192.0.2.9", "192.0.2.1", 9, answer("10.5.0.2"));
    assertThat(reason(site, other)).isEqualTo(Reason.NONE);
    assertThat(reason(site, fromPeer(ANSWER))).isEqualTo(Reason.NONE);
    assertThat(reason(site, fromPeer(answer("10.5.0.2")))).isEqualTo(Reason.MISS);
    assertThat(reason(site, inToy("192.0.2.9", "192.0.2.1", 9, ANSWER))).isEqualTo(Reason.MISS);
  }

  /** The number of a stack that has gone is given to another one: nothing may remember it. */
  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldForgetAStackWhoseNumberAnotherOneHasNow(MatchMode match) {
    Site site = Site.of(match);
    site.network()
        .tunnel(20, "bare1", 1480, "bare", "192.0.2.1", "192.0.2.9")
        .route("10.3.0.2/32", Site.BARE);
    byte[] first = Packets.inBare("192.0.2.8", "192.0.2.1", answer("10.3.0.2"));
    byte[] second = Packets.inBare("192.0.2.9", "192.0.2.1", answer("10.3.0.2"));
    site.accept("10.3.0.2");
    assertThat(reason(site, first)).isEqualTo(Reason.NONE);
    site.table().remove(Site.tuple("10.3.0.2"), LAN);
    site.network().route("10.3.0.2/32", 20);
    site.accept("10.3.0.2");
    assertThat(reason(site, second)).isEqualTo(Reason.NONE);
    assertThat(reason(site, first)).isEqualTo(Reason.MISS);
  }

  /** Our ends are an exact set in every mode: nobody else's packets are ever popped. */
  @ParameterizedTest
  @EnumSource(MatchMode.class)
  void shouldNeverPopATunnelThatEndsElsewhere(MatchMode match) {
    Site site = Site.of(match);
    site.accept("10.2.0.2");
    site.accept("10.3.0.2");
    for (int host = 0; host < 256; host++) {
      String end = "192.0.2." + host;
      assertThat(reason(site, inToy("192.0.2.9", end, 7, ANSWER)))
          .isEqualTo(host == 1 ? Reason.NONE : Reason.PROTOCOL);
    }
    site.table().remove(Site.tuple("10.2.0.2"), LAN);
    // The end of the other tunnel has the same address, but not the same carrier.
    assertThat(reason(site, fromPeer(ANSWER))).isEqualTo(Reason.PROTOCOL);
    byte[] bare = Packets.inBare("192.0.2.8", "192.0.2.1", answer("10.3.0.2"));
    assertThat(reason(site, bare)).isEqualTo(Reason.NONE);
  }

  /** Somebody else's tunnel packet is a packet: with a transport that it does not have. */
  @Test
  void shouldForwardAPlainFlowThatGoesThroughATunnelOfOurs() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    site.accept("10.4.0.2");
    assertThat(site.rig().send(LAN, fromHost(packet("10.4.0.2"))).reason()).isEqualTo(Reason.NONE);
    assertThat(site.rig().send(WAN, fromGateway(answer("10.4.0.2"))).reason())
        .isEqualTo(Reason.NONE);
  }

  /**
   * Random sources and keys against one flow: a digest of n bits lets one in 2^n through. With 2^20
   * stacks and 16 bits 16 are expected; fewer than 3 or more than 40 would be one in ten thousand.
   * All is seeded.
   */
  @ParameterizedTest
  @CsvSource({"HASH16, 3, 40", "HASH32, 0, 1", "HASH64, 0, 0", "EXACT, 0, 0"})
  void shouldTakeAForeignStackAsOftenAsTheDigestAllows(MatchMode match, int least, int most) {
    Site site = Site.of(match);
    site.accept("10.2.0.2");
    byte[] frame = fromGateway(fromPeer(ANSWER));
    MemorySegment pool = Arena.ofAuto().allocate((long) BURST * frame.length);
    Worker worker = site.table().newWorker(pool);
    FrameBurst burst = new FrameBurst(pool, BURST);
    long random = 1;
    for (int round = 0; round < (1 << 20) / BURST; round++) {
      burst.clear();
      for (int i = 0; i < BURST; i++) {
        long at = (long) i * frame.length;
        MemorySegment.copy(frame, 0, pool, ValueLayout.JAVA_BYTE, at, frame.length);
        random = random * 6364136223846793005L + 1442695040888963407L;
        replaceSource(pool, at + 14, (int) (random >>> 32));
        burst.add(at, at, frame.length, WAN, 0);
      }
      worker.process(burst);
    }
    assertThat(worker.count(Reason.NONE)).isBetween((long) least, (long) most);
    assertThat(worker.count(Reason.NONE) + worker.count(Reason.MISS)).isEqualTo(1 << 20);
  }

  /** Another outer source, and a checksum to match. */
  private static void replaceSource(MemorySegment pool, long ip, int source) {
    int old = pool.get(INT, ip + 12);
    pool.set(INT, ip + 12, source);
    long sum = ~pool.get(INT, ip + 8) & 0xffffL;
    sum += (~old >>> 16 & 0xffff) + (~old & 0xffff) + (source >>> 16) + (source & 0xffff);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    pool.set(INT, ip + 8, (pool.get(INT, ip + 8) & 0xffff_0000) | (int) (~sum & 0xffff));
  }

  @Test
  void shouldUseNoTunnelTableInTheHashModes() {
    for (MatchMode match : MatchMode.values()) {
      Site site = Site.of(match);
      site.accept("10.2.0.2");
      assertThat(site.table().memoryUse().stacks()).isEqualTo(match == MatchMode.EXACT ? 1 : 0);
      assertThat(site.table().match()).isEqualTo(match);
    }
  }
}
