package io.culvert.flowtable;

import static io.culvert.flowtable.fixture.Site.LAN;
import static io.culvert.flowtable.fixture.Site.TOY;
import static io.culvert.flowtable.fixture.Site.WAN;
import static io.culvert.flowtable.fixture.Site.answer;
import static io.culvert.flowtable.fixture.Site.fromGateway;
import static io.culvert.flowtable.fixture.Site.fromHost;
import static io.culvert.flowtable.fixture.Site.fromPeer;
import static io.culvert.flowtable.fixture.Site.packet;
import static io.culvert.flowtable.fixture.Site.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.flowtable.fixture.Packets;
import io.culvert.flowtable.fixture.Rig;
import io.culvert.flowtable.fixture.Site;
import io.culvert.flowtable.fixture.ToyEncap;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.lang.foreign.Arena;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers that keep their section open over bursts. This thread is the worker's. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OnlineTest {
  private final Site site = Site.exact();
  private final Rig rig = new Rig(site.table()).withoutExplaining(); // control calls are the tests'
  private final Worker worker = rig.worker();

  @AfterEach
  void close() {
    ToyEncap.pause = () -> {};
    worker.close();
  }

  private Reason send() {
    return rig.send(LAN, fromHost(packet("10.2.0.2"))).reason();
  }

  /** Makes a call in another thread, which must then wait. */
  private static Thread waiting(Runnable call) {
    Thread control = Thread.ofPlatform().daemon().start(call);
    awaitState(control, Thread.State.TIMED_WAITING);
    return control;
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      assertThat(thread.isAlive()).as("still waiting").isTrue();
      Thread.onSpinWait();
    }
  }

  private static void assertStillWaits(Thread control) throws InterruptedException {
    assertThat(control.join(Duration.ofMillis(20))).as("returned").isFalse();
  }

  static Stream<Arguments> callsThatForbid() {
    List<Named<Consumer<FlowTable>>> calls =
        List.of(
            Named.of("policyChanged", FlowTable::policyChanged),
            Named.of("invalidate", table -> table.invalidate(TOY)),
            Named.of("remove", table -> table.remove(tuple("10.2.0.2"), LAN)),
            Named.of("teardown", table -> table.teardown(TOY)),
            Named.of("removePort", table -> table.removePort(LAN)));
    List<Named<Consumer<Worker>>> ends =
        List.of(
            Named.of("quiescent", Worker::quiescent),
            Named.of("offline", Worker::offline),
            Named.of("close", Worker::close));
    return calls.stream().flatMap(call -> ends.stream().map(end -> Arguments.of(call, end)));
  }

  @ParameterizedTest
  @MethodSource("callsThatForbid")
  void shouldWaitUntilTheFramesOfEarlierBurstsAreSent(
      Consumer<FlowTable> call, Consumer<Worker> end) throws Exception {
    site.accept("10.2.0.2");
    worker.online();
    assertThat(send()).isEqualTo(Reason.NONE);
    Thread control = waiting(() -> call.accept(site.table()));
    assertStillWaits(control); // the frame is not sent yet
    end.accept(worker);
    control.join();
    assertThat(site.rig().send(LAN, fromHost(packet("10.2.0.2"))).reason())
        .isNotEqualTo(Reason.NONE);
  }

  @Test
  void shouldNotEndTheSectionByABurst() throws Exception {
    site.accept("10.2.0.2");
    worker.online();
    Thread control = waiting(site.table()::policyChanged);
    for (int burst = 0; burst < 3; burst++) {
      send();
    }
    assertStillWaits(control);
    worker.quiescent();
    control.join();
    assertThat(send()).isEqualTo(Reason.STALE);
    worker.offline();
  }

  @Test
  void shouldWaitAgainAfterBeingQuiescent() throws Exception {
    worker.online();
    worker.quiescent();
    Thread control = waiting(site.table()::policyChanged);
    assertStillWaits(control);
    worker.quiescent();
    control.join();
  }

  @Test
  void shouldWaitForNobodyWhoIsOffline() {
    worker.online();
    worker.offline();
    CompletableFuture.runAsync(site.table()::policyChanged).join();
    worker.online();
    worker.close();
    CompletableFuture.runAsync(site.table()::policyChanged).join();
  }

  /** No deadlock, and what was called for holds at once. */
  @Test
  void shouldNotWaitForTheWorkerWhoseThreadMakesTheCall() {
    site.accept("10.2.0.2");
    worker.online();
    assertThat(send()).isEqualTo(Reason.NONE);
    site.table().policyChanged();
    assertThat(send()).isEqualTo(Reason.STALE);
    site.accept("10.2.0.2");
    assertThat(send()).isEqualTo(Reason.NONE);
    assertThat(site.table().remove(tuple("10.2.0.2"), LAN)).isTrue();
    assertThat(send()).isEqualTo(Reason.MISS);
    worker.quiescent();
  }

  /** A call waits for a worker whose thread makes one, too: it has to wait for the first one. */
  @Test
  void shouldNotWaitForAWorkerThatWaitsToMakeACall() throws Exception {
    CountDownLatch online = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              Worker second = site.table().newWorker(Arena.ofAuto().allocate(100));
              second.online();
              online.countDown();
              awaitLatch(goOn);
              site.table().policyChanged(); // while this thread's worker is online
              second.quiescent();
              second.close();
            });
    online.await();
    worker.online();
    Thread control = waiting(site.table()::policyChanged); // for this worker, or for the other
    goOn.countDown();
    awaitState(other, Thread.State.WAITING); // at the lock
    assertStillWaits(control);
    worker.quiescent();
    control.join();
    // The second call waits for this worker in turn.
    awaitState(other, Thread.State.TIMED_WAITING);
    worker.offline();
    other.join();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Both as in a dataplane: bursts, and offers of what came back, by the worker's own thread. */
  @Test
  void shouldNotDeadlockWhenAllWorkersMakeCalls() throws Exception {
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> work("10.4.0.2"));
    work("10.2.0.2");
    other.get(15, TimeUnit.SECONDS);
  }

  private void work(String destination) {
    Rig own = new Rig(site.table()).withoutExplaining();
    own.worker().online();
    for (int turn = 0; turn < 300; turn++) {
      own.send(LAN, fromHost(packet(destination)));
      own.worker().quiescent();
      site.accept(destination);
      if (turn % 3 == 0) {
        site.table().policyChanged();
      } else if (turn % 3 == 1) {
        site.table().remove(tuple(destination), LAN);
      }
    }
    own.worker().close();
  }

  @Test
  void shouldTellForWhomACallWaits() throws Exception {
    assertThat(site.table().waitingFor()).isEmpty();
    worker.online();
    Thread control = waiting(site.table()::policyChanged);
    assertStillWaits(control);
    WorkerWait wait = site.table().waitingFor().get();
    assertThat(wait.worker()).isEqualTo(worker.number()).isEqualTo(1);
    assertThat(wait.thread()).containsExactly(Thread.currentThread());
    assertThat(wait.duration()).isBetween(Duration.ofMillis(10), Duration.ofSeconds(20));
    awaitState(control, Thread.State.TIMED_WAITING);
    assertThat(String.valueOf(LockSupport.getBlocker(control)))
        .contains("worker=1")
        .contains(Thread.currentThread().getName());
    worker.quiescent();
    control.join();
    assertThat(site.table().waitingFor()).isEmpty();
  }

  @Test
  void shouldNotWaitForAThreadThatHasEnded() throws Exception {
    site.accept("10.2.0.2");
    Thread.ofPlatform().start(worker::online).join();
    site.table().policyChanged();
    assertThatThrownBy(worker::quiescent)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("worker is online in another thread: number=1 thread=");
    worker.close();
  }

  /** It would be taken for quiescent in the middle of what it reads. */
  @Test
  void shouldRefuseACallFromWithinABurst() {
    site.accept("10.2.0.2");
    worker.online();
    ToyEncap.pause = site.table()::policyChanged;
    byte[] pausing =
        Packets.inToy("192.0.2.9", "192.0.2.1", ToyEncap.PAUSING_KEY, answer("10.2.0.2"));
    rig.send(WAN, fromGateway(pausing));
    assertThat(site.table().blownFuses().mkString())
        .contains("control call from within a burst: worker=1");
    assertThat(rig.send(WAN, fromGateway(fromPeer(answer("10.2.0.2")))).reason())
        .isNotEqualTo(Reason.NONE);
    worker.quiescent();
  }

  @Test
  void shouldSayWhatIsMisused() throws Exception {
    assertRefused("worker is offline: number=1", worker::quiescent);
    assertRefused("worker is offline: number=1", worker::offline);
    worker.online();
    String name = Thread.currentThread().getName();
    assertRefused("worker is online: number=1 thread=" + name, worker::online);
    String elsewhere = "worker is online in another thread: number=1 thread=" + name;
    for (Runnable call : List.<Runnable>of(worker::quiescent, worker::offline, this::send)) {
      CompletableFuture.runAsync(() -> assertRefused(elsewhere, call)).join();
    }
    worker.offline();
    assertRefused("worker is offline: number=1", worker::offline);
    worker.close();
    String closed = "worker is closed: number=1";
    FrameBurst burst = new FrameBurst(worker.pool(), 1);
    assertRefused(closed, worker::online);
    assertRefused(closed, worker::quiescent);
    assertRefused(closed, worker::offline);
    assertRefused(closed, () -> worker.process(burst));
  }

  private static void assertRefused(String message, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  /** A monitor would not know who waits for it, and would not keep other calls out. */
  @Test
  void shouldTakeTheControlLockAndNoMonitor() {
    assertThat(FlowTable.class.getDeclaredMethods())
        .filteredOn(method -> Modifier.isSynchronized(method.getModifiers()))
        .isEmpty();
    assertThat(Arrays.stream(FlowTable.class.getDeclaredMethods())).isNotEmpty();
  }
}
