package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.RoutedOffer;
import io.culvert.flowtable.WhenFull;
import io.culvert.flowtable.admission.SourceRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a flood of new flows does to established ones: a worker forwards bursts of them, while
 * another thread offers others that nobody will ever see again, a million a second if it can, to a
 * table that is full of established ones but for a rest. With and without the flood in turns; CPU
 * time of the worker, since the two threads share the machine.
 *
 * <p>The flood's flows differ from the established ones as an attacker can make them differ who
 * does not know the hash's secrets: their addresses and ports count on, or are drawn at random.
 */
public final class FloodCost {
  private static final int TUNNELS = 64;
  private static final int ESTABLISHED = 1 << 16;
  private static final int ROOM = 1 << 17;
  private static final int UNIVERSE = 1 << 21;
  private static final int BULK = 256;
  private static final int BURSTS = 1 << 13;
  private static final int WARM_UP = 6;
  private static final long WANTED = 1_000_000;

  private final BusyTable busy;
  private final SplittableRandom random = new SplittableRandom(3);
  private final boolean isRandom;
  private final Duration step = Duration.ofMillis(1);
  private volatile boolean floods;
  private volatile boolean isOver;
  private volatile @Nullable RuntimeException failure;
  private volatile long offered;
  private volatile long spentOnFloods;
  private int next = ESTABLISHED;

  private FloodCost(WhenFull whenFull, boolean isRandom, boolean isLimited) {
    this.isRandom = isRandom;
    FlowTableConfig config = FlowTableConfig.defaults().withFlows(ROOM, 1).withWhenFull(whenFull);
    busy = new BusyTable(config, new Flows(UNIVERSE, TUNNELS), ESTABLISHED);
    if (isLimited) {
      busy.table().admission(new SourceRate(16, 64, 1000, 1000, 4096, new SplittableRandom(5)));
    }
  }

  /** Offers at the wanted rate as long as it is told to. */
  private void flood() {
    try {
      while (!isOver) {
        if (floods) {
          wave();
        } else {
          LockSupport.parkNanos(step.toNanos());
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void wave() {
    long start = System.nanoTime();
    long count = 0;
    while (floods) {
      List<RoutedOffer> offers = isRandom ? drawn() : counted();
      busy.table().offerAll(offers);
      count += BULK;
      long due = start + count * 1_000_000_000L / WANTED;
      while (floods && due - System.nanoTime() > 0) {
        Thread.onSpinWait();
      }
    }
    offered += count;
    spentOnFloods += System.nanoTime() - start;
  }

  private List<RoutedOffer> counted() {
    int from = next;
    next = from + 2 * BULK > UNIVERSE ? ESTABLISHED : from + BULK;
    return busy.offers(from, from + BULK);
  }

  private List<RoutedOffer> drawn() {
    List<RoutedOffer> offers = new ArrayList<>(BULK);
    for (int n = 0; n < BULK; n++) {
      int flow = ESTABLISHED + random.nextInt(UNIVERSE - ESTABLISHED);
      offers.addAll(busy.offers(flow, flow + 1));
    }
    return offers;
  }

  private double slice(boolean withFlood) {
    floods = withFlood;
    if (withFlood) {
      LockSupport.parkNanos(step.toNanos());
    }
    double ns = busy.nanosPerFrame(BURSTS, this::tick);
    floods = false;
    return ns;
  }

  private long lastTickNs = System.nanoTime();

  private void tick() {
    long now = System.nanoTime();
    if (now - lastTickNs > 100_000_000L) {
      lastTickNs = now;
      busy.table().tick(now);
    }
  }

  private String row(String name, int rounds) {
    Thread control = Thread.ofPlatform().daemon().start(this::flood);
    Samples without = new Samples(rounds);
    Samples with = new Samples(rounds);
    Samples rate = new Samples(rounds);
    for (int round = -WARM_UP; round < rounds; round++) {
      double off = slice(false);
      double on = slice(true);
      if (round >= 0) {
        without.add(off);
        with.add(on);
        rate.add(off / on);
      }
    }
    isOver = true;
    join(control);
    return String.format(
        Locale.ROOT,
        "%-38s%9.1f%9.1f   %.3f (%.3f..%.3f)%12.0f%n",
        name,
        without.median(),
        with.median(),
        rate.median(),
        rate.quantile(0.25),
        rate.quantile(0.75),
        offered * 1e9 / spentOnFloods);
  }

  private void join(Thread control) {
    try {
      control.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Measures.
   *
   * @param rounds turns with and without a flood
   */
  public static String report(int rounds) {
    WhenFull evicting = WhenFull.evict(Duration.ofSeconds(2));
    return String.format(
            Locale.ROOT,
            "%,d established flows, all of which are forwarded, in a table for %,d; %d rounds of %,d"
                + " frames; CPU ns a frame, rate kept, flows offered a second%n"
                + "%-38s%9s%9s%24s%12s%n",
            ESTABLISHED,
            ROOM,
            rounds,
            BURSTS * BusyTable.BURST,
            "",
            "without",
            "with",
            "kept (quartiles)",
            "offered")
        + new FloodCost(WhenFull.refuse(), true, false).row("drawn at random, refused", rounds)
        + new FloodCost(WhenFull.refuse(), false, false).row("counting on, refused", rounds)
        + new FloodCost(evicting, true, false).row("drawn at random, others evicted", rounds)
        + new FloodCost(evicting, false, false).row("counting on, others evicted", rounds)
        + new FloodCost(evicting, true, true).row("drawn at random, a rate per source", rounds);
  }
}
