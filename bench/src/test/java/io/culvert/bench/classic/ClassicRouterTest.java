package io.culvert.bench.classic;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.router.SentFrame;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The classic path sends what the reference router sends, or nothing. */
class ClassicRouterTest {
  private static final int FLOWS = 300;
  private static final int TUNNELS = 7;
  private static final MemorySegment FRAMES = FrameMemory.SEGMENT;

  private final Topology topology = new Topology(TUNNELS, 50);
  private final TrafficGenerator traffic =
      new TrafficGenerator(topology, new Flows(FLOWS, TUNNELS));
  private final ClassicRouter classic = new ClassicRouter(topology, 32);
  private final ReferenceRouter reference = new ReferenceRouter(scenario(topology));
  private final FrameBurst burst = new FrameBurst(FRAMES, 1);

  private static Scenario scenario(Topology topology) {
    return new ScenarioReader(EncapRegistry.load().providers().map(Guarded::provider))
        .read("topology", topology.scenario())
        .getOrElseThrow(
            errors -> new AssertionError(errors.map(ScenarioError::message).mkString("\n")));
  }

  private void add(int flow, Way way, int length) {
    burst.clear();
    traffic.add(burst, flow, flow, way, length);
  }

  private byte[] frame(long offset, int length) {
    return FRAMES.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Sends the burst's frame through both; true if the classic path forwarded it. */
  private boolean sendsTheSame(Way way) {
    byte[] input = frame(burst.offset(0), burst.length(0));
    classic.process(burst);
    if (classic.port(0) == 0) {
      return false;
    }
    RouterOutcome outcome = reference.process(way.ingress(), input);
    assertThat(outcome).isInstanceOf(RouterOutcome.Forwarded.class);
    assertThat(((RouterOutcome.Forwarded) outcome).frames()).hasSize(1);
    SentFrame expected = ((RouterOutcome.Forwarded) outcome).frames().head();
    assertThat(classic.port(0)).isEqualTo(expected.ifindex());
    byte[] sent = frame(classic.offset(0), classic.length(0));
    assertThat(FrameComparison.difference(expected.bytes(), sent, expected.own())).isEmpty();
    return true;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldForwardEveryFrameOfTheGeneratorAsTheReferenceRouter(Way way) {
    for (int length : new int[] {60, 64, 65, 1500}) {
      for (int flow = 0; flow < FLOWS; flow++) {
        add(flow, way, length);
        assertThat(sendsTheSame(way)).as("flow %d, length %d", flow, length).isTrue();
      }
    }
    assertThat(classic.forwarded()).isEqualTo(4 * FLOWS);
    assertThat(classic.refused()).isZero();
    assertThat(classic.sentPackets(way.egress())).isEqualTo(4 * FLOWS);
    assertThat(classic.receivedPackets(way.ingress())).isEqualTo(4 * FLOWS);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldNeverSendWhatTheReferenceRouterWouldNot(Way way) {
    Random random = new Random(1);
    int forwarded = 0;
    for (int n = 0; n < 20_000; n++) {
      add(random.nextInt(FLOWS), way, 64);
      // One wrong byte anywhere in the headers; often with the checksum put right again.
      long ip = burst.offset(0) + 14;
      long at = burst.offset(0) + random.nextInt(62);
      Wire.put8(FRAMES, at, random.nextInt(256));
      if (random.nextBoolean()) {
        repair(ip);
        repair(ip + Ipv4Header.LENGTH);
      }
      forwarded += sendsTheSame(way) ? 1 : 0;
    }
    assertThat(forwarded).as("frames that were still good").isBetween(1000, 19_000);
  }

  private static void repair(long ip) {
    Wire.put16(FRAMES, ip + Ipv4Header.CHECKSUM_OFFSET, 0);
    int sum = io.culvert.wire.InternetChecksum.sum(FRAMES, ip, ip + Ipv4Header.LENGTH);
    Wire.put16(
        FRAMES, ip + Ipv4Header.CHECKSUM_OFFSET, io.culvert.wire.InternetChecksum.finish(sum));
  }

  @Test
  void shouldHandleEveryPairOfEcnFieldsAsTheReferenceRouter() {
    int forwarded = 0;
    for (int outer = 0; outer < 4; outer++) {
      for (int inner = 0; inner < 4; inner++) {
        add(1, Way.OUT_OF_TUNNEL, 64);
        long ip = burst.offset(0) + 14;
        Ipv4Header.setTos(FRAMES, ip, outer);
        Ipv4Header.setTos(FRAMES, ip + Ipv4Header.LENGTH, 0x28 | inner);
        forwarded += sendsTheSame(Way.OUT_OF_TUNNEL) ? 1 : 0;
      }
    }
    assertThat(forwarded).as("all but CE over Not-ECT").isEqualTo(15);
    for (int inner = 0; inner < 4; inner++) {
      add(1, Way.INTO_TUNNEL, 64);
      Ipv4Header.setTos(FRAMES, burst.offset(0) + 14, 0xb8 | inner);
      assertThat(sendsTheSame(Way.INTO_TUNNEL)).isTrue();
    }
  }
}
