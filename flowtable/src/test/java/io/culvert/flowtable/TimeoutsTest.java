package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.FakeNetwork.ip;
import static io.culvert.flowtable.fixture.Site.LAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a flow may be idle: by its protocol, unless its offer says so. */
class TimeoutsTest {
  private static final Timeouts OWN = new Timeouts(Duration.ofMinutes(5), Duration.ofMillis(1500));

  private static FlowTuple tuple(int protocol) {
    return new FlowTuple(ip("10.1.0.2"), ip("10.4.0.2"), protocol, 1, 2);
  }

  private static Duration timeout(Site site, FlowOffer offer) {
    return site.accept(offer).idleTimeout();
  }

  @Test
  void shouldBeThirtySecondsAsInLinux() {
    Site site = Site.exact();
    assertThat(timeout(site, new FlowOffer(tuple(6), LAN))).isEqualTo(Duration.ofSeconds(30));
    assertThat(timeout(site, new FlowOffer(tuple(17), LAN))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldFollowTheTableUnlessTheOfferSaysOtherwise() {
    Site site = Site.of(Site.config().withTimeouts(OWN));
    assertThat(timeout(site, new FlowOffer(tuple(6), LAN))).isEqualTo(Duration.ofMinutes(5));
    assertThat(timeout(site, new FlowOffer(tuple(17), LAN))).isEqualTo(Duration.ofMillis(1500));
    assertThat(OWN.of(47)).isEqualTo(OWN.udp());
    assertThat(timeout(site, new FlowOffer(tuple(17), LAN, Duration.ofHours(3))))
        .isEqualTo(Duration.ofHours(3));
    assertThat(timeout(site, new FlowOffer(tuple(17), LAN, Duration.ZERO))).isZero();
  }

  /** Rounded down it would expire early, or never. */
  @Test
  void shouldCountPartsOfAMillisecondAsAWholeOne() {
    Site site = Site.exact();
    assertThat(timeout(site, new FlowOffer(tuple(6), LAN, Duration.ofNanos(1))))
        .isEqualTo(Duration.ofMillis(1));
    assertThat(timeout(site, new FlowOffer(tuple(6), LAN, Duration.ofNanos(2_000_001))))
        .isEqualTo(Duration.ofMillis(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S", "PT576H0.001S", "PT9999999H"})
  void shouldRefuseWhatMakesNoSense(String timeout) {
    Duration bad = Duration.parse(timeout);
    assertThatThrownBy(() -> new Timeouts(bad, OWN.udp()))
        .hasMessage("timeouts: tcp=" + bad + ", expected 1 ms to 24 days");
    assertThatThrownBy(() -> new Timeouts(OWN.tcp(), bad)).hasMessageContaining("udp=" + bad);
    assertThatThrownBy(() -> WhenFull.evict(bad))
        .hasMessage("evict: leastIdle=" + bad + ", expected 1 ms to 24 days");
  }
}
