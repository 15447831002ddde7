package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Echoes and ICMP errors of translated connections (RFC 5508 §3 and §4). */
class NatIcmpTest {
  private static final String ROUTER =
      """
      link set eth0 up address 02:00:00:00:00:01
      link set eth1 up address 02:00:00:00:00:11
      addr add 192.0.2.1/24 dev eth1
      addr add fd01::1/64 dev eth1
      route add default via 192.0.2.9
      route add default via fd01::9
      """;

  private static final String BOTH =
      """
      table inet n {
        chain pre { type nat hook prerouting priority dstnat
          iifname eth0 ip daddr 203.0.113.5 udp dport 8053 dnat to 8.8.8.8:53
          iifname eth0 ip6 daddr fd05::5 udp dport 8053 dnat to [fd08::8]:53
        }
        chain post { type nat hook postrouting priority srcnat; oifname eth1 masquerade; }
      }
      """;

  private final ForwardRules rules = rules();

  private static ForwardRules rules() {
    Scenario scenario = new ScenarioReader(List.empty()).read("router", ROUTER).get();
    return ForwardRules.of(NftReader.read("test", BOTH).get(), scenario).get();
  }

  private static byte[] ip(String from, String to, int protocol, byte[] payload) {
    return PlainFrames.ip(
        PlainFrames.Ip.ttl(64),
        IpAddress.parse(from).get(),
        IpAddress.parse(to).get(),
        protocol,
        payload);
  }

  private static byte[] udp(String from, int port, String to, int toPort) {
    byte[] packet = ip(from, to, 17, PlainFrames.udp(port, toPort, 0, new byte[20]));
    PlainFrames.fixTransportChecksum(packet);
    return packet;
  }

  private static byte[] icmp(String from, String to, int type, int id, byte[] quoted) {
    boolean v4 = !from.contains(":");
    byte[] message = new byte[8 + quoted.length];
    message[0] = (byte) type;
    PlainFrames.put16(message, 4, id);
    System.arraycopy(quoted, 0, message, 8, quoted.length);
    byte[] packet = ip(from, to, v4 ? 1 : 58, message);
    // RFC 4443 §2.3: IPv6's covers the addresses, the length and the protocol.
    byte[] covered = message;
    if (!v4) {
      covered = Arrays.copyOf(Arrays.copyOfRange(packet, 8, 40), 32 + 4 + message.length);
      PlainFrames.put16(covered, 32, message.length);
      PlainFrames.put16(covered, 34, 58);
      System.arraycopy(message, 0, covered, 36, message.length);
    }
    PlainFrames.put16(packet, (v4 ? 20 : 40) + 2, Octets.checksum(covered, 0, covered.length));
    return packet;
  }

  private byte[] sent(byte[] packet, int from, int to) {
    return rules
        .prerouting(packet, from)
        .flatMap(p -> rules.postrouting(p, from, to))
        .getOrElseThrow(outcome -> new AssertionError(outcome.word()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTranslateEchoesAndKeepTheirIdentifiersApart(boolean v4) {
    String[] hosts = {v4 ? "10.0.0.1" : "fd00::1", v4 ? "10.0.0.2" : "fd00::2"};
    String server = v4 ? "8.8.8.8" : "fd08::8";
    String own = v4 ? "192.0.2.1" : "fd01::1";
    int request = v4 ? 8 : 128;
    int reply = v4 ? 0 : 129;
    for (int i = 0; i < 2; i++) {
      byte[] asked = icmp(hosts[i], server, request, 7, new byte[5]);
      assertThat(sent(asked, 1, 2)).isEqualTo(icmp(own, server, request, 7 + i, new byte[5]));
    }
    for (int i = 0; i < 2; i++) {
      byte[] answer = icmp(server, own, reply, 7 + i, new byte[3]);
      assertThat(sent(answer, 2, 1)).isEqualTo(icmp(server, hosts[i], reply, 7, new byte[3]));
    }
  }

  /** From a router on the way, about a packet as it left: told about as it came. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTranslateErrorsAndWhatTheyQuote(boolean v4) {
    String host = v4 ? "10.0.0.1" : "fd00::1";
    String front = v4 ? "203.0.113.5" : "fd05::5";
    String server = v4 ? "8.8.8.8" : "fd08::8";
    String own = v4 ? "192.0.2.1" : "fd01::1";
    String hop = v4 ? "192.0.2.9" : "fd01::9";
    int exceeded = v4 ? 11 : 3;
    byte[] came = udp(host, 4000, front, 8053);
    byte[] went = sent(came, 1, 2);
    assertThat(went).isEqualTo(udp(own, 4000, server, 53));
    for (int quoted : new int[] {(v4 ? 20 : 40) + 8, went.length}) {
      byte[] about = Arrays.copyOf(went, quoted);
      byte[] told = icmp(hop, own, exceeded, 0, about);
      // Where a destination was translated the error comes from what the host thinks it talks to.
      assertThat(sent(told, 2, 1))
          .isEqualTo(icmp(front, host, exceeded, 0, Arrays.copyOf(came, quoted)));
    }
    // And the other way: the host cannot take the answer.
    byte[] answer = udp(server, 53, own, 4000);
    byte[] answered = sent(answer, 2, 1);
    assertThat(sent(icmp(host, front, v4 ? 3 : 1, 0, answered), 1, 2))
        .isEqualTo(icmp(own, server, v4 ? 3 : 1, 0, answer));
  }

  @Test
  void shouldLeaveErrorsAloneThatAreNobodysOrGoElsewhere() {
    sent(udp("10.0.0.1", 4000, "8.8.4.4", 53), 1, 2);
    byte[] about = udp("192.0.2.1", 4000, "8.8.4.4", 53);
    byte[] elsewhere = icmp("192.0.2.9", "192.0.2.3", 3, 0, about);
    assertThat(rules.prerouting(elsewhere, 2).get()).isEqualTo(elsewhere);
    byte[] unknown = icmp("192.0.2.9", "192.0.2.1", 3, 0, udp("192.0.2.1", 4001, "8.8.4.4", 53));
    assertThat(rules.prerouting(unknown, 2).get()).isEqualTo(unknown);
    byte[] damaged = icmp("192.0.2.9", "192.0.2.1", 3, 0, about);
    damaged[22] ^= 1;
    assertThat(rules.prerouting(damaged, 2).get()).isEqualTo(damaged);
    byte[] good = icmp("192.0.2.9", "192.0.2.1", 3, 0, about);
    assertThat(rules.prerouting(good, 2).get()).isNotEqualTo(good);
  }

  /** A tunnel's packets have no ports; their addresses are translated all the same. */
  @Test
  void shouldTranslateTheAddressesOfOtherProtocols() {
    byte[] payload = {1, 2, 3, 4, 5};
    assertThat(sent(ip("10.0.0.1", "8.8.8.8", 50, payload), 1, 2))
        .isEqualTo(ip("192.0.2.1", "8.8.8.8", 50, payload));
    assertThat(sent(ip("8.8.8.8", "192.0.2.1", 50, payload), 2, 1))
        .isEqualTo(ip("8.8.8.8", "10.0.0.1", 50, payload));
  }
}
