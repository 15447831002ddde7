package io.culvert.bench.measure;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.OfferReport;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.RoutedOffer;
import io.culvert.flowtable.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A flow table whose ways are known, so that flows are offered in bulk. Clock at 0 at first. */
final class RoutedTable {
  private static final int BULK = 4096;

  final FlowTable table;
  private final Flows flows;
  private final Way[] out;
  private final Way back;

  /**
   * A table without flows.
   *
   * @param config its properties; its room for ways is set here
   * @param topology the router
   * @param flows flows that may be offered
   */
  RoutedTable(FlowTableConfig config, Topology topology, Flows flows) {
    this.flows = flows;
    FlowTableConfig sized = config.withTemplates(2 * flows.tunnels() + 2);
    table = new FlowTable(sized, EncapRegistry.load(), topology);
    table.addPort(Topology.CLIENT_PORT).getOrElseThrow(e -> new IllegalStateException(e.message()));
    table
        .addPort(Topology.UNDERLAY_PORT)
        .getOrElseThrow(e -> new IllegalStateException(e.message()));
    table.tick(0);
    out = new Way[flows.tunnels()];
    for (int tunnel = 0; tunnel < out.length; tunnel++) {
      out[tunnel] = way(flows, tunnel, false);
    }
    back = way(flows, 0, true);
  }

  private Way way(Flows all, int flow, boolean isReply) {
    var tuple = isReply ? all.replyTuple(flow) : all.tuple(flow);
    return table.way(tuple.source(), tuple.destination()).getOrElseThrow(RoutedTable::refused);
  }

  private static IllegalStateException refused(OffloadError error) {
    return new IllegalStateException("refused: " + error.message());
  }

  /** The flows that may be offered. */
  Flows flows() {
    return flows;
  }

  /** An offer of a flow; a timeout of zero is never. */
  RoutedOffer offer(int flow, Duration timeout) {
    FlowOffer offer =
        new FlowOffer(flows.tuple(flow), flows.replyTuple(flow), Topology.CLIENT_PORT, timeout);
    return new RoutedOffer(offer, out[flows.tunnel(flow)], back);
  }

  /**
   * Offers flows.
   *
   * @throws IllegalStateException if one is refused
   */
  void fill(int from, int to, Duration timeout) {
    List<RoutedOffer> offers = new ArrayList<>(BULK);
    for (int flow = from; flow < to; ) {
      offers.clear();
      for (; offers.size() < BULK && flow < to; flow++) {
        offers.add(offer(flow, timeout));
      }
      OfferReport report = table.offerAll(offers);
      if (report.accepted() != offers.size()) {
        throw refused(report.refusals().head().error());
      }
    }
  }
}
