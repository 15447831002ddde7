package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.TestIpip;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rulesets that the golden {@code ft-*} scenarios were captured with, as the kernel got them.
 */
class GoldenRulesetsTest {
  private static final String ROUTER =
      """
      link set eth0 up address 02:00:00:00:00:01
      link set eth1 up address 02:00:00:00:00:11
      link add tun0 up type ipip local 192.168.1.1 remote 192.168.1.2
      """;

  private static Ruleset read(String name) {
    try (InputStream file = GoldenRulesetsTest.class.getResourceAsStream(name + ".nft")) {
      assertThat(file).as(name).isNotNull();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return NftReader.read(name, text)
          .getOrElseThrow(
              errors -> new AssertionError(errors.map(NftError::message).mkString("\n")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Either<Seq<RefusedRun>, ForwardRules> run(String name) {
    Scenario scenario = new ScenarioReader(List.of(new TestIpip())).read("router", ROUTER).get();
    return ForwardRules.of(read(name), scenario);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ft-bridge",
        "ft-clientvlan-vlan",
        "ft-dnat",
        "ft-dnat-inbound",
        "ft-dnat-masquerade",
        "ft-gre-devtun0",
        "ft-ipip",
        "ft-ipip-devtun0",
        "ft-ipip-devtun0-masquerade",
        "ft-masquerade",
        "ft-plain",
        "ft-pppoe",
        "ft-pppoe-masquerade",
        "ft-qinq",
        "ft-snat-port",
        "ft-vlan",
        "ft-vlan-egress-qos",
        "ft-vlan-ipip-devtun0",
        "ft-vlan-masquerade",
        "ft-vlan-pppoe",
        "ft-vxlan-devtun0"
      })
  void shouldRun(String name) {
    ForwardRules rules = run(name).get();
    assertThat(rules.ports().get().asJava()).containsExactly(1, 2);
    assertThat(rules.counters().map(RuleCounters.Reading::name).asJava())
        .containsExactly("inet filter slow", "inet filter forward 6:18");
  }

  @ParameterizedTest
  @ValueSource(strings = "ft-none-baseline")
  void shouldRunWithoutFlowtable(String name) {
    assertThat(run(name).get().ports()).isEmpty();
  }
}
