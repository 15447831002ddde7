package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.MatchMode;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.PlainFrames.Ip;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ECN into and out of the tunnel, against tables written by hand from the RFCs. */
class IpipEcnTest {
  private static final MacAddress LAN = new MacAddress(0x02_00_00_00_00_01L);
  private static final MacAddress WAN = new MacAddress(0x02_00_00_00_00_02L);
  private static final MacAddress HOST = new MacAddress(0x02_00_00_00_00_11L);
  private static final MacAddress PEER = new MacAddress(0x02_00_00_00_00_12L);
  private static final int LAN_PORT = 1;
  private static final int WAN_PORT = 2;
  private static final int IPV4_TYPE = 0x0800;

  /** DSCP AF41: what must not change with the mark. */
  private static final int DSCP = 0x88;

  private static int mark(String name) {
    return switch (name) {
      case "Not-ECT" -> 0;
      case "ECT(1)" -> 1;
      case "ECT(0)" -> 2;
      case "CE" -> 3;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Scenario scenario(String ecn) {
    Settings settings = IpipFixture.ends().with("ecn", ecn).with("tos", "inherit").with("ttl", 64);
    return new ScenarioBuilder()
        .port("eth0", LAN)
        .port("eth1", WAN)
        .address("eth0", prefix("192.168.0.2/24"))
        .address("eth1", prefix("192.168.1.1/24"))
        .tunnel("tun0", settings, 1480)
        .address("tun0", prefix("192.168.100.1/24"))
        .neighbour("eth0", address("192.168.0.1"), HOST)
        .neighbour("eth1", address("192.168.1.2"), PEER)
        .route(ScenarioRoute.onLink(prefix("10.2.0.0/16"), "tun0"))
        .build();
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }

  private static OffloadedRouter router(String ecn) {
    ReferenceRouter slow = new ReferenceRouter(scenario(ecn));
    FlowTable table =
        new FlowTable(IpipFixture.config(MatchMode.EXACT), IpipFixture.REGISTRY, slow.network());
    OffloadedRouter router =
        new OffloadedRouter(slow, Option.some(table), Offload.FIRST, Duration.ZERO);
    router.process(LAN_PORT, fromHost(0), 0);
    return router;
  }

  private static byte[] fromHost(int tos) {
    byte[] datagram = PlainFrames.udp(1000, 2000, 0, PlainFrames.pattern(31));
    byte[] packet =
        PlainFrames.ip(
            new Ip(tos, 64, 0x4000, 7),
            address("192.168.0.1"),
            address("10.2.0.9"),
            PlainFrames.UDP,
            datagram);
    return PlainFrames.ethernet(LAN, HOST, IPV4_TYPE, packet);
  }

  private static byte[] fromPeer(int outerTos, int innerTos) {
    byte[] datagram = PlainFrames.udp(2000, 1000, 0, PlainFrames.pattern(31));
    byte[] inner =
        PlainFrames.ip(
            new Ip(innerTos, 64, 0x4000, 7),
            address("10.2.0.9"),
            address("192.168.0.1"),
            PlainFrames.UDP,
            datagram);
    byte[] packet =
        PlainFrames.ip(
            new Ip(outerTos, 64, 0x4000, 9),
            address("192.168.1.2"),
            address("192.168.1.1"),
            PlainFrames.IPIP_PROTOCOL,
            inner);
    return PlainFrames.ethernet(WAN, PEER, IPV4_TYPE, packet);
  }

  /** RFC 6040 §4.2, figure 4: all sixteen pairs. */
  @ParameterizedTest(name = "inner {0}, outer {1}: {2}")
  @CsvSource({
    "Not-ECT, Not-ECT, Not-ECT",
    "Not-ECT, ECT(0),  Not-ECT",
    "Not-ECT, ECT(1),  Not-ECT",
    "Not-ECT, CE,      drop",
    "ECT(0),  Not-ECT, ECT(0)",
    "ECT(0),  ECT(0),  ECT(0)",
    "ECT(0),  ECT(1),  ECT(1)",
    "ECT(0),  CE,      CE",
    "ECT(1),  Not-ECT, ECT(1)",
    "ECT(1),  ECT(0),  ECT(1)",
    "ECT(1),  ECT(1),  ECT(1)",
    "ECT(1),  CE,      CE",
    "CE,      Not-ECT, CE",
    "CE,      ECT(0),  CE",
    "CE,      ECT(1),  CE",
    "CE,      CE,      CE"
  })
  void shouldDecapsulateAsRfc6040(String inner, String outer, String result) {
    // The outer DSCP is the underlay's: it must not come through.
    byte[] frame = fromPeer(0xb8 | mark(outer), DSCP | mark(inner));
    Step step = router("rfc6040").process(WAN_PORT, frame, 0);
    if (result.equals("drop")) {
      assertThat(step.kind()).isEqualTo(Step.Kind.DROP);
      assertThat(step.reason()).isEqualTo("ecn");
      assertThat(step.out()).isEmpty();
      return;
    }
    assertThat(step.kind()).isEqualTo(Step.Kind.FAST);
    byte[] sent = step.out().head().frame();
    assertThat(step.out().head().port()).isEqualTo(LAN_PORT);
    assertThat(sent[PlainFrames.ETHERNET + 1] & 0xff).isEqualTo(DSCP | mark(result));
    byte[] checked = sent.clone();
    PlainFrames.fixHeaderChecksum(checked, PlainFrames.ETHERNET);
    assertThat(sent).as("header checksum").isEqualTo(checked);
  }

  /** RFC 6040 §4.1, normal and compatibility mode, and RFC 3168 §9.1.1 as Linux does it. */
  @ParameterizedTest(name = "{0}: inner {1}, outer {2}")
  @CsvSource({
    "rfc6040,       Not-ECT, Not-ECT",
    "rfc6040,       ECT(0),  ECT(0)",
    "rfc6040,       ECT(1),  ECT(1)",
    "rfc6040,       CE,      CE",
    "rfc3168,       Not-ECT, Not-ECT",
    "rfc3168,       ECT(0),  ECT(0)",
    "rfc3168,       ECT(1),  ECT(1)",
    "rfc3168,       CE,      ECT(0)",
    "compatibility, Not-ECT, Not-ECT",
    "compatibility, ECT(0),  Not-ECT",
    "compatibility, ECT(1),  Not-ECT",
    "compatibility, CE,      Not-ECT"
  })
  void shouldEncapsulateAsItsModeSays(String mode, String inner, String outer) {
    Step step = router(mode).process(LAN_PORT, fromHost(DSCP | mark(inner)), 0);
    assertThat(step.kind()).isEqualTo(Step.Kind.FAST);
    byte[] sent = step.out().head().frame();
    assertThat(sent[PlainFrames.ETHERNET + 1] & 0xff).isEqualTo(DSCP | mark(outer));
    assertThat(sent[PlainFrames.ETHERNET + PlainFrames.IPV4 + 1] & 0xff)
        .as("the inner mark stays")
        .isEqualTo(DSCP | mark(inner));
  }
}
