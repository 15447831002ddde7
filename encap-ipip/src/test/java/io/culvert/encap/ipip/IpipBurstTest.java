package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.REGISTRY;
import static io.culvert.encap.ipip.IpipFixture.address;
import static io.culvert.encap.ipip.IpipFixture.config;
import static io.culvert.encap.ipip.IpipFixture.holds;

import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.MatchMode;
import io.culvert.testkit.law.BurstLaw;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.law.PlainFrames.Ip;
import io.culvert.testkit.law.TableAction.Arrive;
import io.culvert.testkit.law.TableLaws.Dataplane;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioBuilder;
import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Regressions of law 19 for bursts. */
class IpipBurstTest {
  private static final MacAddress LAN = new MacAddress(0x02_00_00_00_00_01L);
  private static final MacAddress WAN = new MacAddress(0x02_00_00_00_00_02L);
  private static final MacAddress HOST = new MacAddress(0x02_00_00_00_00_11L);
  private static final MacAddress PEER = new MacAddress(0x02_00_00_00_00_12L);

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }

  /** A tunnel inside another one, neither of which sets DF. */
  private static Scenario scenario() {
    return new ScenarioBuilder()
        .port("eth0", LAN)
        .port("eth1", WAN)
        .address("eth0", prefix("192.168.0.2/24"))
        .address("eth1", prefix("192.168.1.1/24"))
        .tunnel("tun0", IpipFixture.ends().with("pmtudisc", false), 1480)
        .address("tun0", prefix("192.168.100.1/24"))
        .tunnel(
            "tun1",
            IpipFixture.ends()
                .with("local", address("192.168.100.1"))
                .with("remote", address("192.168.100.2"))
                .with("pmtudisc", false),
            1460)
        .neighbour("eth0", address("192.168.0.1"), HOST)
        .neighbour("eth1", address("192.168.1.2"), PEER)
        .route(ScenarioRoute.onLink(prefix("10.2.0.0/16"), "tun0"))
        .route(ScenarioRoute.onLink(prefix("10.3.0.0/16"), "tun1"))
        .build();
  }

  private static Arrive to(String destination) {
    byte[] datagram = PlainFrames.udp(1000, 2000, 0, PlainFrames.pattern(31));
    byte[] packet =
        PlainFrames.ip(
            new Ip(0, 64, 0, 7),
            address("192.168.0.1"),
            address(destination),
            PlainFrames.UDP,
            datagram);
    return new Arrive(1, PlainFrames.ethernet(LAN, HOST, 0x0800, packet));
  }

  private static FlowOffer offer(String destination) {
    FlowTuple tuple =
        new FlowTuple(address("192.168.0.1"), address(destination), PlainFrames.UDP, 1000, 2000);
    return new FlowOffer(tuple, 1, Duration.ZERO);
  }

  /**
   * Headers of one layer are finished before those of several, so identifications are handed out in
   * another order when both are in one burst. Nobody may depend on them; all else is the same.
   */
  @Test
  void shouldNotJudgeIdentificationsOfOuterHeaders() {
    holds(
        BurstLaw.law19BurstsDoNotMatter(
            new Dataplane(
                scenario(), REGISTRY, config(MatchMode.EXACT), Offload.NONE, Duration.ZERO),
            List.of(offer("10.3.0.1"), offer("10.2.0.1")),
            List.of(to("10.3.0.1"), to("10.2.0.1")),
            2));
  }
}
