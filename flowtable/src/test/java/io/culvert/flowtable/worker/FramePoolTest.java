package io.culvert.flowtable.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Site;
import org.junit.jupiter.api.Test;

class FramePoolTest {

  @Test
  void shouldKeepAFrameUntilAsManyOthersCameInAsThereAreSlots() {
    FramePool pool = new FramePool(3, 100, 40);
    FrameBurst burst = new FrameBurst(pool.memory(), 4);
    for (int n = 0; n < 3; n++) {
      assertThat(pool.add(burst, Packets.payload(60 - n), n, n)).isEqualTo(n);
    }
    for (int n = 0; n < 3; n++) {
      assertThat(pool.copyOut(burst, n)).isEqualTo(Packets.payload(60 - n));
      assertThat(burst.offset(n)).isEqualTo(100L * n + 40);
    }
    pool.add(burst, new byte[] {9, 9}, 1, 3);
    assertThat(burst.offset(3)).isEqualTo(burst.offset(0));
    assertThat(pool.copyOut(burst, 1)).isEqualTo(Packets.payload(59));
  }

  @Test
  void shouldServeAWorker() {
    Site site = Site.exact();
    site.accept("10.2.0.2");
    FramePool pool = new FramePool(4, 256, 64);
    FrameBurst burst = new FrameBurst(pool.memory(), 4);
    pool.add(burst, Site.fromHost(Site.packet("10.2.0.2")), Site.LAN, 0);
    site.table().newWorker(pool.memory()).process(burst);
    assertThat(burst.verdict(0)).isEqualTo(Verdict.FORWARD);
    assertThat(pool.copyOut(burst, 0)).hasSize(14 + 28 + 38);
  }

  @Test
  void shouldRefuseFramesThatAreTooLongAndBurstsOfOthers() {
    FramePool pool = new FramePool(1, 100, 40);
    assertThat(pool.longestFrame()).isEqualTo(60);
    FrameBurst burst = new FrameBurst(pool.memory(), 1);
    assertThatThrownBy(() -> pool.add(burst, new byte[61], 1, 0))
        .hasMessageContaining("length=61 longest=60");
    FrameBurst other = new FrameBurst(new FramePool(1, 100, 40).memory(), 1);
    assertThatThrownBy(() -> pool.add(other, new byte[1], 1, 0))
        .hasMessage("burst of another pool");
  }

  @Test
  void shouldRefuseShapesThatMakeNoSense() {
    assertThatThrownBy(() -> new FramePool(0, 100, 0)).hasMessageContaining("slots=0");
    assertThatThrownBy(() -> new FramePool(1, 0, 0)).hasMessageContaining("slotSize=0");
    assertThatThrownBy(() -> new FramePool(1, 100, 101)).hasMessageContaining("headroom=101");
    assertThatThrownBy(() -> new FramePool(1, 100, -1)).hasMessageContaining("headroom=-1");
  }
}
