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
    private final List<Double> work = new ArrayList<>();
    private long number;
    private long allocated;

    Side(StackPath path) {
      this.path = path;
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
   * Measures every stack and a mix of all.
   *
   * @param rounds turns of each table
   */
  public static String report(int rounds) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d flows in %d tunnels, 64-byte frames inside, bursts of %d, runs of %d frames a"
                + " tunnel, %d rounds of %d frames; medians, ratio with quartiles%n",
            FLOWS,
            TUNNELS,
            BURST,
            RUN,
            rounds,
            FRAMES));
    text.append(
        String.format(
            "%-18s %-5s %10s %10s %22s %8s%n",
            "stack", "way", "own, ns", "all, ns", "all / own", "B/frame"));
    for (Stack stack : Stack.values()) {
      append(text, stack.name(), tunnel -> stack, RUN, rounds);
    }
    Stack[] mix = {Stack.IPIP, Stack.GRE, Stack.VXLAN, Stack.PPPOE, Stack.VLAN};
    append(text, "MIX, runs of 8", tunnel -> mix[tunnel % mix.length], RUN, rounds);
    append(text, "MIX, random", tunnel -> mix[tunnel % mix.length], 1, rounds);
    return text.toString();
  }

  private static void append(
      StringBuilder text, String name, IntFunction<Stack> stack, int run, int rounds) {
    EncapRegistry all = EncapRegistry.load();
    EncapRegistry own = UsedModules.of(all, Stack.ours(TUNNELS, stack));
    for (Way way : Way.values()) {
      Side alone = new Side(new StackPath(FLOWS, TUNNELS, stack, own, run));
      Side together = new Side(new StackPath(FLOWS, TUNNELS, stack, all, run));
      List<Double> ratios = new ArrayList<>();
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
      text.append(
          String.format(
              Locale.ROOT,
              "%-18s %-5s %10.1f %10.1f %8.2f (%.2f..%.2f) %8.4f%n",
              name,
              way == Way.INTO_TUNNEL ? "into" : "out",
              quantile(alone.work, 0.5),
              quantile(together.work, 0.5),
              quantile(ratios, 0.5),
              quantile(ratios, 0.25),
              quantile(ratios, 0.75),
              together.allocated / (double) FRAMES / rounds));
    }
  }

  private static double quantile(List<Double> values, double q) {
    List<Double> sorted = values.stream().sorted().toList();
    double at = (sorted.size() - 1) * q;
    int low = (int) at;
    int high = Math.min(sorted.size() - 1, low + 1);
    return sorted.get(low) + (at - low) * (sorted.get(high) - sorted.get(low));
  }
}
