package io.culvert.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.testkit.golden.GoldenConformance;
import io.culvert.testkit.golden.GoldenConformance.Result;
import io.culvert.testkit.golden.GoldenConformance.Verdict;
import io.culvert.testkit.golden.GoldenScenario;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.Ipv4Address;
import io.vavr.collection.Seq;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A GRE packet from the client to the server, which a kernel only forwarded, as a flow of its own:
 * through a plain router, and into each kind of tunnel, GRE too.
 */
class TransitGoldenTest {
  private static final int GRE = 47;
  private static final int CLIENT = 0xc0a8000a;
  private static final int SERVER = 0x0a000009;

  private static final FlowTuple TUPLE =
      new FlowTuple(new Ipv4Address(CLIENT), new Ipv4Address(SERVER), GRE, 0, 0);

  private int passed;
  private int fast;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain-routing",
        "vlan",
        "pppoe",
        "ipip-tos-inherit",
        "ipip-ttl-inherit",
        "gre",
        "gretap",
        "vxlan-noudpcsum",
        "stack-vlan-ipip"
      })
  void shouldSendTheSameByTheFastPath(String name) {
    GoldenScenario golden = GoldenScenario.named(name);
    EncapRegistry registry = EncapRegistry.load();
    Scenario scenario =
        new ScenarioReader(registry.providers().map(Guarded::provider))
            .read(name, golden.text())
            .get();
    FastPath path = new FastPath(golden, scenario, registry, Offload.FIRST);
    Seq<Result> results =
        GoldenConformance.compare(
            golden, scenario, (ifindex, frame) -> process(path, ifindex, frame));
    assertThat(results.filter(r -> r.verdict() == Verdict.DIFFERENT).map(Result::difference))
        .isEmpty();
    assertThat(passed).isEqualTo(1);
    assertThat(fast).isEqualTo(1);
  }

  private RouterOutcome process(FastPath path, int ifindex, byte[] frame) {
    if (!passes(frame)) {
      return path.process(ifindex, frame);
    }
    path.offer(TUPLE, ifindex);
    int before = path.fast();
    RouterOutcome outcome = path.process(ifindex, frame);
    passed++;
    fast += path.fast() - before;
    return outcome;
  }

  private static boolean passes(byte[] frame) {
    return frame.length >= 38
        && number(frame, 12) >>> 16 == 0x0800
        && frame[23] == GRE
        && number(frame, 26) == CLIENT
        && number(frame, 30) == SERVER;
  }

  private static int number(byte[] frame, int at) {
    return java.nio.ByteBuffer.wrap(frame).getInt(at);
  }
}
