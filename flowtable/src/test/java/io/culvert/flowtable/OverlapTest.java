package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Rig.Outcome;
import io.culvert.flowtable.fixture.Rig.Shot;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyEncap;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Control calls while a burst runs: a provider stops it in the middle. */
class OverlapTest {
  private static final Shot GOOD = new Shot(WAN, 0, fromGateway(fromPeer(answer("10.2.0.2"))));
  private static final Shot PAUSING =
      new Shot(
          WAN,
          0,
          fromGateway(
              Packets.inToy("192.0.2.9", "192.0.2.1", ToyEncap.PAUSING_KEY, answer("10.2.0.2"))));

  private final Site site = Site.exact();
  private final CountDownLatch paused = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void forget() {
    goOn.countDown();
    ToyEncap.pause = () -> {};
  }

  /** A burst that has a good frame, and stands still until it is told to go on. */
  private CompletableFuture<List<Outcome>> stoppedBurst() throws InterruptedException {
    site.accept("10.2.0.2");
    ToyEncap.pause =
        () -> {
          paused.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    Rig rig = new Rig(site.table()).withoutExplaining();
    CompletableFuture<List<Outcome>> outcomes =
        CompletableFuture.supplyAsync(() -> rig.send(List.of(GOOD, PAUSING)));
    paused.await();
    return outcomes;
  }

  static Stream<Named<Consumer<FlowTable>>> callsThatForbid() {
    return Stream.of(
        Named.of("policyChanged", FlowTable::policyChanged),
        Named.of("invalidate", table -> table.invalidate(TOY)),
        Named.of("remove", table -> table.remove(tuple("10.2.0.2"), LAN)),
        Named.of("teardown", table -> table.teardown(TOY)),
        Named.of("removePort", table -> table.removePort(WAN)));
  }

  @ParameterizedTest
  @MethodSource("callsThatForbid")
  void shouldReturnOnlyWhenTheBurstThatRunsIsOver(Consumer<FlowTable> call) throws Exception {
    CompletableFuture<List<Outcome>> burst = stoppedBurst();
    List<FlowCounters> told = new ArrayList<>();
    site.table()
        .listener(
            new FlowListener() {
              @Override
              public void removed(Flow flow, Cause cause, FlowCounters counters) {
                told.add(counters);
              }
            });
    Thread control = Thread.ofPlatform().start(() -> call.accept(site.table()));
    while (control.getState() != Thread.State.TIMED_WAITING) {
      assertThat(control.isAlive()).as("still waiting").isTrue();
      Thread.onSpinWait();
    }
    goOn.countDown();
    control.join();
    // What the burst forwarded is in the final counters.
    long forwarded = burst.get().stream().filter(o -> o.reason() == Reason.NONE).count();
    assertThat(told.isEmpty() ? 0 : told.getFirst().replyPackets()).isEqualTo(forwarded);
    assertThat(site.rig().send(List.of(GOOD)).getFirst().reason()).isNotEqualTo(Reason.NONE);
  }

  /** An offer does not wait, also if it replaces what the burst may hold. */
  @Test
  void shouldTakeOffersWhileABurstRunsAndForwardByThem() throws Exception {
    CompletableFuture<List<Outcome>> burst = stoppedBurst();
    site.accept("10.2.0.2");
    site.accept("10.4.0.2");
    goOn.countDown();
    assertThat(burst.get()).extracting(Outcome::reason).containsExactly(Reason.NONE, Reason.MISS);
    assertThat(site.table().flow(tuple("10.2.0.2"), LAN).map(site.table()::counters).get())
        .isEqualTo(new FlowCounters(0, 0, 1, 38));
  }

  /** In a full table there is no second pair of entries: the flow's own must do. */
  @Test
  void shouldTakeEveryFlowOfAFullTableAgain() {
    Site full = Site.of(Site.config().withFlows(2, 1));
    full.accept("10.2.0.2");
    full.accept("10.4.0.2");
    full.rig().send(List.of(GOOD));
    for (int round = 0; round < 3; round++) {
      full.table().policyChanged();
      full.accept("10.2.0.2");
      full.accept("10.4.0.2");
      assertThat(full.rig().send(List.of(GOOD)).getFirst().reason()).isEqualTo(Reason.NONE);
    }
    assertThat(full.table().flow(tuple("10.2.0.2"), LAN).map(full.table()::counters).get())
        .isEqualTo(new FlowCounters(0, 0, 4, 4 * 38));
    assertThat(full.table().size()).isEqualTo(2);
  }

  @Test
  void shouldNotWaitForAWorkerBetweenBursts() {
    Site other = Site.exact();
    other.accept("10.2.0.2");
    other.rig().send(List.of(GOOD));
    other.table().policyChanged();
    assertThat(other.rig().send(List.of(GOOD)).getFirst().reason()).isEqualTo(Reason.STALE);
  }

  @Test
  void shouldMakeAsManyWorkersAsTheTableIsForAndNotOneMore() {
    FlowTable table = Site.of(Site.config().withWorkers(3)).table(); // one is the rig's
    Worker second = table.newWorker(Arena.ofAuto().allocate(100));
    assertThat(second.number()).isEqualTo(1);
    assertThat(table.newWorker(Arena.ofAuto().allocate(100)).number()).isEqualTo(2);
    assertThatThrownBy(() -> table.newWorker(Arena.ofAuto().allocate(100)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no more workers: FlowTableConfig.workers=3");
    second.close();
    assertThatThrownBy(() -> second.process(new FrameBurst(second.pool(), 1)))
        .hasMessage("worker is closed: number=1");
    assertThat(table.newWorker(Arena.ofAuto().allocate(100)).number()).isEqualTo(1);
    assertThatThrownBy(() -> FlowTableConfig.defaults().withWorkers(65))
        .hasMessage("flow table: workers=65, expected 1..64");
  }
}
