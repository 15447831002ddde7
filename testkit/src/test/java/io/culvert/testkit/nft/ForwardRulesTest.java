package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardRulesTest {
  private static final String ROUTER =
      """
      link set eth0 up address 02:00:00:00:00:01
      link set eth1 up address 02:00:00:00:00:11
      link set ppp0 up address 02:00:00:00:00:21
      """;

  private static final int UDP = 17;
  private static final int TCP = 6;
  private static final int ICMP = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  /**
   * What becomes of a packet.
   *
   * @param isAccepted false if it is dropped
   * @param isOffered true if its flow goes to the flowtable
   */
  private record Judgement(boolean isAccepted, boolean isOffered) {}

  /** Sends a packet past all hooks, as far as it gets. */
  private static Judgement judge(ForwardRules rules, Forwarding f) {
    boolean isAccepted =
        rules
            .prerouting(f.packet(), f.ingressDevice())
            .filter(packet -> rules.forward(packet, f.ingressDevice(), f.egressDevice()).isEmpty())
            .exists(packet ->
                packet.exists(
                    p -> rules.postrouting(p, f.ingressDevice(), f.egressDevice()).isRight()));
    return new Judgement(isAccepted, isAccepted && rules.isOffered());
  }

  private static ForwardRules rules(String text) {
    return ForwardRules.of(NftReader.read("test", text).get(), scenario()).get();
  }

  private static Scenario scenario() {
    return new ScenarioReader(List.empty()).read("router", ROUTER).get();
  }

  /** A filter chain at forward that drops what none of these rules accepts. */
  private static ForwardRules dropping(String rules) {
    return rules(
        "table inet t {\nflowtable ft { hook ingress priority 0; devices = { eth0 }; }\n"
            + "chain f { type filter hook forward priority 0; policy drop\n"
            + rules
            + "\n} }");
  }

  private static byte[] ip(String from, String to, int protocol, byte[] payload) {
    return PlainFrames.ip(
        PlainFrames.Ip.ttl(64),
        IpAddress.parse(from).get(),
        IpAddress.parse(to).get(),
        protocol,
        payload);
  }

  private static byte[] udp(int from, int to) {
    return PlainFrames.udp(from, to, 0, new byte[4]);
  }

  /** With the checksum that is right between 10.0.0.1 and 192.0.2.1. */
  private static byte[] tcp(int from, int to, int flags) {
    int sum =
        0x0a00 + 1 + 0xc000 + 0x0201 + TCP + 20 + from + to + 0x1234 + 0x5000 + flags + 0x7fff;
    int folded = (sum & 0xffff) + (sum >> 16);
    return PlainFrames.tcp(from, to, flags, 0xffff - folded, new byte[0]);
  }

  /** From eth0 to eth1. */
  private static Forwarding out(byte[] packet) {
    return new Forwarding(1, 1, 2, packet);
  }

  private static Forwarding out(int protocol, byte[] payload) {
    return out(ip("10.0.0.1", "192.0.2.1", protocol, payload));
  }

  private static Forwarding back(int protocol, byte[] payload) {
    return new Forwarding(2, 2, 1, ip("192.0.2.1", "10.0.0.1", protocol, payload));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "iifname eth0|true",
        "iifname eth1|false",
        "oifname { ppp0, eth1 }|true",
        "oifname != { ppp0, eth1 }|false",
        "oifname \"eth*\"|true",
        "ip saddr 10.0.0.0/30|true",
        "ip saddr 10.0.0.2/31|false",
        "ip daddr 192.0.2.0-192.0.2.1|true",
        "ip daddr 192.0.2.2-192.0.2.9|false",
        "ip daddr != 192.0.2.9|true",
        "ip6 daddr != fd00::1|false",
        "meta l4proto { tcp, udp }|true",
        "meta l4proto != udp|false",
        "meta nfproto ipv4|true",
        "ip protocol 17|true",
        "ip6 nexthdr udp|false",
        "udp dport 50-60|true",
        "udp dport { 52, 54-60 }|false",
        "udp sport 4000 udp dport 53|true",
        "udp sport 4000 udp dport 54|false",
        "tcp dport 53|false",
        "tcp dport != 1|false",
        "th dport 53|true",
        "ct state new|true",
        "ct state established,related|false",
        "ct state != { established, related }|true"
      })
  void shouldMatch(String condition, boolean holds) {
    Judgement judgement = judge(dropping(condition + " accept"), out(UDP, udp(4000, 53)));
    assertThat(judgement.isAccepted()).isEqualTo(holds);
  }

  @Test
  void shouldMatchIpv6BehindExtensionHeaders() {
    byte[] udp = udp(4000, 53);
    byte[] payload = new byte[8 + udp.length];
    payload[0] = UDP; // destination options of 8 bytes: PadN over the rest
    payload[2] = 1;
    payload[3] = 4;
    System.arraycopy(udp, 0, payload, 8, udp.length);
    Forwarding packet = out(ip("fd00::1", "fd00::2", 60, payload));

    assertThat(judge(dropping("udp dport 53 accept"), packet).isAccepted()).isTrue();
    assertThat(judge(dropping("ip6 nexthdr 60 accept"), packet).isAccepted()).isTrue();
    assertThat(judge(dropping("ip6 saddr fd00::/64 accept"), packet).isAccepted()).isTrue();
    assertThat(judge(dropping("ip saddr != 10.9.9.9 accept"), packet).isAccepted()).isFalse();
  }

  @Test
  void shouldCountOnlyWhatGotThere() {
    ForwardRules rules =
        rules(
            """
            table inet t { counter all { packets 5 bytes 500 }
              chain f { type filter hook forward priority 0
                counter name all
                udp dport 53 counter drop
                counter
              }
            }
            """);
    judge(rules, out(UDP, udp(4000, 53)));
    judge(rules, out(UDP, udp(4000, 54)));

    assertThat(rules.counters().asJava())
        .containsExactly(
            new RuleCounters.Reading("inet t all", 7, 564),
            new RuleCounters.Reading("inet t f 4:18", 1, 32),
            new RuleCounters.Reading("inet t f 5:5", 1, 32));
  }

  @Test
  void shouldRunChainsByPriorityAndFamily() {
    String late = "table ip6 x { chain f { type filter hook forward priority -10; drop; } }\n";
    String accepting = "table ip y { chain f { type filter hook forward priority -5; accept; } }\n";
    String dropping =
        "table inet z { chain f { type filter hook forward priority 5; udp dport 53 drop; } }";
    ForwardRules rules = rules(dropping + "\n" + accepting + late);

    assertThat(judge(rules, out(UDP, udp(1, 53))).isAccepted()).as("accept ends a chain").isFalse();
    assertThat(judge(rules, out(UDP, udp(1, 54))).isAccepted()).isTrue();
  }

  @Test
  void shouldOfferOnlyWhatIsAlsoAccepted() {
    ForwardRules rules = dropping("flow add @ft\nudp dport 53 accept");
    assertThat(judge(rules, out(UDP, udp(1, 53)))).isEqualTo(new Judgement(true, true));
    assertThat(judge(rules, out(UDP, udp(1, 54)))).isEqualTo(new Judgement(false, false));
    assertThat(judge(dropping("accept"), out(UDP, udp(1, 53))))
        .isEqualTo(new Judgement(true, false));
  }

  @Test
  void shouldBeEstablishedOnceAPacketCameBack() {
    ForwardRules rules =
        dropping("ct state established,related accept\niifname eth0 ct state new accept");

    assertThat(judge(rules, back(UDP, udp(53, 4000))).isAccepted()).as("unasked").isFalse();
    assertThat(judge(rules, out(UDP, udp(4000, 53))).isAccepted()).isTrue();
    assertThat(judge(rules, back(UDP, udp(53, 4001))).isAccepted()).as("another port").isFalse();
    assertThat(judge(rules, back(UDP, udp(53, 4000))).isAccepted()).isTrue();
    assertThat(
            judge(
                dropping("ct state new accept\nct state established accept"), back(UDP, udp(1, 2))))
        .isEqualTo(new Judgement(true, false));
  }

  @Test
  void shouldForgetAConnectionWhoseFirstPacketWasDropped() {
    ForwardRules rules = dropping("ct state established accept\niifname ppp0 accept");
    judge(rules, out(UDP, udp(4000, 53)));
    assertThat(judge(rules, back(UDP, udp(53, 4000))).isAccepted()).isFalse();
  }

  @Test
  void shouldCallSegmentsInvalidThatBeginNothing() {
    String invalid = "ct state invalid accept";
    assertThat(judge(dropping(invalid), out(TCP, tcp(1, 2, SYN))).isAccepted()).isFalse();
    assertThat(judge(dropping(invalid), out(TCP, tcp(1, 2, ACK))).isAccepted()).isFalse();
    assertThat(judge(dropping(invalid), out(TCP, tcp(1, 2, SYN | ACK))).isAccepted()).isTrue();
    assertThat(judge(dropping(invalid), out(TCP, tcp(1, 2, RST))).isAccepted()).isTrue();
    assertThat(judge(dropping(invalid), out(TCP, tcp(1, 2, 0))).isAccepted()).isTrue();
    ForwardRules known = dropping("ct state new accept\nct state established accept");
    judge(known, out(TCP, tcp(1, 2, SYN)));
    assertThat(judge(known, back(TCP, tcp(2, 1, SYN | ACK))).isAccepted()).isTrue();
    assertThat(judge(known, out(TCP, tcp(1, 2, RST))).isAccepted()).isTrue();
  }

  @Test
  void shouldCallDamagedPacketsInvalid() {
    byte[] tcp = tcp(1, 2, SYN);
    tcp[19] = 1;
    byte[] udp = udp(1, 2);
    udp[7] = 1;
    byte[] echo = icmp(8, 1, new byte[3]);
    echo[9] = 1;
    ForwardRules rules = dropping("ct state new accept");
    assertThat(judge(rules, out(TCP, tcp)).isAccepted()).isFalse();
    assertThat(judge(rules, out(UDP, udp)).isAccepted()).isFalse();
    assertThat(judge(rules, out(ICMP, echo)).isAccepted()).isFalse();
    assertThat(judge(rules, out(ICMP, icmp(8, 1, new byte[3]))).isAccepted()).isTrue();
  }

  @Test
  void shouldRelateIcmpErrorsToTheConnectionTheyQuote() {
    ForwardRules rules = dropping("ct state related accept\nudp dport 53 accept");
    judge(rules, out(UDP, udp(4000, 53)));
    byte[] quoted = out(UDP, udp(4000, 53)).packet();
    assertThat(judge(rules, back(ICMP, icmp(3, 0, quoted))).isAccepted()).isTrue();
    byte[] other = out(UDP, udp(4000, 54)).packet();
    assertThat(judge(rules, back(ICMP, icmp(3, 0, other))).isAccepted()).isFalse();
    assertThat(judge(rules, back(ICMP, icmp(3, 0, new byte[4]))).isAccepted()).isFalse();
  }

  @Test
  void shouldTrackEchoByItsIdentifier() {
    ForwardRules rules = dropping("ct state established accept\niifname eth0 accept");
    assertThat(judge(rules, out(ICMP, icmp(8, 7, new byte[0]))).isAccepted()).isTrue();
    assertThat(judge(rules, back(ICMP, icmp(0, 8, new byte[0]))).isAccepted()).isFalse();
    assertThat(judge(rules, back(ICMP, icmp(0, 7, new byte[0]))).isAccepted()).isTrue();
  }

  private static byte[] icmp(int type, int id, byte[] quoted) {
    byte[] message = new byte[8 + quoted.length];
    message[0] = (byte) type;
    message[5] = (byte) id;
    System.arraycopy(quoted, 0, message, 8, quoted.length);
    int sum = 0;
    for (int i = 0; i < message.length; i++) {
      sum += (message[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    PlainFrames.put16(message, 2, 0xffff - sum % 0xffff);
    return message;
  }

  @Test
  void shouldSayWhichFragmentsTheKernelWouldPutTogether() {
    byte[] fragment =
        PlainFrames.ip(
            new PlainFrames.Ip(0, 64, 0x2000, 1),
            IpAddress.parse("10.0.0.1").get(),
            IpAddress.parse("192.0.2.1").get(),
            UDP,
            udp(1, 2));
    for (String tracking : List.of("ct state new accept", "flow add @ft")) {
      assertThat(dropping(tracking).prerouting(fragment, 1).getLeft())
          .isEqualTo(new RouterOutcome.NotModelled(NotModelledReason.FRAGMENT));
    }
    assertThat(dropping("accept").prerouting(fragment, 1).get()).isEqualTo(fragment);
    byte[] whole = out(UDP, udp(1, 2)).packet();
    assertThat(dropping("flow add @ft").prerouting(whole, 1).get()).isEqualTo(whole);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "chain c { type filter hook prerouting priority 0; policy drop; }"
            + "|chain c at prerouting is not modelled; expected rules in a filter chain at forward,"
            + " or a nat chain",
        "chain c { type filter hook postrouting priority 0; accept; }"
            + "|chain c at postrouting is not modelled; expected rules in a filter chain at"
            + " forward, or a nat chain",
        "flowtable f { hook ingress priority 0; devices = { eth7 }; }"
            + "|flowtable f: the scenario has no device eth7",
        "flowtable f { hook ingress priority 0; }; flowtable g { hook ingress priority 0; }"
            + "|flowtable g is the second one; a router has one flow table here"
      })
  void shouldRefuseWhatIsNotModelled(String part, String message) {
    Seq<RefusedRun> refusals =
        ForwardRules.of(NftReader.read("test", "table inet t { " + part + " }").get(), scenario())
            .getLeft();
    assertThat(refusals.map(RefusedRun::message).asJava()).containsExactly(message);
    assertThat(refusals.head().at().line()).isEqualTo(1);
  }

  @Test
  void shouldNotMindChainsForTheRouterItself() {
    rules("table inet t { chain i { type filter hook input priority 0; policy drop; } }");
    rules("table inet t { chain n { type nat hook prerouting priority 0; } }");
  }
}
