package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.WAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.worker.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What {@code explain} says. That it agrees with the worker is held by every test with a rig. */
class ExplainTest {
  private final Site site = Site.exact();

  private Explanation explain(int port, int headroom, byte... frame) {
    return site.table().explain(MemorySegment.ofArray(frame), port, headroom);
  }

  @Test
  void shouldNameTheFlowAndTheWayOut() {
    site.accept("10.2.0.2");
    Explanation there = explain(LAN, 128, Site.fromHost(Site.packet("10.2.0.2")));
    assertThat(there.reason()).isEqualTo(Reason.NONE);
    assertThat(there.reply()).isFalse();
    assertThat(there.flow()).isNotEmpty();
    assertThat(there.detail()).startsWith("out of ").contains(" in ");
    Explanation back = explain(WAN, 128, Site.fromGateway(Site.fromPeer(Site.answer("10.2.0.2"))));
    assertThat(back.reply()).isTrue();
    assertThat(back.flow()).isEqualTo(there.flow());
    assertThat(back.headers().map(Explanation.Header::offset)).startsWith(0, 14, 34);
  }

  @Test
  void shouldSayWhatTheRefusingCheckWants() {
    site.accept("10.2.0.2");
    assertThat(explain(LAN, 0, Site.fromHost(Site.packet("10.2.0.2"))).detail())
        .isEqualTo("headers of 42 bytes, in front of the packet are 14");
    site.table().policyChanged();
    assertThat(explain(LAN, 128, Site.fromHost(Site.packet("10.2.0.2"))).detail())
        .isEqualTo("the flow is of generation 1, now is 2: offer it again");
  }

  @Test
  void shouldNameTheFlowThatComesInAnotherWay() {
    site.accept("10.2.0.2");
    // The reply, but not in the tunnel that it belongs into.
    Explanation bare = explain(WAN, 128, Site.fromGateway(Site.answer("10.2.0.2")));
    assertThat(bare.reason()).isEqualTo(Reason.MISS);
    assertThat(bare.detail()).contains("the flow of this tuple comes in by").contains("without");
    assertThat(explain(LAN, 128, Site.fromHost(Site.packet("10.3.0.2"))).detail())
        .isEqualTo("no flow has this tuple");
  }

  @Test
  void shouldChangeNothing() {
    Flow flow = site.accept("10.2.0.2");
    explain(LAN, 128, Site.fromHost(Site.packet("10.2.0.2")));
    assertThat(site.table().counters(flow)).isEqualTo(FlowCounters.ZERO);
  }

  @Test
  void shouldTakeAnyMemoryAndAnEmptyFrame() {
    try (Arena arena = Arena.ofConfined()) {
      assertThat(site.table().explain(arena.allocate(1).asSlice(1), LAN, 0).reason())
          .isEqualTo(Reason.TRUNCATED);
    }
    assertThatThrownBy(() -> explain(LAN, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("explain: headroom=-1");
  }
}
