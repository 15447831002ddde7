package io.culvert.flowtable.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Sequence numbers: the rule on receipt, and what several threads make of them. */
class SequenceStoreTest {
  private static final int TUNNEL = 3;
  private static final int ROUNDS = 100_000;

  private final MemorySegment memory = new SequenceStore().memory();

  private boolean accept(long number) {
    return SequenceStore.accept(memory, TUNNEL, (int) number);
  }

  @Test
  void shouldTakeAnyFirstNumberThenWhatIsNotOlder() {
    assertThat(accept(0x7000_0000L)).isTrue();
    assertThat(accept(0x7000_0000L)).isFalse(); // again
    assertThat(accept(0x7000_0001L)).isTrue();
    assertThat(accept(0x7000_0010L)).isTrue(); // a gap
    assertThat(accept(0x7000_0005L)).isFalse(); // one of the gap, late
    assertThat(accept(0x7000_0011L + 0x7fff_ffffL)).isTrue(); // the farthest ahead
    assertThat(accept(0xf000_0011L + 0x8000_0000L)).isFalse(); // 2^31 ahead is behind
  }

  @Test
  void shouldTakeAnyNumberAfterTheLastOneOfAll() {
    assertThat(accept(0xffff_fffeL)).isTrue();
    assertThat(accept(0xffff_ffffL)).isTrue();
    assertThat(accept(77)).isTrue();
    assertThat(accept(76)).isFalse();
  }

  @Test
  void shouldChangeNothingWhenItRefuses() {
    assertThat(accept(100)).isTrue();
    assertThat(accept(99)).isFalse();
    assertThat(accept(101)).isTrue();
  }

  @Test
  void shouldKeepTunnelsApart() {
    assertThat(SequenceStore.next(memory, TUNNEL)).isZero();
    assertThat(SequenceStore.next(memory, TUNNEL)).isEqualTo(1);
    assertThat(SequenceStore.next(memory, TUNNEL + 1)).isZero();
    assertThat(SequenceStore.next(memory, SequenceStore.MOST - 1)).isZero();
    assertThat(accept(50)).isTrue();
    assertThat(SequenceStore.accept(memory, TUNNEL + 1, 10)).isTrue();
  }

  @Test
  void shouldHandOutEachNumberOnceToSeveralThreads() throws Exception {
    List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    inTwoThreads(_ -> taken.add(SequenceStore.next(memory, TUNNEL)));
    assertThat(new HashSet<>(taken)).hasSize(2 * ROUNDS);
    assertThat(Collections.max(taken)).isEqualTo(2 * ROUNDS - 1);
  }

  @Test
  void shouldTakeEachNumberOnceFromSeveralThreads() throws Exception {
    Set<Integer> once = Collections.synchronizedSet(new HashSet<>());
    List<Integer> twice = Collections.synchronizedList(new ArrayList<>());
    inTwoThreads(round -> {
      if (accept(round + 1L) && !once.add(round + 1)) {
        twice.add(round + 1);
      }
    });
    assertThat(twice).isEmpty();
    assertThat(once).contains(ROUNDS);
  }

  private static void inTwoThreads(IntConsumer body) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  start.await();
                } catch (Exception stopped) {
                  throw new IllegalStateException(stopped);
                }
                for (int round = 0; round < ROUNDS; round++) {
                  body.accept(round);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
