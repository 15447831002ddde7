package io.culvert.bench.slice;

import io.culvert.bench.measure.FlowtablePath;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.worker.FrameBurst;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.StringJoiner;

/** The flow table, into IPIP tunnels or out of them, 64-byte frames in bursts of 64. */
public final class FlowtableWork implements SliceWork {
  private static final int BURST = 64;
  private static final int FRAME = 64;

  private final Way way;
  private final TrafficGenerator traffic;
  private final FlowtablePath path;
  private final FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, BURST);

  /**
   * Offers the flows.
   *
   * @param flows flows, spread over the tunnels in turn
   * @param tunnels number of tunnels
   * @param way which way
   * @param match match mode
   * @param memory how the table takes its memory
   */
  public FlowtableWork(Flows flows, int tunnels, Way way, MatchMode match, TableMemory memory) {
    this.way = way;
    Topology topology = new Topology(tunnels, 0);
    traffic = new TrafficGenerator(topology, flows);
    path = new FlowtablePath(topology, flows, match, memory);
  }

  @Override
  public int burst() {
    return BURST;
  }

  @Override
  public void fill() {
    traffic.fill(burst, way, FRAME);
  }

  @Override
  public void process() {
    path.process(burst);
  }

  @Override
  public long done() {
    return path.forwarded();
  }

  /** Of {@value #BURST} flows spread over all, or of all if there are fewer. */
  @Override
  public String show() {
    int count = traffic.flows().count();
    int step = Math.max(1, count / BURST);
    FrameMemory.SEGMENT.fill((byte) 0); // The payload is left as it was, whoever wrote it.
    burst.clear();
    for (int i = 0; i < Math.min(BURST, count); i++) {
      traffic.add(burst, i, i * step, way, FRAME);
    }
    path.process(burst);
    StringJoiner frames = new StringJoiner(" ");
    for (int i = 0; i < burst.size(); i++) {
      frames.add(
          HexFormat.of()
              .formatHex(
                  FrameMemory.SEGMENT
                      .asSlice(burst.offset(i), burst.length(i))
                      .toArray(ValueLayout.JAVA_BYTE)));
    }
    return frames.toString();
  }
}
