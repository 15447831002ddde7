package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import io.vavr.control.Either;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However many connections contend for few ports, no two become one. */
class NatUniqueProperties {
  private static final String ROUTER =
      """
      link set eth0 up address 02:00:00:00:00:01
      link set eth1 up address 02:00:00:00:00:11
      addr add 192.0.2.1/24 dev eth1
      route add default via 192.0.2.9
      """;

  private static final String RULES =
      """
      table ip n {
        chain pre { type nat hook prerouting priority dstnat
          ip daddr 203.0.113.1 dnat to 8.8.8.0
          ip daddr 203.0.113.2 dnat to 8.8.8.1-8.8.8.2
        }
        chain post { type nat hook postrouting priority srcnat
          ip saddr 10.0.0.0 snat to 192.0.2.7:2-3
          ip saddr { 10.0.0.1, 10.0.0.2 } masquerade
        }
      }
      """;

  private static final String[] SERVERS = {
    "8.8.8.0", "8.8.8.1", "8.8.8.2", "203.0.113.1", "203.0.113.2"
  };

  @Property(tries = 300)
  void shouldKeepConnectionsApart(
      @ForAll @Size(min = 1, max = 120) java.util.List<@IntRange(max = 239) Integer> packets) {
    Scenario scenario = new ScenarioReader(List.empty()).read("router", ROUTER).get();
    ForwardRules rules = ForwardRules.of(NftReader.read("test", RULES).get(), scenario).get();
    Map<FlowTuple, FlowTuple> outs = new HashMap<>();
    Map<FlowTuple, FlowTuple> byAnswer = new HashMap<>();
    for (int choice : packets) {
      FlowTuple in = tuple(choice);
      Either<RouterOutcome, byte[]> sent = sent(rules, packet(in), 1, 2);
      if (sent.isLeft()) {
        // Only where a rule leaves but two ports.
        assertThat(in.source()).hasToString("10.0.0.0");
        assertThat(outs).doesNotContainKey(in);
        continue;
      }
      FlowTuple answer = new Forwarding(1, 1, 2, packet(in), sent.get()).replyTuple();
      assertThat(outs.getOrDefault(in, answer)).isEqualTo(answer);
      assertThat(byAnswer.getOrDefault(answer, in)).isEqualTo(in);
      outs.put(in, answer);
      byAnswer.put(answer, in);
      assertThat(sent(rules, packet(answer), 2, 1).get()).isEqualTo(packet(in.reversed()));
    }
    assertThat(java.util.Collections.disjoint(outs.keySet(), byAnswer.keySet())).isTrue();
  }

  /** Four hosts, three ports, five servers, two protocols, two server ports. */
  private static FlowTuple tuple(int choice) {
    return new FlowTuple(
        IpAddress.parse("10.0.0." + choice % 4).get(),
        IpAddress.parse(SERVERS[choice / 4 % 5]).get(),
        choice / 20 % 2 == 0 ? PlainFrames.UDP : PlainFrames.TCP,
        2 + choice / 40 % 3,
        53 + choice / 120);
  }

  private static byte[] packet(FlowTuple t) {
    byte[] transport =
        t.protocol() == PlainFrames.TCP
            ? PlainFrames.tcp(t.sourcePort(), t.destinationPort(), 0x10, 0, new byte[0])
            : PlainFrames.udp(t.sourcePort(), t.destinationPort(), 0, new byte[0]);
    byte[] packet =
        PlainFrames.ip(
            PlainFrames.Ip.ttl(64), t.source(), t.destination(), t.protocol(), transport);
    PlainFrames.fixTransportChecksum(packet);
    return packet;
  }

  private static Either<RouterOutcome, byte[]> sent(
      ForwardRules rules, byte[] packet, int from, int to) {
    return rules.prerouting(packet, from).flatMap(p -> rules.postrouting(p, from, to));
  }
}
