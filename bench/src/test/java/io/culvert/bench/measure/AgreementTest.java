package io.culvert.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.classic.ClassicRouter;
import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.FrameMemory;
import io.culvert.bench.traffic.Topology;
import io.culvert.bench.traffic.TrafficGenerator;
import io.culvert.bench.traffic.Way;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Wire;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void shouldFindThatAllPathsSendTheSame(int tunnels) {
    Topology topology = new Topology(tunnels, 200);
    Flows flows = new Flows(500, tunnels);
    List<ForwardingPath> paths =
        List.of(
            new ClassicPath("classic", new ClassicRouter(topology, 32)),
            new FlowtablePath(topology, flows, MatchMode.EXACT),
            new FlowtablePath(topology, flows, MatchMode.HASH64));
    TrafficGenerator traffic = new TrafficGenerator(topology, flows);
    assertThat(Agreement.check(paths, traffic, 64)).isEmpty();
    assertThat(Agreement.check(paths, traffic, 1500)).isEmpty();
  }

  /** The same frames as without, but for the client's address and port, and checksums. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void shouldTranslateTheClient(Way way) {
    Topology topology = new Topology(3, 0);
    Flows flows = new Flows(50, 3, true);
    ForwardingPath path = new FlowtablePath(topology, flows, MatchMode.EXACT);
    TrafficGenerator traffic = new TrafficGenerator(topology, flows);
    FrameBurst burst = new FrameBurst(FrameMemory.SEGMENT, 50);
    for (int flow = 0; flow < 50; flow++) {
      traffic.add(burst, flow, flow, way, 64);
    }
    path.process(burst);
    boolean isInto = way == Way.INTO_TUNNEL;
    for (int flow = 0; flow < 50; flow++) {
      long ip = path.offset(burst, flow) + (isInto ? 34 : 14);
      assertThat(Wire.u32(FrameMemory.SEGMENT, ip + (isInto ? 12 : 16)))
          .isEqualTo(isInto ? flows.outside(flow) : Flows.client(flow));
      assertThat(Wire.u16(FrameMemory.SEGMENT, ip + (isInto ? 20 : 22)))
          .isEqualTo(isInto ? flows.outsidePort(flow) : Flows.clientPort(flow));
      assertThat(InternetChecksum.headerIsGood(FrameMemory.SEGMENT, ip)).isTrue();
      assertThat(Wire.u16(FrameMemory.SEGMENT, ip + 26)).isNotIn(0, 0x1234);
    }
    assertThat(path.forwarded()).isEqualTo(50);
  }

  @Test
  void shouldNoticeOneWrongByte() {
    assertThat(disagreement(Fault.WRONG_BYTE)).contains("differ in byte 5");
  }

  @Test
  void shouldNoticeAFrameThatIsNotForwarded() {
    assertThat(disagreement(Fault.NOT_SENT)).contains("did not send flow");
  }

  @Test
  void shouldStopAMeasurementInWhichFramesAreMissing() {
    Topology topology = new Topology(1, 0);
    TrafficGenerator traffic = new TrafficGenerator(topology, new Flows(10, 1));
    // Half of the frames belong to flows that this table does not have.
    ForwardingPath path = new FlowtablePath(topology, new Flows(5, 1), MatchMode.EXACT);
    Measurement measurement =
        new Measurement(
            traffic, 64, List.of(new Measurement.Kind(Way.INTO_TUNNEL, 64)), List.of(path));
    Assertions.assertThatThrownBy(() -> measurement.run(Duration.ZERO, Duration.ZERO))
        .hasMessageContaining("did not forward");
  }

  private enum Fault {
    WRONG_BYTE,
    NOT_SENT
  }

  private static String disagreement(Fault fault) {
    Topology topology = new Topology(1, 0);
    TrafficGenerator traffic = new TrafficGenerator(topology, new Flows(10, 1));
    ForwardingPath good = new ClassicPath("good", new ClassicRouter(topology, 32));
    ForwardingPath bad = new Faulty(new ClassicRouter(topology, 32), fault);
    return Agreement.check(List.of(good, bad), traffic, 64).orElse("");
  }

  private record Faulty(ClassicRouter router, Fault fault) implements ForwardingPath {
    @Override
    public String name() {
      return "bad";
    }

    @Override
    public void process(FrameBurst burst) {
      router.process(burst);
      if (fault == Fault.WRONG_BYTE) {
        Wire.put8(FrameMemory.SEGMENT, router.offset(3) + 5, 0xee);
      }
    }

    @Override
    public long forwarded() {
      return router.forwarded();
    }

    @Override
    public int port(FrameBurst burst, int i) {
      return fault == Fault.NOT_SENT && i == 3 ? 0 : router.port(i);
    }

    @Override
    public long offset(FrameBurst burst, int i) {
      return router.offset(i);
    }

    @Override
    public int length(FrameBurst burst, int i) {
      return router.length(i);
    }
  }
}
