package io.culvert.flowtable.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Site;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameBurstTest {
  private final MemorySegment pool = Arena.ofAuto().allocate(100);
  private final FrameBurst burst = new FrameBurst(pool, 2);

  @Test
  void shouldHoldFramesUntilItIsClearedAndThenTakeOthers() {
    assertThat(burst.add(0, 10, 20, 7, 99)).isZero();
    assertThat(burst.add(30, 30, 70, 8, -1)).isEqualTo(1);
    assertThat(burst.size()).isEqualTo(2);
    assertThat(burst.capacity()).isEqualTo(2);
    assertThat(burst.offset(0)).isEqualTo(10);
    assertThat(burst.length(1)).isEqualTo(70);
    assertThat(burst.ingressPort(0)).isEqualTo(7);
    assertThat(burst.userWord(1)).isEqualTo(-1);
    assertThatThrownBy(() -> burst.add(0, 0, 1, 1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("capacity=2");
    burst.clear();
    assertThat(burst.size()).isZero();
    assertThatThrownBy(() -> burst.offset(0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(burst.add(5, 6, 7, 1, 0)).isZero();
  }

  @Test
  void shouldRefuseFramesThatDoNotLieInThePool() {
    long[][] bad = {
      {0, 0, 101},
      {0, 100, 1},
      {0, 101, 0},
      {-1, 0, 1},
      {5, 4, 1},
      {0, 0, -1},
      {0, -1, 1},
      {0, Long.MAX_VALUE, 1},
      {0, 1, Integer.MAX_VALUE}
    };
    for (long[] frame : bad) {
      assertThatThrownBy(() -> burst.add(frame[0], frame[1], (int) frame[2], 1, 0))
          .as(Arrays.toString(frame))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(burst.size()).isZero();
    burst.add(100, 100, 0, 1, 0);
  }

  /** A frame that nobody processed yet is not to be sent. */
  @Test
  void shouldNotSayForwardBeforeAWorkerDid() {
    burst.add(0, 0, 10, 1, 0);
    assertThat(burst.verdict(0)).isEqualTo(Verdict.SLOW_PATH);
    assertThat(burst.reason(0)).isNotEqualTo(Reason.NONE);
    assertThat(burst.port(0)).isZero();
  }

  @Test
  void shouldRefuseMemoryAndSizesThatItCannotUse() {
    MemorySegment heap = MemorySegment.ofArray(new byte[100]);
    assertThatThrownBy(() -> new FrameBurst(heap, 1)).hasMessageContaining("native=false");
    assertThatThrownBy(() -> new FrameBurst(pool.asReadOnly(), 1))
        .hasMessageContaining("readOnly=true");
    assertThatThrownBy(() -> new FrameBurst(pool, 0)).hasMessageContaining("capacity=0");
    assertThatThrownBy(() -> new FrameBurst(pool, 257)).hasMessageContaining("capacity=257");
    assertThatThrownBy(() -> Site.exact().table().newWorker(heap))
        .hasMessageContaining("native=false");
  }

  @Test
  void shouldRefuseABurstOfAnotherPool() {
    Worker worker = Site.exact().table().newWorker(Arena.ofAuto().allocate(100));
    assertThatThrownBy(() -> worker.process(burst)).hasMessage("burst of another pool");
  }

  @Test
  void shouldNameReasonsInLowerCaseWordsWithHyphensEachItsOwn() {
    Set<String> labels = new HashSet<>();
    for (Reason reason : Reason.values()) {
      assertThat(reason.label()).matches("[a-z]+[a-z0-9]*(-[a-z0-9]+)*");
      assertThat(reason.label())
          .isEqualTo(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      labels.add(reason.label());
    }
    assertThat(labels).hasSize(Reason.values().length);
    assertThat(Reason.TRUNCATED.isMalformed()).isTrue();
    assertThat(Reason.MISS.isMalformed()).isFalse();
  }
}
