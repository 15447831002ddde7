package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import java.time.Duration;
import java.util.Locale;

/** A flow table with all flows offered, and one worker on {@link FrameMemory}. */
public final class FlowtablePath implements ForwardingPath {
  private static final int MOST_WAYS = 1 << 20;

  private final String name;
  private final FlowTable table;
  private final Worker worker;

  /**
   * A table.
   *
   * @param topology the router
   * @param flows flows to offload
   * @param match match mode
   * @throws IllegalStateException if a flow is refused
   */
  public FlowtablePath(Topology topology, Flows flows, MatchMode match) {
    this(topology, flows, match, TableMemory.whole());
  }

  /**
   * A table.
   *
   * @param topology the router
   * @param flows flows to offload
   * @param match match mode
   * @param memory how the table takes its memory
   * @throws IllegalStateException if a flow is refused
   */
  public FlowtablePath(Topology topology, Flows flows, MatchMode match, TableMemory memory) {
    name = "flowtable, " + match.name().toLowerCase(Locale.ROOT);
    FlowTableConfig config =
        FlowTableConfig.defaults()
            .withMatch(match)
            .withFlows(flows.count(), 1)
            .withMemory(memory)
            .withTemplates(Math.min(MOST_WAYS, 2 * flows.tunnels() + 2));
    table = new FlowTable(config, EncapRegistry.load(), topology);
    table.addPort(Topology.CLIENT_PORT).getOrElseThrow(e -> new IllegalStateException(e.message()));
    table
        .addPort(Topology.UNDERLAY_PORT)
        .getOrElseThrow(e -> new IllegalStateException(e.message()));
    for (int flow = 0; flow < flows.count(); flow++) {
      table
          .offer(
              new FlowOffer(
                  flows.tuple(flow), flows.replyTuple(flow), Topology.CLIENT_PORT, Duration.ZERO))
          .getOrElseThrow(FlowtablePath::refused);
    }
    worker = table.newWorker(FrameMemory.SEGMENT);
  }

  private static IllegalStateException refused(OffloadError error) {
    return new IllegalStateException("a flow was refused: " + error.message());
  }

  @Override
  public String name() {
    return name;
  }

  /** The table. */
  public FlowTable table() {
    return table;
  }

  /** Its worker. */
  public Worker worker() {
    return worker;
  }

  @Override
  public void process(FrameBurst burst) {
    worker.process(burst);
  }

  @Override
  public long forwarded() {
    return worker.count(Reason.NONE);
  }

  @Override
  public int port(FrameBurst burst, int i) {
    return burst.port(i);
  }

  @Override
  public long offset(FrameBurst burst, int i) {
    return burst.offset(i);
  }

  @Override
  public int length(FrameBurst burst, int i) {
    return burst.length(i);
  }
}
