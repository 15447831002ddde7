package io.culvert.docs;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.TableMemory;
import io.culvert.flowtable.WhenFull;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.FramePool;
import io.culvert.flowtable.worker.Verdict;
import io.culvert.flowtable.worker.Worker;
import io.culvert.path.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The example of the README, compiled and run by the build. */
final class EmbeddingExample {
  /** What the example needs of the dataplane around it. */
  interface Dataplane {
    int port(String name);

    List<byte[]> receive();

    void send(int port, byte[] frame);

    /** Forwards by itself; the tuple of a flow that it would forward from now on. */
    Optional<FlowTuple> slowPath(int port, byte[] frame);
  }

  private EmbeddingExample() {}

  static void run(Network network, Dataplane dataplane) {
    // README: begin
    FlowTable table = new FlowTable(FlowTableConfig.defaults(), EncapRegistry.load(), network);
    int eth0 = dataplane.port("eth0");
    table.addPort(eth0);
    table.addPort(dataplane.port("eth1"));
    table.addTunnel(dataplane.port("tun0")); // so that its packets are looked into from the start
    FramePool pool = new FramePool(256, 2048, 128); // or your own native memory: umem, mbufs …
    Worker worker = table.newWorker(pool.memory());
    FrameBurst burst = new FrameBurst(pool.memory(), 256);

    for (byte[] frame : dataplane.receive()) {
      pool.add(burst, frame, eth0, 0);
    }
    table.tick(System.nanoTime());
    worker.process(burst);
    for (int i = 0; i < burst.size(); i++) {
      if (burst.verdict(i) == Verdict.FORWARD) {
        dataplane.send(burst.port(i), pool.copyOut(burst, i));
      } else { // untouched, with burst.reason(i)
        dataplane
            .slowPath(eth0, pool.copyOut(burst, i))
            .ifPresent(flow -> table.offer(new FlowOffer(flow, eth0, Duration.ofSeconds(30))));
      }
    }
    burst.clear();
    // README: end
  }

  static FlowTable large(Network network) {
    // README: large begin
    FlowTableConfig large =
        FlowTableConfig.defaults()
            .withFlows(1 << 22, 1 << 18) // at most, IPv4 and IPv6
            .withMemory(TableMemory.growing(1 << 16, 1 << 12).withHugePages()) // at first
            .withWhenFull(WhenFull.evict(Duration.ofSeconds(5)));
    FlowTable table = new FlowTable(large, EncapRegistry.load(), network);
    // README: large end
    return table;
  }
}
