package io.culvert.stress;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowListener;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.wire.Ipv4Address;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two workers and a control thread that offers, offers again, removes, changes the policy and
 * invalidates without pause, for so many seconds. Each frame is checked: it leaves by the way of
 * its own flow, in the version that is valid; a flow that is there is not missed; one that is gone
 * or stale is not forwarded; at the end the counters are what was forwarded, to the packet.
 *
 * <p>Half of the time is one table that has room for all flows; in the other half there is a fresh
 * table each second, which grows from room for two. In every second one of these a worker is
 * online, and quiescent behind every second burst or so: what it has not looked at by then counts
 * as not sent, and no call that forbids it may have returned.
 */
public final class Soak {
  private final Board board = new Board();
  private final FlowCounters[] told = new FlowCounters[Board.FLOWS];
  private final FlowTable table;
  private final SplittableRandom random;
  private final Traffic[] workers = new Traffic[2];
  private long calls;

  private Soak(long seed, TableMemory memory, boolean hasOnline) {
    random = new SplittableRandom(seed);
    Arrays.fill(told, FlowCounters.ZERO);
    FlowTableConfig config =
        FlowTableConfig.defaults()
            .withFlows(Board.FLOWS, 1)
            .withMemory(memory)
            .withTemplates(2048)
            .withWorkers(2)
            .withRandom(random.split());
    table = new FlowTable(config, EncapRegistry.of(), board);
    table.addPort(Board.LAN).get();
    table.addPort(Board.WAN).get();
    table.listener(
        new FlowListener() {
          @Override
          public void removed(Flow flow, Cause cause, FlowCounters counters) {
            int number = ((Ipv4Address) flow.tuple().source()).bits() - Board.source(0).bits();
            told[number] = told[number].plus(counters);
          }
        });
    for (int worker = 0; worker < workers.length; worker++) {
      workers[worker] =
          new Traffic(board, table::newWorker, random.nextLong(), hasOnline && worker == 1);
    }
  }

  /**
   * Runs.
   *
   * @param arguments seconds, and a seed if a run is to be repeated
   */
  public static void main(String[] arguments) throws InterruptedException {
    long seconds = Long.parseLong(arguments[0]);
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.println("soak: " + seconds + " s, seed " + seed);
    String wrong = runAll(seconds, seed);
    System.out.println(wrong == null ? "soak: ok" : "soak: VIOLATED: " + wrong);
    System.exit(wrong == null ? 0 : 1);
  }

  private static @Nullable String runAll(long seconds, long seed) throws InterruptedException {
    String wrong = new Soak(seed, TableMemory.whole(), false).run(seconds - seconds / 2);
    for (long second = 0; wrong == null && second < seconds / 2; second++) {
      wrong = new Soak(seed + second, TableMemory.growing(2, 1), second % 2 == 1).run(1);
    }
    return wrong;
  }

  private @Nullable String run(long seconds) throws InterruptedException {
    Thread[] threads = new Thread[workers.length];
    for (int worker = 0; worker < workers.length; worker++) {
      threads[worker] = Thread.ofPlatform().daemon().start(workers[worker]);
    }
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end && board.violation.get() == null) {
      step();
    }
    for (int worker = 0; worker < workers.length; worker++) {
      workers[worker].stop = true;
      threads[worker].join();
    }
    compareCounters();
    System.out.printf(
        "soak: %,d bursts, %,d frames, of %,d the outcome was certain, %,d control calls%n",
        workers[0].bursts + workers[1].bursts,
        workers[0].frames + workers[1].frames,
        workers[0].certain + workers[1].certain,
        calls);
    return board.violation.get();
  }

  private void step() {
    calls++;
    int flow = random.nextInt(Board.FLOWS);
    int choice = random.nextInt(100);
    if (choice < 55) {
      offer(flow);
    } else if (choice < 95) {
      remove(flow);
      offer(random.nextInt(Board.FLOWS)); // takes the pair that has just become free
    } else if (choice < 98) {
      stale(table::policyChanged);
    } else {
      stale(() -> table.invalidate(Board.WAN));
    }
    if (random.nextInt(8) == 0) {
      Thread.onSpinWait();
      table.tick(System.nanoTime());
    }
  }

  private void offer(int flow) {
    board.turn.incrementAndGet(flow);
    board.version.incrementAndGet(flow);
    boolean taken =
        table.offer(new FlowOffer(Board.tuple(flow), Board.LAN, Duration.ZERO)).isRight();
    if (!taken) {
      board.violated("an offer was refused");
    }
    board.expected.set(flow, board.version.get(flow));
    board.turn.incrementAndGet(flow);
  }

  private void remove(int flow) {
    board.turn.incrementAndGet(flow);
    boolean wasThere = board.expected.get(flow) != Board.ABSENT;
    if (table.remove(Board.tuple(flow), Board.LAN) != wasThere) {
      board.violated("remove: " + wasThere);
    }
    board.expected.set(flow, Board.ABSENT);
    board.turn.incrementAndGet(flow);
  }

  private void stale(Runnable call) {
    long[] underWay = {workers[0].underWay(), workers[1].underWay()};
    for (int flow = 0; flow < Board.FLOWS; flow++) {
      board.turn.incrementAndGet(flow);
    }
    call.run();
    workers[0].returned(underWay[0]);
    workers[1].returned(underWay[1]);
    for (int flow = 0; flow < Board.FLOWS; flow++) {
      if (board.expected.get(flow) != Board.ABSENT) {
        board.expected.set(flow, Board.STALE);
      }
      board.turn.incrementAndGet(flow);
    }
  }

  /** When all is quiet, what was told and what is there is what was forwarded. */
  private void compareCounters() {
    for (int flow = 0; flow < Board.FLOWS; flow++) {
      FlowCounters sum =
          told[flow].plus(
              table
                  .flow(Board.tuple(flow), Board.LAN)
                  .map(table::counters)
                  .getOrElse(FlowCounters.ZERO));
      long original = workers[0].forwarded[0][flow] + workers[1].forwarded[0][flow];
      long reply = workers[0].forwarded[1][flow] + workers[1].forwarded[1][flow];
      FlowCounters right =
          new FlowCounters(original, original * Traffic.BYTES, reply, reply * Traffic.BYTES);
      if (!sum.equals(right)) {
        board.violated("flow " + flow + " counted " + sum + ", forwarded were " + right);
      }
    }
  }
}
