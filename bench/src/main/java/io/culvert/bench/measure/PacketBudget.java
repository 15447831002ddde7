package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.StageClock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where the time of a packet goes: nanoseconds a frame of each stage, into and out of IPIP tunnels,
 * for a table in the caches and one far larger.
 */
public final class PacketBudget {
  private static final int TUNNELS = 1024;
  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final int BURSTS = 4096;
  private static final int WARM_UP = 40;

  private final Topology topology = new Topology(TUNNELS, 0);
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);

  private PacketBudget() {}

  /**
   * Measures.
   *
   * @param rounds slices of each kind
   * @param flows numbers of flows, a table each
   */
  public static String report(int rounds, int... flows) {
    PacketBudget budget = new PacketBudget();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Nanoseconds a frame by stage: IPIP, %,d tunnels, %d-byte frames, bursts of %d; median of"
                + " %d slices of %,d frames%n",
            TUNNELS,
            FRAME,
            BURST,
            rounds,
            BURSTS * BURST));
    Arrays.stream(flows).forEach(count -> text.append(budget.table(count, rounds)));
    return text.toString();
  }

  private String table(int count, int rounds) {
    Flows flows = new Flows(count, TUNNELS);
    TrafficGenerator traffic = new TrafficGenerator(topology, flows);
    FlowtablePath path = new FlowtablePath(topology, flows, MatchMode.EXACT);
    Map<Way, Samples[]> samples = new EnumMap<>(Way.class);
    List<String> names = List.of();
    for (int slice = 0; slice < WARM_UP + rounds; slice++) {
      for (Way way : Way.values()) {
        StageClock clock = new StageClock(path.worker());
        names = Stream.concat(clock.names().stream(), Stream.of("writing frames")).toList();
        double[] times = slice(traffic, path, clock, way);
        if (slice == WARM_UP) {
          Samples[] stages = new Samples[times.length];
          Arrays.setAll(stages, _ -> new Samples(rounds));
          samples.put(way, stages);
        }
        for (int stage = 0; slice >= WARM_UP && stage < times.length; stage++) {
          of(samples, way)[stage].add(times[stage] / BURST);
        }
      }
    }
    return lines(count, names, samples);
  }

  /** Nanoseconds a burst of each stage, and of writing the frames. */
  private double[] slice(TrafficGenerator traffic, FlowtablePath path, StageClock clock, Way way) {
    long filling = 0;
    long forwarded = path.forwarded();
    for (int n = 0; n < BURSTS; n++) {
      long start = System.nanoTime();
      traffic.fill(burst, way, FRAME);
      filling += System.nanoTime() - start;
      clock.process(burst);
    }
    if (path.forwarded() - forwarded != (long) BURSTS * BURST) {
      throw new IllegalStateException("not every frame was forwarded");
    }
    double[] stages = clock.take(BURSTS);
    double[] times = Arrays.copyOf(stages, stages.length + 1);
    times[stages.length] = (double) filling / BURSTS;
    return times;
  }

  private static Samples[] of(Map<Way, Samples[]> samples, Way way) {
    return Objects.requireNonNull(samples.get(way));
  }

  private static String lines(int count, List<String> names, Map<Way, Samples[]> samples) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,d flows%n", count));
    text.append(String.format("  %-16s%8s%8s%n", "", "into", "out of"));
    for (int stage = 0; stage < names.size(); stage++) {
      text.append(String.format("  %-16s", names.get(stage)));
      for (Way way : Way.values()) {
        text.append(String.format(Locale.ROOT, "%8.1f", of(samples, way)[stage].median()));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }
}
