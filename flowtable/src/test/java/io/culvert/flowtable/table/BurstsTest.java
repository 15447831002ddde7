package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BurstsTest {

  @Test
  void shouldGiveOutAsManyNumbersAsItWasMadeForAndThenNone() {
    Bursts bursts = new Bursts(3);
    assertThat(bursts.register()).isZero();
    assertThat(bursts.register()).isEqualTo(1);
    assertThat(bursts.register()).isEqualTo(2);
    assertThat(bursts.register()).isEqualTo(-1);
    assertThat(bursts.register()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65})
  void shouldRefuseNumbersOfWorkersOutOfRange(int workers) {
    assertThatThrownBy(() -> new Bursts(workers)).hasMessage("bursts: workers=" + workers);
  }

  @Test
  void shouldWaitForNobodyBetweenBursts() {
    Bursts bursts = new Bursts(64);
    bursts.await();
    for (int worker = 0; worker < 64; worker++) {
      bursts.register();
      bursts.enter(worker);
      bursts.leave(worker);
    }
    bursts.await();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldWaitForTheBurstThatRunsAndNotForTheNextOne(int worker) throws InterruptedException {
    Bursts bursts = new Bursts(3);
    for (int number = 0; number < 3; number++) {
      bursts.register();
    }
    bursts.enter(worker);
    Thread waiting = Thread.ofPlatform().start(bursts::await);
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      assertThat(waiting.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    bursts.leave(worker);
    bursts.enter(worker);
    waiting.join();
    bursts.leave(worker);
  }
}
