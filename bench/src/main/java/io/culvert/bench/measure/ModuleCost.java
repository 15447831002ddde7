package io.culvert.bench.measure;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * What a frame costs by the tunnels that it goes through, and what it costs that other modules are
 * loaded too. The tables that are compared take turns in one JVM, and the ratio is that of each
 * turn; writing the frames anew is measured apart and subtracted.
 */
public final class ModuleCost {
  private static final int FLOWS = 1000;
  private static final int TUNNELS = 64;
  private static final int BURST = 64;
  private static final int RUN = 8;
  private static final int FRAMES = 400_000;
  private static final int WARM_UP_ROUNDS = 4;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ModuleCost() {}

  /** One table under measurement. */
  private static final class Side {
    private final StackPath path;
    private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    private final Samples work;
    private long number;
    private long allocated;

    Side(StackPath path, int rounds) {
      this.path = path;
      work = new Samples(rounds);
    }

    double round(Way way) {
      double fill = slice(way, false);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      double both = slice(way, true);
      allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
      return both - fill;
    }

    private double slice(Way way, boolean forward) {
      long before = path.forwarded();
      long start = System.nanoTime();
      for (int n = 0; n < FRAMES; n += BURST) {
        number = path.fill(burst, way, number);
        if (forward) {
          path.process(burst);
        }
      }
      double ns = (System.nanoTime() - start) / (double) FRAMES;
      if (forward && path.forwarded() - before != FRAMES) {
        throw new IllegalStateException("not every frame was forwarded");
      }
      return ns;
    }
  }

  /**
   * Measures every stack and a mix of all in this JVM, and says so in a table.
   *
   * @param rounds turns of each table
   */
  public static String report(int rounds) {
    return ModuleCostRow.table(
        setting(rounds) + "; medians, ratio with quartiles", measure(rounds));
  }

  /** What is measured, in words. */
  static String setting(int rounds) {
    return String.format(
        Locale.ROOT,
        "%d flows in %d tunnels, 64-byte frames inside, bursts of %d, runs of %d frames a"
            + " tunnel, %d rounds of %d frames",
        FLOWS,
        TUNNELS,
        BURST,
        RUN,
        rounds,
        FRAMES);
  }

  /** Measures every stack and a mix of all in this JVM: medians, ratios with quartiles. */
  static List<ModuleCostRow> measure(int rounds) {
    List<ModuleCostRow> rows = new ArrayList<>();
    for (Stack stack : Stack.values()) {
      measure(rows, stack.name(), _ -> stack, RUN, rounds);
    }
    Stack[] mix = {Stack.IPIP, Stack.GRE, Stack.VXLAN, Stack.PPPOE, Stack.VLAN};
    measure(rows, "MIX, runs of 8", tunnel -> mix[tunnel % mix.length], RUN, rounds);
    measure(rows, "MIX, random", tunnel -> mix[tunnel % mix.length], 1, rounds);
    return rows;
  }

  private static void measure(
      List<ModuleCostRow> rows, String name, IntFunction<Stack> stack, int run, int rounds) {
    EncapRegistry all = EncapRegistry.load();
    EncapRegistry own = UsedModules.of(all, Stack.ours(TUNNELS, stack));
    for (Way way : Way.values()) {
      Side alone = new Side(new StackPath(FLOWS, TUNNELS, stack, own, run), rounds);
      Side together = new Side(new StackPath(FLOWS, TUNNELS, stack, all, run), rounds);
      Samples ratios = new Samples(rounds);
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        double a = alone.round(way);
        double t = together.round(way);
        if (round >= 0) {
          alone.work.add(a);
          together.work.add(t);
          ratios.add(t / a);
        } else {
          alone.allocated = 0;
          together.allocated = 0;
        }
      }
      rows.add(
          new ModuleCostRow(
              name,
              way,
              alone.work.median(),
              together.work.median(),
              ratios.median(),
              ratios.quantile(0.25),
              ratios.quantile(0.75),
              together.allocated / (double) FRAMES / rounds));
    }
  }
}
