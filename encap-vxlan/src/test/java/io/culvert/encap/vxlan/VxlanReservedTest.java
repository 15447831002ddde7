package io.culvert.encap.vxlan;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.ScenarioError;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reserved bits in packets of a flow: what a strict device leaves to the slow path, which drops it,
 * another one on the same port takes. Frames are put together by hand.
 */
class VxlanReservedTest {
  private static OffloadedRouter router(String words) {
    String text =
        """
        link set eth0 address 02:00:00:00:00:01
        link set eth1 address 02:00:00:00:00:02
        link set eth0 up
        link set eth1 up
        addr add 10.1.0.1/24 dev eth0
        addr add 192.0.2.1/24 dev eth1
        neigh add 10.1.0.2 lladdr 02:00:00:00:00:12 dev eth0
        neigh add 192.0.2.2 lladdr 02:00:00:00:00:22 dev eth1
        link add tun0 address 02:00:00:00:00:03 type vxlan id 7 remote 192.0.2.2 dstport 4789 WORDS
        link add tun1 address 02:00:00:00:00:03 type vxlan id 8 remote 192.0.2.2 dstport 4789
        link set tun0 up
        link set tun1 up
        addr add 10.2.0.1/24 dev tun0
        addr add 10.3.0.1/24 dev tun1
        neigh add 10.2.0.2 lladdr 02:00:00:00:00:32 dev tun0
        neigh add 10.3.0.2 lladdr 02:00:00:00:00:32 dev tun1
        """
            .replace("WORDS", words);
    var scenario =
        new ScenarioReader(List.of(new VxlanProvider()))
            .read("reserved", text)
            .getOrElseThrow(
                errors -> new AssertionError(errors.map(ScenarioError::message).mkString()));
    EncapRegistry registry = EncapRegistry.of(new VxlanProvider());
    ReferenceRouter slow = ReferenceRouter.of(scenario, registry);
    FlowTable table = new FlowTable(FlowTableConfig.defaults(), registry, slow.network());
    return new OffloadedRouter(slow, Option.some(table), Offload.FIRST, Duration.ZERO);
  }

  /** UDP from 10.NET.0.2 to 10.1.0.2 in a segment, checksums of IP right and of UDP none. */
  private static byte[] frame(int vni, int net, long reserved) {
    long header = 0x0800_0000_0000_0000L | (long) vni << 8 | reserved;
    return HexFormat.of()
        .parseHex(
            ("020000000002 020000000022 0800"
                    + "4500004e 00004000 4011 %04x c0000202 c0000201"
                    + "c000 12b5 003a 0000 %016x"
                    + "020000000003 020000000032 0800"
                    + "4500001c 00004000 4011 %04x 0a%02x0002 0a010002 03e8 07d0 0008 0000")
                .formatted(
                    sum(0x4500, 0x4e, 0x4000, 0x4011, 0xc000, 0x0202, 0xc000, 0x0201),
                    header,
                    sum(0x4500, 0x1c, 0x4000, 0x4011, 0x0a00 | net, 2, 0x0a01, 2),
                    net)
                .replace(" ", ""));
  }

  private static int sum(int... words) {
    int sum = 0;
    for (int word : words) {
      sum += word;
    }
    return 0xffff - (sum % 0xffff);
  }

  private static Step receive(OffloadedRouter router, byte[] frame) {
    return router.process(2, frame, 0);
  }

  private static void shouldSend(Step step, Step.Kind kind) {
    assertThat(step.kind()).isEqualTo(kind);
    assertThat(step.out()).hasSize(1);
    assertThat(ByteBuffer.wrap(step.out().head().frame()).getInt(30)).isEqualTo(0x0a010002);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0x8000000000000000, false",
    "'', 0x0400000000000000, false",
    "'', 0x0000000100000000, false",
    "'', 0x0000000000000080, false",
    "reserved strict, 0x0100000000000000, false",
    "reserved ignore, 0x8000000000000000, true",
    "reserved ignore, 0xf7ffffff000000ff, true",
    "reserved_bits 0, 0xf7ffffff000000ff, true",
    "reserved_bits 0xff, 0xf7ffffff00000000, true",
    "reserved_bits 0xff, 0x0000000000000001, false"
  })
  void shouldTakeReservedBitsThatTheDeviceIgnores(String words, String bits, boolean isTaken) {
    long reserved = Long.parseUnsignedLong(bits.substring(2), 16);
    OffloadedRouter router = router(words);
    shouldSend(receive(router, frame(7, 2, 0)), Step.Kind.SLOW);
    shouldSend(receive(router, frame(7, 2, 0)), Step.Kind.FAST);
    Step step = receive(router, frame(7, 2, reserved));
    if (isTaken) {
      shouldSend(step, Step.Kind.FAST);
    } else {
      assertThat(step.out()).isEmpty();
      assertThat(step.reason()).isEqualTo("tunnel-header"); // the slow path's, as Linux
    }
    shouldSend(receive(router, frame(7, 2, 0)), Step.Kind.FAST);
  }

  /** One port, one parser: which bits count is the device's, and known when its flow is. */
  @Test
  void shouldJudgeByDeviceAndNotByPort() {
    OffloadedRouter router = router("reserved ignore");
    shouldSend(receive(router, frame(7, 2, 0x80)), Step.Kind.SLOW);
    shouldSend(receive(router, frame(7, 2, 0x80)), Step.Kind.FAST);
    shouldSend(receive(router, frame(8, 3, 0)), Step.Kind.SLOW);
    shouldSend(receive(router, frame(8, 3, 0)), Step.Kind.FAST);
    assertThat(receive(router, frame(8, 3, 0x80)).out()).isEmpty();
    shouldSend(receive(router, frame(7, 2, 0)), Step.Kind.FAST);
  }
}
