package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How often a hash mode takes a stranger's packet for a flow's: packets whose inside is that of a
 * flow, to our own end, but from addresses that are no tunnel's.
 */
public final class FalseMatches {
  private static final int FLOWS = 1024;
  private static final int BURST = 64;
  private static final int FRAME = 64;
  private static final double DEVIATIONS = 4;

  private FalseMatches() {}

  /**
   * What was seen.
   *
   * @param mode the mode
   * @param packets strangers' packets
   * @param forwarded those that the fast path took for a flow's
   */
  public record Row(MatchMode mode, long packets, long forwarded) {
    /** As computed: one in two to the number of bits; none if exact. */
    public double expected() {
      return mode == MatchMode.EXACT ? 0 : packets * Math.pow(2, -mode.bits());
    }

    /** True if what was seen lies within four standard deviations of what was computed. */
    public boolean isPlausible() {
      return Math.abs(forwarded - expected()) <= DEVIATIONS * Math.sqrt(expected()) + 0.5;
    }
  }

  /**
   * Sends strangers' packets to tables with different secrets.
   *
   * @param tables number of tables, seeded with 1, 2, …
   * @param packets packets for each, a multiple of 64
   */
  public static Row measure(MatchMode mode, int tables, long packets) {
    Topology topology = new Topology(FLOWS, 0);
    Flows flows = new Flows(FLOWS, FLOWS);
    TrafficGenerator traffic = new TrafficGenerator(topology, flows);
    long forwarded = 0;
    for (int seed = 1; seed <= tables; seed++) {
      forwarded += strangers(table(topology, flows, mode, seed), traffic, packets, seed);
    }
    return new Row(mode, packets * tables, forwarded);
  }

  private static FlowTable table(Topology topology, Flows flows, MatchMode mode, int seed) {
    FlowTableConfig config =
        new FlowTableConfig(mode, FLOWS, 1, 2 * FLOWS + 2, new SplittableRandom(seed));
    FlowTable table = new FlowTable(config, EncapRegistry.load(), topology);
    table.addPort(Topology.CLIENT_PORT);
    table.addPort(Topology.UNDERLAY_PORT);
    for (int flow = 0; flow < FLOWS; flow++) {
      table
          .offer(new FlowOffer(flows.tuple(flow), Topology.CLIENT_PORT, Duration.ZERO))
          .getOrElseThrow(error -> new IllegalStateException(error.message()));
    }
    return table;
  }

  private static long strangers(FlowTable table, TrafficGenerator traffic, long packets, int seed) {
    Worker worker = table.newWorker(FrameMemory.SEGMENT);
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);
    SplittableRandom random = new SplittableRandom(seed);
    for (long sent = 0; sent < packets; sent += BURST) {
      burst.clear();
      for (int i = 0; i < BURST; i++) {
        traffic.add(burst, i, random.nextInt(FLOWS), Way.OUT_OF_TUNNEL, FRAME);
        // 20.0.0.0/7 holds no tunnel's end.
        long ip = burst.offset(i) + 14;
        Wire.put32(
            FrameMemory.SEGMENT, ip + Ipv4Header.SOURCE_OFFSET, 20 << 24 | random.nextInt(1 << 25));
        Wire.put16(FrameMemory.SEGMENT, ip + Ipv4Header.CHECKSUM_OFFSET, 0);
        int sum = InternetChecksum.sum(FrameMemory.SEGMENT, ip, ip + Ipv4Header.LENGTH);
        Wire.put16(FrameMemory.SEGMENT, ip + Ipv4Header.CHECKSUM_OFFSET, ~sum & 0xffff);
      }
      worker.process(burst);
    }
    long others = packets - worker.count(Reason.NONE) - worker.count(Reason.MISS);
    if (others != 0) {
      throw new IllegalStateException(others + " packets were refused before the lookup");
    }
    return worker.count(Reason.NONE);
  }

  /** All modes, as text. */
  public static String report() {
    List<Row> rows = new ArrayList<>();
    for (MatchMode mode : MatchMode.values()) {
      rows.add(measure(mode, 16, 1 << 20));
    }
    StringBuilder text =
        new StringBuilder(
            String.format(
                "%nStrangers' packets with the inside of a flow's, %,d flows in as many tunnels,"
                    + " 16 tables%n%-7s %12s %18s %10s%n",
                FLOWS, "MODE", "PACKETS", "FALSE, AS COMPUTED", "SEEN"));
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-7s %,12d %18.3f %10d%s%n",
              row.mode(),
              row.packets(),
              row.expected(),
              row.forwarded(),
              row.isPlausible() ? "" : "  not what was computed!"));
    }
    return text.toString().stripTrailing();
  }
}
