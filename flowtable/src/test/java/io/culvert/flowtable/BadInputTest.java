package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.snapshot.Snapshot;
import io.culvert.flowtable.worker.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What makes no sense is refused by an exception if it is a mistake in the program, by a value if
 * it came from outside; either says what was expected, and the flow that is there is not harmed.
 */
class BadInputTest {
  private final Site site = Site.exact();
  private final FlowTable table = site.table();

  @BeforeEach
  void accept() {
    site.accept("10.2.0.2");
    send();
  }

  private void send() {
    assertThat(site.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason()).isEqualTo(Reason.NONE);
  }

  /** Nothing is lost. */
  @AfterEach
  void shouldStillHaveTheFlowWithItsCounters() {
    send();
    assertThat(table.size()).isEqualTo(1);
    Flow flow = table.flow(tuple("10.2.0.2"), LAN).get();
    assertThat(table.counters(flow).originalPackets()).isEqualTo(2);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        size(config -> config.withFlows(0, 1), "flows=0, expected 1..268435456"),
        size(config -> config.withFlows(1, -1), "flows=-1, expected 1..268435456"),
        size(config -> config.withFlows((1 << 28) + 1, 1), "expected 1..268435456"),
        size(config -> config.withFlows(Integer.MIN_VALUE, 1), "expected 1..268435456"),
        size(config -> config.withTemplates(0), "slots=0, expected 1..1048576"),
        size(config -> config.withTemplates((1 << 20) + 1), "expected 1..1048576"),
        size(config -> config.withWorkers(0), "workers=0, expected 1..64"),
        size(config -> config.withWorkers(65), "workers=65, expected 1..64"),
        size(
            config -> config.withMemory(TableMemory.growing(0, 1)),
            "firstIpv4Flows=0 firstIpv6Flows=1, expected 1 or more"),
        size(
            config -> config.withWhenFull(WhenFull.evict(Duration.ZERO)),
            "leastIdle=PT0S, expected 1 ms to 24 days"),
        size(
            config -> config.withTimeouts(new Timeouts(Duration.ZERO, Duration.ofDays(1))),
            "tcp=PT0S, expected 1 ms to 24 days"),
        size(
            config -> config.withTimeouts(new Timeouts(Duration.ofDays(1), Duration.ofDays(25))),
            "udp=PT600H, expected 1 ms to 24 days"));
  }

  private static Arguments size(UnaryOperator<FlowTableConfig> change, String expected) {
    return Arguments.of(change, expected);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void shouldRefuseSizesAndTimesOfATableThatMakeNoSense(
      UnaryOperator<FlowTableConfig> change, String expected) {
    assertThatThrownBy(() -> Site.of(change.apply(Site.config())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  static Stream<Arguments> offers() {
    return Stream.of(
        offer(() -> new FlowOffer(tuple("10.2.0.2"), LAN, Duration.ofNanos(-1)), "idleTimeout="),
        offer(() -> new FlowOffer(tuple("10.2.0.2"), LAN, Duration.ofDays(25)), "idleTimeout="),
        offer(
            () -> new FlowOffer(tuple("10.2.0.2"), LAN, Duration.ofSeconds(Long.MAX_VALUE)),
            "idleTimeout="),
        offer(
            () -> new FlowOffer(new FlowTuple(ip("10.1.0.2"), ip("10.2.0.2"), 17, 65536, 1), LAN),
            "ports=65536,1"));
  }

  private static Arguments offer(Supplier<FlowOffer> offer, String expected) {
    return Arguments.of(offer, expected);
  }

  @ParameterizedTest
  @MethodSource("offers")
  void shouldRefuseAbsurdOffers(Supplier<FlowOffer> offer, String expected) {
    assertThatThrownBy(() -> table.offer(offer.get()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void shouldTakeTheSameFlowTwiceAsOne() {
    site.accept("10.2.0.2");
    site.accept(new FlowOffer(tuple("10.2.0.2").reversed(), TOY));
    site.accept("10.2.0.2");
  }

  /** One of its two directions is another flow's, or cannot be. */
  @Test
  void shouldNotTakeHalfAFlow() {
    FlowTuple other = new FlowTuple(ip("10.1.0.3"), ip("10.2.0.2"), 17, 1000, 2000);
    FlowTuple taken = tuple("10.2.0.2").reversed();
    site.network().neighbour(LAN, "10.1.0.3", Site.HOST_MAC);
    assertThat(table.offer(new FlowOffer(other, taken, LAN, Duration.ZERO)).getLeft())
        .isEqualTo(new OffloadError.KeyTaken(taken));
    assertThat(table.flow(other, LAN)).isEmpty();
    FlowTuple six = new FlowTuple(ip("2001:db8:2::2"), ip("2001:db8:1::2"), 17, 2000, 1000);
    assertThat(table.offer(new FlowOffer(other, six, LAN, Duration.ZERO)).getLeft())
        .isInstanceOf(OffloadError.Untranslatable.class);
    assertThat(table.offer(new FlowOffer(other, 4711)).isLeft()).isTrue();
    // What was refused left nothing behind: the same ends can be a flow of their own.
    site.accept(new FlowOffer(other, LAN));
    assertThat(table.remove(other, LAN)).isTrue();
  }

  @Test
  void shouldSayThatThereIsNothingToRemoveTheSecondTime() {
    site.accept("10.4.0.2");
    assertThat(table.remove(tuple("10.4.0.2"), LAN)).isTrue();
    assertThat(table.remove(tuple("10.4.0.2"), LAN)).isFalse();
    assertThat(table.remove(tuple("10.4.0.2").reversed(), LAN)).isFalse();
    site.accept("10.3.0.2");
    assertThat(table.teardown(Site.BARE)).isEqualTo(1);
    assertThat(table.teardown(Site.BARE)).isZero();
    assertThat(table.teardown(-1)).isZero();
    assertThat(table.invalidate(Integer.MIN_VALUE)).isZero();
  }

  @Test
  void shouldRefuseACorruptSnapshotWholly() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Snapshot.write(table, out);
    byte[] bytes = out.toByteArray();
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 0x10;
    for (byte[] bad :
        new byte[][] {{}, Arrays.copyOf(bytes, bytes.length - 1), flipped, new byte[4096]}) {
      var refused = Snapshot.read(new ByteArrayInputStream(bad));
      assertThat(refused.isLeft()).isTrue();
      assertThat(refused.getLeft().message()).isNotBlank();
    }
  }

  @Test
  void shouldNotMindATimeThatGoesBackOrJumps() {
    table.tick(Long.MAX_VALUE / 2);
    table.tick(0);
    table.tick(Long.MIN_VALUE);
    table.tick(Long.MAX_VALUE / 2);
  }
}
