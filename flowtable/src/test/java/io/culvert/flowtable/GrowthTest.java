package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that grows from a handful of flows to thousands, beside a plain map, under traffic. */
class GrowthTest {
  private static final int FIRST = 4;
  private static final int MOST = 4096;
  private static final int BURST = 100;

  private final SplittableRandom random = new SplittableRandom(11);
  private final Map<FlowTuple, Long> sent = new HashMap<>();
  private final List<FlowTuple> there = new ArrayList<>();
  private int offered;
  private int hits;
  private Site site;
  private Rig rig;

  @BeforeEach
  void grow() {
    site =
        Site.of(
            Site.config().withFlows(MOST, MOST).withMemory(TableMemory.growing(FIRST, 2 * FIRST)));
    rig = new Rig(site.table(), 1 << 16).withoutExplaining();
  }

  private static FlowTuple tuple(boolean six, int number) {
    return new FlowTuple(
        ip(six ? "2001:db8:1::2" : "10.1.0.2"),
        ip(six ? "2001:db8:2::2" : "10.2.0.2"),
        IpProtocol.UDP,
        1 + number,
        4000);
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).get();
  }

  private static Rig.Shot shot(FlowTuple tuple) {
    byte[] udp = Packets.udp(tuple.sourcePort(), tuple.destinationPort(), Packets.payload(4));
    String source = tuple.source().toString();
    String destination = tuple.destination().toString();
    byte[] packet =
        source.contains(":")
            ? Packets.ipv6(source, destination, IpProtocol.UDP, udp)
            : Packets.ipv4(source, destination, IpProtocol.UDP, udp);
    return new Rig.Shot(LAN, 64, Site.fromHost(packet));
  }

  private void offer(boolean six) {
    FlowTuple tuple = tuple(six, offered++);
    site.accept(new FlowOffer(tuple, LAN, Duration.ZERO));
    there.add(tuple);
    sent.put(tuple, 0L);
  }

  private void remove() {
    FlowTuple gone = there.get(random.nextInt(there.size()));
    there.remove(gone);
    sent.remove(gone);
    assertThat(site.table().remove(gone, LAN)).isTrue();
  }

  /** Some of those that are there, and as many that are not. */
  private void burst() {
    List<Rig.Shot> shots = new ArrayList<>();
    List<Reason> expected = new ArrayList<>();
    for (int frame = 0; frame < BURST; frame++) {
      FlowTuple tuple =
          random.nextBoolean()
              ? there.get(random.nextInt(there.size()))
              : tuple(random.nextBoolean(), random.nextInt(2 * MOST));
      boolean isThere = sent.computeIfPresent(tuple, (_, packets) -> packets + 1) != null;
      hits += isThere ? 1 : 0;
      expected.add(isThere ? Reason.NONE : Reason.MISS);
      shots.add(shot(tuple));
    }
    assertThat(rig.send(shots)).extracting(Rig.Outcome::reason).isEqualTo(expected);
  }

  private void compareCounters() {
    assertThat(site.table().size()).isEqualTo(sent.size());
    sent.forEach((tuple, packets) -> {
      Flow flow = site.table().flow(tuple, LAN).get();
      assertThat(site.table().counters(flow).originalPackets()).isEqualTo(packets);
    });
  }

  @Test
  void shouldFindEveryFlowAndNoOtherWhileItGrows() {
    TreeSet<Long> sizes = new TreeSet<>();
    while (there.size() < 3000) {
      offer(random.nextInt(3) == 0);
      if (random.nextInt(4) == 0) {
        remove();
      }
      if (offered % 7 == 0 && !there.isEmpty()) {
        burst();
      }
      sizes.add(site.table().memoryUse().nativeBytes());
    }
    assertThat(hits).isGreaterThan(20_000);
    compareCounters();
    // Each doubling of either family shows twice: while two indexes are filled, and then.
    assertThat(sizes).hasSizeGreaterThan(20);
    long whole = Site.of(Site.config().withFlows(MOST, MOST)).table().memoryUse().nativeBytes();
    assertThat(sizes.first()).isLessThan(whole / 20);
    assertThat(sizes.last()).isBetween(whole / 5, whole);
  }

  @Test
  void shouldRefuseWhenThereAreAsManyAsThereMayBe() {
    while (there.size() < MOST) {
      offer(false);
    }
    OffloadError full =
        site.table().offer(new FlowOffer(tuple(false, 9000), LAN, Duration.ZERO)).getLeft();
    assertThat(full).isEqualTo(new OffloadError.TableFull("flows", MOST));
    compareCounters();
    remove();
    offer(false);
    for (int turn = 0; turn < 100; turn++) {
      burst();
    }
    compareCounters();
  }

  /** Evicting is for a table that can grow no more. */
  @Test
  void shouldGrowBeforeItEvicts() {
    site =
        Site.of(
            Site.config()
                .withFlows(64, 1)
                .withWhenFull(WhenFull.evict(Duration.ofMillis(1)))
                .withMemory(TableMemory.growing(2, 1)));
    site.table().tick(0);
    for (int flow = 0; flow < 64; flow++) {
      site.table().tick(10_000_000L * flow);
      offer(false);
    }
    assertThat(site.table().size()).isEqualTo(64);
    site.table().tick(10_000_000_000L);
    offer(false);
    assertThat(site.table().size()).isLessThanOrEqualTo(64);
    assertThat(site.table().removals().get(FlowListener.Cause.EVICTED).get()).isPositive();
  }

  @Test
  void shouldTakeTheMostForTheFirstIfThatIsLess() {
    Site fixed =
        Site.of(Site.config().withFlows(8, 8).withMemory(TableMemory.growing(1 << 20, 1 << 20)));
    Site same = Site.of(Site.config().withFlows(8, 8));
    assertThat(fixed.table().memoryUse()).isEqualTo(same.table().memoryUse());
  }

  @Test
  void shouldForwardFromHugePages() {
    site =
        Site.of(Site.config().withFlows(MOST, 1).withMemory(TableMemory.whole().withHugePages()));
    rig = new Rig(site.table(), 1 << 16).withoutExplaining();
    for (int flow = 0; flow < 1000; flow++) {
      offer(false);
    }
    burst();
    compareCounters();
  }

  @Test
  void shouldRefuseNoRoomAtFirst() {
    assertThatThrownBy(() -> TableMemory.growing(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("firstIpv4Flows=0");
    assertThatThrownBy(() -> TableMemory.growing(1, -1)).hasMessageContaining("firstIpv6Flows=-1");
  }
}
