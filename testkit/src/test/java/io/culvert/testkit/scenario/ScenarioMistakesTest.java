package io.culvert.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.TestIpip;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioMistakesTest {
  private static Seq<ScenarioError> errors(String text) {
    return new ScenarioReader(List.of(new TestIpip())).read("r.batch", text).getLeft();
  }

  /** Each text follows {@code link set eth0 up}, so its line is 2. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "lnk add|r.batch:2:1: found 'lnk'; expected one of: address, route",
        "ip -5 link|r.batch:2:4: found '-5'; expected one of: -4, -6, -family",
        "link|r.batch:2:5: found end of line; expected one of: add, set",
        "link del eth0|r.batch:2:6: found 'del'; expected one of: add, set",
        "link set eth0 upp|r.batch:2:15: found 'upp'; expected one of: up, down, mtu BYTES",
        "link set eth0 mtu|r.batch:2:18: found end of line; expected a number 68..65535",
        "link set eth0 mtu 7|r.batch:2:19: found '7'; expected a number 68..65535",
        "link set eth0 name lan|r.batch:2:15: found 'name'; expected one of: up",
        "link set eth0 address 02:00:00|r.batch:2:23: found '02:00:00'; expected a MAC address",
        "link set a-name-that-is-too-long up|r.batch:2:10: found 'a-name-that-is-too-long'",
        "link add eth0 type ipip|r.batch:2:10: device 'eth0' exists; expected another name",
        "link add t type ipp|r.batch:2:17: found 'ipp'; expected one of: amt, bareudp",
        "link add t type ipip ttl 300|r.batch:2:26: found '300'; expected a number 0..255 or inherit",
        "link add t type ipip lokal 1.2.3.4|r.batch:2:22: found 'lokal'; expected one of: local, remote",
        "link add t type ipip remote fd00::1|r.batch:2:29: found 'fd00::1'; expected an IPv4 address",
        "link add t type ipip dev eth9|r.batch:2:26: no device 'eth9'; expected eth0",
        "link add t type ipip|r.batch:2:17: remote is missing; expected an IPv4 address",
        "link add type ipip|r.batch:2:10: found 'type'; expected a name for the new device",
        "link add t|r.batch:2:11: found end of line; expected one of: link DEVICE",
        "addr add 192.168.0.1/33 dev eth0|r.batch:2:10: found '192.168.0.1/33'; expected an IP address",
        "addr add 192.168.0.1/24|r.batch:2:24: found end of line; expected dev DEVICE",
        "addr add 192.168.0.1/24 dev eth1|r.batch:2:29: no device 'eth1'; expected eth0",
        "addr add 192.168.0.1/24 dev eth0 foo|r.batch:2:34: found 'foo'; expected one of: dev DEVICE",
        "neigh add 192.168.0.9 dev eth0|r.batch:2:31: found end of line; expected lladdr MAC",
        "neigh add 192.168.0.9 lladdr x dev eth0|r.batch:2:30: found 'x'; expected a MAC address",
        "route add 10.0.0.0/8|r.batch:2:21: found end of line; expected one of: via ADDRESS",
        "route add 10.0.0.1/8 dev eth0|r.batch:2:11: found '10.0.0.1/8'; expected a prefix without host"
            + " bits: 10.0.0.0/8",
        "route add default via 10.9.9.9|r.batch:2:11: no device leads to the gateway 10.9.9.9",
        "route add default via fd00::1 table 7|r.batch:2:37: found '7'; expected one of: main, 254",
        "route add 10.0.0.0/8 via fd00::1 dev eth0|r.batch:2:11: found '10.0.0.0/8'; expected a"
            + " destination of the same family",
        "rule add from all table 7|r.batch:2:1: found 'rule'; expected one of: address",
        "sysctl -w x=1|r.batch:2:1: found 'sysctl'; expected one of: address"
      })
  void shouldSayWhereAndWhatWasExpected(String command, String message) {
    Seq<ScenarioError> errors = errors("link set eth0 up\n" + command + "\n");
    assertThat(errors).hasSize(1);
    assertThat(errors.head().message()).startsWith(message);
  }

  @Test
  void shouldReportAllMistakesOfAText() {
    Seq<ScenarioError> errors = errors("lnk\n# fine\nlink set eth0 up\n\n  foo bar\n");
    assertThat(errors.map(ScenarioError::line).asJava()).containsExactly(1, 5);
    assertThat(errors.last().column()).isEqualTo(3);
  }

  @Test
  void shouldRefuseTwoRoutesToOnePrefix() {
    Seq<ScenarioError> errors =
        errors(
            "link set eth0 up\nroute add 10.0.0.0/8 dev eth0\nroute add 10.0.0.0/8 via 10.1.1.1\n");
    assertThat(errors.head().message())
        .startsWith("r.batch:3:11: a route to 10.0.0.0/8 with metric 0 exists; expected one of:");
  }
}
