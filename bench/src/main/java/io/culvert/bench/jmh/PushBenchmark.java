package io.culvert.bench.jmh;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.MacAddress;
import io.culvert.wire.Wire;
import io.vavr.collection.List;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a push costs: the composed template against headers written by hand, field by field.
 *
 * <p>{@code composed} is the whole way of a frame of one flow through the table, with as many
 * tunnels over each other as {@code layers} says; the difference to no layer is the push. {@code
 * byHand} writes Ethernet and that many IPv4 headers in front of the same frame through the
 * accessors of {@code wire}, a store for each field and a checksum over each header, and does
 * nothing else; the difference to no layer is the push again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PushBenchmark {
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;
  private static final int BURST = 64;
  private static final int LOCAL = 0xc0a80101;

  /** Tunnels over each other. */
  @Param({"0", "1", "3"})
  public int layers;

  private byte[] frame;
  private FrameBurst burst;
  private Worker worker;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // Set by JMH, and in setUp.
  public PushBenchmark() {}

  /** Offers the flow, and checks what is sent. */
  @Setup
  public void setUp() {
    Settings tunnel = Settings.of("ipip").with("ttl", 64);
    Scenario router =
        new TunnelStack(List.fill(layers, () -> tunnel)).scenario(TunnelStack.Side.NEAR);
    IpAddress client = IpAddress.parse("10.0.0.10").get();
    IpAddress server = IpAddress.parse("10.9.0.10").get();
    MacAddress port = router.device(TunnelStack.CLIENT_PORT).get().address().get();
    byte[] packet =
        PlainFrames.ip(
            PlainFrames.Ip.ttl(64),
            client,
            server,
            PlainFrames.UDP,
            PlainFrames.udp(1024, 80, 0, new byte[22]));
    frame = PlainFrames.ethernet(port, new MacAddress(0x02_00_00_00_ff_01L), 0x0800, packet);
    FlowTable table =
        new FlowTable(FlowTableConfig.defaults(), EncapRegistry.load(), router.network());
    table.addPort(TunnelStack.CLIENT_PORT);
    table.addPort(TunnelStack.TUNNEL_PORT);
    FlowTuple flow = new FlowTuple(client, server, PlainFrames.UDP, 1024, 80);
    table
        .offer(new FlowOffer(flow, TunnelStack.CLIENT_PORT, Duration.ZERO))
        .getOrElseThrow(error -> new IllegalStateException(error.message()));
    burst = new FrameBurst(FRAMES, BURST);
    worker = table.newWorker(FRAMES);
    fill(0);
    worker.process(burst);
    boolean isPushed = burst.length(0) == frame.length + layers * Ipv4Header.LENGTH;
    if (worker.count(Reason.NONE) != BURST || !isPushed) {
      throw new IllegalStateException(burst.reason(0) + ", " + burst.length(0) + " bytes");
    }
    checkByHand(burst.offset(0), burst.length(0));
  }

  /** By hand comes the same out, but for addresses and MAC addresses, which are made up. */
  private void checkByHand(long at, int length) {
    byte[] composed = FRAMES.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    fill(0);
    pushByHand(burst.offset(0), burst.length(0));
    byte[] byHand =
        FRAMES
            .asSlice(FrameMemory.HEADROOM - (long) layers * Ipv4Header.LENGTH, length)
            .toArray(ValueLayout.JAVA_BYTE);
    for (int layer = 0; layer < layers; layer++) {
      int ip = 14 + layer * Ipv4Header.LENGTH;
      if (PlainFrames.u16(composed, ip + 2) != PlainFrames.u16(byHand, ip + 2)
          || !InternetChecksum.headerIsGood(
              FRAMES, FrameMemory.HEADROOM - (long) (layers - layer) * Ipv4Header.LENGTH + 14)) {
        throw new IllegalStateException("by hand, header " + layer + " is another");
      }
    }
  }

  private void fill(int first) {
    burst.clear();
    for (int i = 0; i < BURST; i++) {
      long slot = FrameMemory.slotStart((long) first + i);
      long at = slot + FrameMemory.HEADROOM;
      MemorySegment.copy(frame, 0, FRAMES, ValueLayout.JAVA_BYTE, at, frame.length);
      burst.add(slot, at, frame.length, TunnelStack.CLIENT_PORT, 0);
    }
  }

  /** The flow table's way. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long composed() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += BURST) {
      fill(n);
      worker.process(burst);
    }
    return burst.offset(0);
  }

  /** Field by field. */
  @Benchmark
  @OperationsPerInvocation(Frames.PER_INVOCATION)
  public long byHand() {
    for (int n = 0; n < Frames.PER_INVOCATION; n += BURST) {
      fill(n);
      for (int i = 0; i < BURST; i++) {
        pushByHand(burst.offset(i), burst.length(i));
      }
    }
    return burst.offset(0);
  }

  private void pushByHand(long at, int length) {
    long ip = at + 14;
    int total = length - 14;
    for (int layer = 0; layer < layers; layer++) {
      ip -= Ipv4Header.LENGTH;
      total += Ipv4Header.LENGTH;
      Wire.put8(FRAMES, ip, Ipv4Header.VERSION_4_IHL_5);
      Wire.put8(FRAMES, ip + 1, 0);
      Wire.put16(FRAMES, ip + 2, total);
      Wire.put16(FRAMES, ip + Ipv4Header.ID_OFFSET, 0);
      Wire.put16(FRAMES, ip + Ipv4Header.FRAGMENT_OFFSET, Ipv4Header.DF);
      Wire.put8(FRAMES, ip + Ipv4Header.TTL_OFFSET, 64);
      Wire.put8(FRAMES, ip + Ipv4Header.TTL_OFFSET + 1, 4);
      Wire.put16(FRAMES, ip + Ipv4Header.CHECKSUM_OFFSET, 0);
      Wire.put32(FRAMES, ip + Ipv4Header.SOURCE_OFFSET, LOCAL);
      Wire.put32(FRAMES, ip + Ipv4Header.SOURCE_OFFSET + 4, LOCAL + 1);
      int sum = InternetChecksum.sum(FRAMES, ip, ip + Ipv4Header.LENGTH);
      Wire.put16(FRAMES, ip + Ipv4Header.CHECKSUM_OFFSET, ~sum & 0xffff);
    }
    Wire.put64(FRAMES, ip - 14, 0x0200_0000_0202_0200L);
    Wire.put32(FRAMES, ip - 6, 0x0000_0102);
    Wire.put16(FRAMES, ip - 2, 0x0800);
  }
}
