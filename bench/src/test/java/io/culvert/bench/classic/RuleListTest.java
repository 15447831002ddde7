package io.culvert.bench.classic;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.bench.traffic.Flows;
import io.culvert.bench.traffic.Topology;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleListTest {
  private static final int UDP = 17;

  @Test
  void shouldAcceptTheGeneratorsFlowsSoThatEveryRuleIsTried() {
    RuleList rules = RuleList.ofSize(32);
    for (int flow = 0; flow < 100_000; flow += 7) {
      int client = Flows.client(flow);
      int server = Topology.server(flow % 1024);
      assertThat(rules.accepts(client, server, UDP, Flows.SERVER_PORT)).isTrue();
      assertThat(rules.accepts(server, client, UDP, Flows.clientPort(flow))).isTrue();
    }
  }

  @Test
  void shouldDropSomethingElse() {
    RuleList rules = RuleList.ofSize(32);
    Random random = new Random(1);
    long dropped =
        random.ints(100_000).filter(port -> !rules.accepts(1, 2, UDP, port & 0xffff)).count();
    assertThat(dropped).isPositive();
  }

  @Test
  void shouldAcceptAllWithoutRules() {
    RuleList none = RuleList.ofSize(0);
    assertThat(none.size()).isZero();
    assertThat(none.accepts(1, 2, UDP, 3)).isTrue();
  }
}
