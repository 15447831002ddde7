package io.culvert.bench.measure;

import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Stack;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.testkit.codec.PlainCodecs;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.PlainFrames.Ip;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome.Forwarded;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * A flow table in front of tunnels of any kind, with the frames of its flows as the reference
 * router makes them: the peers' frames are what their own routers send. What the table sends is
 * compared with the reference router before anything is measured.
 */
public final class StackPath {
  private static final int CLIENT_PORT = 1;
  private static final int UNDERLAY_PORT = 2;
  private static final IpAddress CLIENT = IpAddress.parse("192.168.0.10").get();
  private static final MacAddress OURS = new MacAddress(0x02_00_00_00_00_01L);
  private static final MacAddress HOST = new MacAddress(0x02_00_00_00_00_0aL);
  private static final MacAddress SERVER = new MacAddress(0x02_00_00_00_00_09L);
  private static final Ip FIELDS = new Ip(0, 64, 0x4000, 7);

  /** Bytes of a UDP payload that make an Ethernet frame of 64 bytes without FCS. */
  private static final int PAYLOAD = 22;

  private static final int FIRST_PORT = 1024;

  /** Frames after which the order begins again; a power of two. */
  private static final int ORDER = 1 << 14;

  private final Worker worker;
  private final MemorySegment[] into;
  private final MemorySegment[] outOf;
  private final int[] order;

  /**
   * Offers the flows and checks the frames.
   *
   * @param flows number of flows, spread over the tunnels in turn
   * @param tunnels number of tunnels
   * @param stack the kind of each
   * @param registry the modules loaded
   * @param run frames in a row that use the same tunnel; 1 for a random order
   */
  public StackPath(
      int flows, int tunnels, IntFunction<Stack> stack, EncapRegistry registry, int run) {
    Scenario ours = read(Stack.ours(tunnels, stack), registry);
    FlowTableConfig config =
        FlowTableConfig.defaults().withFlows(flows, 1).withTemplates(2 * tunnels + 2);
    ReferenceRouter router = new ReferenceRouter(ours, PlainCodecs.installed());
    FlowTable table = new FlowTable(config, registry, router.network());
    table.addPort(CLIENT_PORT);
    table.addPort(UNDERLAY_PORT);
    into = new MemorySegment[flows];
    outOf = new MemorySegment[flows];
    worker = table.newWorker(FrameMemory.SEGMENT);
    Map<Integer, ReferenceRouter> peers = new HashMap<>();
    for (int flow = 0; flow < flows; flow++) {
      ReferenceRouter peer =
          peers.computeIfAbsent(
              flow % tunnels,
              tunnel ->
                  new ReferenceRouter(
                      read(Stack.peers(tunnel, stack.apply(tunnel)), registry),
                      PlainCodecs.installed()));
      FlowTuple tuple = tuple(flow, tunnels);
      table
          .offer(new FlowOffer(tuple, CLIENT_PORT, Duration.ZERO))
          .getOrElseThrow(error -> new IllegalStateException(error.message()));
      byte[] plain = frame(tuple, OURS, HOST);
      byte[] back = frame(tuple.reversed(), OURS, SERVER);
      byte[] wrapped = sent(peer, CLIENT_PORT, back).bytes();
      into[flow] = MemorySegment.ofArray(plain);
      outOf[flow] = MemorySegment.ofArray(wrapped);
      check(router, CLIENT_PORT, plain);
      check(router, UNDERLAY_PORT, wrapped);
    }
    order = order(flows, tunnels, run);
  }

  private static Scenario read(String text, EncapRegistry registry) {
    return new ScenarioReader(registry.providers().map(Guarded::provider))
        .read("measured", text)
        .getOrElseThrow(
            errors -> new IllegalStateException(errors.map(ScenarioError::message).mkString("\n")));
  }

  /** Flows of one tunnel differ by their source port. */
  private static FlowTuple tuple(int flow, int tunnels) {
    return new FlowTuple(
        CLIENT,
        IpAddress.parse(Stack.net(flow % tunnels) + ".9").get(),
        PlainFrames.UDP,
        FIRST_PORT + flow / tunnels,
        2000);
  }

  private static byte[] frame(FlowTuple tuple, MacAddress to, MacAddress from) {
    byte[] datagram =
        PlainFrames.udp(
            tuple.sourcePort(), tuple.destinationPort(), 0, PlainFrames.pattern(PAYLOAD));
    byte[] packet =
        PlainFrames.ip(FIELDS, tuple.source(), tuple.destination(), PlainFrames.UDP, datagram);
    return PlainFrames.ethernet(to, from, 0x0800, packet);
  }

  private static SentFrame sent(ReferenceRouter router, int port, byte[] frame) {
    return router.process(port, frame) instanceof Forwarded(Seq<SentFrame> sent, var _)
        ? sent.head()
        : throwNotForwarded(port);
  }

  private static SentFrame throwNotForwarded(int port) {
    throw new IllegalStateException("the reference router does not forward: port=" + port);
  }

  /** The table must send what the reference router does. */
  private void check(ReferenceRouter router, int port, byte[] frame) {
    SentFrame expected = sent(router, port, frame);
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, 1);
    add(burst, MemorySegment.ofArray(frame), port, 0);
    worker.process(burst);
    if (burst.reason(0) != Reason.NONE) {
      throw new IllegalStateException("the flow table leaves a frame: " + burst.reason(0));
    }
    byte[] sent =
        FrameMemory.SEGMENT
            .asSlice(burst.offset(0), burst.length(0))
            .toArray(ValueLayout.JAVA_BYTE);
    Option<String> difference = FrameComparison.difference(expected.bytes(), sent, expected.own());
    if (difference.isDefined() || burst.port(0) != expected.ifindex()) {
      throw new IllegalStateException("the flow table sends another frame: " + difference);
    }
  }

  /** Flows in runs of one tunnel, or at random; the same each time. */
  private static int[] order(int flows, int tunnels, int run) {
    SplittableRandom random = new SplittableRandom(1);
    int[] order = new int[ORDER];
    for (int at = 0; at < ORDER; at += run) {
      int tunnel = random.nextInt(tunnels);
      for (int i = at; i < Math.min(ORDER, at + run); i++) {
        int ofTunnel = (flows - tunnel + tunnels - 1) / tunnels;
        order[i] = tunnel + tunnels * random.nextInt(ofTunnel);
      }
    }
    return order;
  }

  private static void add(FrameBurst burst, MemorySegment frame, int port, long number) {
    long slot = FrameMemory.slotStart(number);
    long at = slot + FrameMemory.HEADROOM;
    int length = (int) frame.byteSize();
    MemorySegment.copy(frame, 0, FrameMemory.SEGMENT, at, length);
    burst.add(slot, at, length, port, 0);
  }

  /**
   * Writes the next frames into a burst, in place of what is in it.
   *
   * @param number count of the frames written so far
   * @return the count after it
   */
  public long fill(FrameBurst burst, Way way, long number) {
    burst.clear();
    boolean isInto = way == Way.INTO_TUNNEL;
    MemorySegment[] frames = isInto ? into : outOf;
    int port = isInto ? CLIENT_PORT : UNDERLAY_PORT;
    for (int i = 0; i < burst.capacity(); i++) {
      add(burst, frames[order[(int) number & ORDER - 1]], port, number);
      number++;
    }
    return number;
  }

  /** Forwards a burst. */
  public void process(FrameBurst burst) {
    worker.process(burst);
  }

  /** Frames forwarded so far. */
  public long forwarded() {
    return worker.count(Reason.NONE);
  }
}
