package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTuple;
import io.culvert.testkit.law.PlainFrames;
import io.culvert.testkit.router.DropReason;
import io.culvert.testkit.router.Forwarding;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioReader;
import io.culvert.wire.IpAddress;
import io.vavr.collection.List;
import io.vavr.control.Either;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that translate addresses, on packets between eth0 (1) and eth1 (2). */
class NatRulesTest {
  private static final String ROUTER =
      """
      link set eth0 up address 02:00:00:00:00:01
      link set eth1 up address 02:00:00:00:00:11
      link set eth2 up address 02:00:00:00:00:21
      addr add 10.0.0.254/24 dev eth0
      addr add 192.0.2.1/24 dev eth1
      addr add 198.51.100.1/24 dev eth1
      addr add fd00::fe/64 dev eth0
      addr add fd01::1/64 dev eth1
      route add default via 192.0.2.9
      route add 8.7.0.0/16 via 198.51.100.9
      route add default via fd01::9
      route add 203.0.113.0/24 dev eth2
      """;

  private static final int UDP = 17;
  private static final int TCP = 6;

  private static Scenario scenario() {
    return new ScenarioReader(List.empty()).read("router", ROUTER).get();
  }

  /** Chains of one table: what stands behind {@code pre:} and {@code post:}. */
  private static ForwardRules rules(String text) {
    String chains =
        text.replace("pre:", "}\nchain pre { type nat hook prerouting priority dstnat\n")
            .replace("post:", "}\nchain post { type nat hook postrouting priority srcnat\n");
    String table =
        "table inet n {\nchain f { type filter hook forward priority 0\n" + chains + "} }";
    return ForwardRules.of(NftReader.read("test", table).get(), scenario()).get();
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  /** {@code SOURCE PORT DESTINATION PORT}. */
  private static FlowTuple tuple(int protocol, String text) {
    String[] words = text.split(" ", -1);
    return new FlowTuple(
        address(words[0]),
        address(words[2]),
        protocol,
        Integer.parseInt(words[1]),
        Integer.parseInt(words[3]));
  }

  private static byte[] packet(FlowTuple t) {
    byte[] payload = {1, 2, 3};
    byte[] transport =
        t.protocol() == TCP
            ? PlainFrames.tcp(t.sourcePort(), t.destinationPort(), 0x10, 0, payload)
            : PlainFrames.udp(t.sourcePort(), t.destinationPort(), 0, payload);
    byte[] packet =
        PlainFrames.ip(
            PlainFrames.Ip.ttl(64), t.source(), t.destination(), t.protocol(), transport);
    PlainFrames.fixTransportChecksum(packet);
    return packet;
  }

  private static Either<RouterOutcome, byte[]> sent(
      ForwardRules rules, byte[] packet, int from, int to) {
    return rules
        .prerouting(packet, from)
        .flatMap(p -> rules.forward(p, from, to).toEither(() -> p).swap())
        .flatMap(p -> rules.postrouting(p, from, to));
  }

  /** The tuple that a packet from eth0 leaves by eth1 with; what comes back must undo it. */
  private static FlowTuple out(ForwardRules rules, FlowTuple in) {
    byte[] packet = packet(in);
    byte[] sent = sent(rules, packet, 1, 2).get();
    FlowTuple out = new Forwarding(1, 1, 2, packet, sent).replyTuple().reversed();
    assertThat(sent).isEqualTo(packet(out));
    assertThat(sent(rules, packet(out.reversed()), 2, 1).get()).isEqualTo(packet(in.reversed()));
    assertThat(rules.replyTuple(in)).contains(out.reversed());
    assertThat(rules.replyTuple(out.reversed())).contains(in);
    return out;
  }

  @ParameterizedTest(name = "{0}: {1} as {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // By the device's address in the next hop's subnet; else the first one.
        "post: oifname eth1 masquerade|10.0.0.1 4000 8.8.8.8 53|192.0.2.1 4000 8.8.8.8 53",
        "post: masquerade|10.0.0.1 4000 8.7.8.8 53|198.51.100.1 4000 8.7.8.8 53",
        "post: oifname eth0 masquerade|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.8.8 53",
        "post: masquerade|fd00::1 4000 fd02::7 53|fd01::1 4000 fd02::7 53",
        "post: masquerade to :7000-7001|10.0.0.1 4000 8.8.8.8 53|192.0.2.1 7000 8.8.8.8 53",
        "post: snat ip to 192.0.2.77|10.0.0.1 4000 8.8.8.8 53|192.0.2.77 4000 8.8.8.8 53",
        "post: snat to 192.0.2.77:9|10.0.0.1 4000 8.8.8.8 53|192.0.2.77 9 8.8.8.8 53",
        "post: snat to 192.0.2.77:3999-4001|10.0.0.1 4000 8.8.8.8 53|192.0.2.77 4000 8.8.8.8 53",
        "post: snat ip6 to [fd01::77]:9|fd00::1 4000 fd02::7 53|fd01::77 9 fd02::7 53",
        "pre: dnat ip to 8.8.4.4|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.4.4 53",
        "pre: dnat to 8.8.4.4:54|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.4.4 54",
        "pre: dnat to :54|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.8.8 54",
        "pre: udp dport 53 dnat to [fd02::8]:54|fd00::1 4000 fd02::7 53|fd00::1 4000 fd02::8 54",
        "pre: dnat to 8.8.4.4:54 post: ip daddr 8.8.4.4 masquerade"
            + "|10.0.0.1 4000 8.8.8.8 53|192.0.2.1 4000 8.8.4.4 54",
        // The first one counts, also of another chain; an address of the other version is none.
        "post: snat to 192.0.2.7; snat to 192.0.2.8|10.0.0.1 1 8.8.8.8 53|192.0.2.7 1 8.8.8.8 53",
        "post: accept; masquerade|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.8.8 53",
        "post: snat to fd01::7; masquerade|10.0.0.1 1 8.8.8.8 53|192.0.2.1 1 8.8.8.8 53",
        "post: ct state established masquerade|10.0.0.1 1 8.8.8.8 53|10.0.0.1 1 8.8.8.8 53",
        "ct state new accept|10.0.0.1 4000 8.8.8.8 53|10.0.0.1 4000 8.8.8.8 53"
      })
  void shouldTranslateThereAndBack(String text, String in, String out) {
    for (int protocol : new int[] {UDP, TCP}) {
      String forThis = protocol == UDP ? text : text.replace("udp dport", "tcp dport");
      assertThat(out(rules(forThis), tuple(protocol, in))).isEqualTo(tuple(protocol, out));
    }
  }

  @Test
  void shouldDecideOnAConnectionsFirstPacket() {
    ForwardRules rules = rules("udp sport 4001 drop\npost: udp dport 53 counter masquerade");
    FlowTuple in = tuple(UDP, "10.0.0.1 4000 8.8.8.8 53");
    FlowTuple dropped = tuple(UDP, "10.0.0.1 4001 8.8.8.8 53");
    for (int i = 0; i < 3; i++) {
      out(rules, in);
      assertThat(sent(rules, packet(dropped), 1, 2).getLeft())
          .isEqualTo(new RouterOutcome.Dropped(DropReason.FILTER));
    }
    assertThat(rules.counters().head().packets()).isEqualTo(1);
    assertThat(rules.replyTuple(dropped)).isEmpty();
    // What nobody asked for is nobody's answer.
    byte[] unasked = packet(tuple(UDP, "8.8.8.8 53 192.0.2.1 4001"));
    assertThat(rules.prerouting(unasked, 2).get()).isEqualTo(unasked);
  }

  /** Hosts that use one port to one server: the second one gets another, of the same kind. */
  @ParameterizedTest
  @CsvSource({
    "4000, 4001",
    "65535, 1024",
    "1024, 1025",
    "80, 81",
    "511, 1",
    "700, 701",
    "1023, 600"
  })
  void shouldKeepThePortIfItIsFreeAndElseTakeTheNext(int port, int next) {
    ForwardRules rules = rules("post: masquerade");
    FlowTuple first = tuple(UDP, "10.0.0.1 " + port + " 8.8.8.8 53");
    FlowTuple second = tuple(UDP, "10.0.0.2 " + port + " 8.8.8.8 53");
    assertThat(out(rules, first).sourcePort()).isEqualTo(port);
    assertThat(out(rules, second).sourcePort()).isEqualTo(next);
    assertThat(out(rules, first).sourcePort()).isEqualTo(port);
    // The same host's port has the same mapping elsewhere; another protocol's is free.
    assertThat(out(rules, tuple(UDP, "10.0.0.2 " + port + " 8.8.4.4 53")).sourcePort())
        .isEqualTo(next);
    assertThat(out(rules, tuple(TCP, "10.0.0.2 " + port + " 8.8.8.8 53")).sourcePort())
        .isEqualTo(port);
  }

  @Test
  void shouldDropWhatNoPortIsLeftFor() {
    ForwardRules rules = rules("post: snat to 192.0.2.77:9-11");
    for (int host = 1; host <= 3; host++) {
      out(rules, tuple(UDP, "10.0.0." + host + " 4000 8.8.8.8 53"));
    }
    byte[] fourth = packet(tuple(UDP, "10.0.0.4 4000 8.8.8.8 53"));
    assertThat(sent(rules, fourth, 1, 2).getLeft())
        .isEqualTo(new RouterOutcome.Dropped(DropReason.TRANSLATION));
    // To somebody else all are free.
    assertThat(out(rules, tuple(UDP, "10.0.0.4 4000 8.8.4.4 53")).sourcePort()).isEqualTo(9);
  }

  /** Two addresses in front of one server: the source port tells the connections apart. */
  @Test
  void shouldMoveTheSourcePortOfConnectionsThatADestinationMakesOne() {
    ForwardRules rules = rules("pre: ip daddr { 8.8.8.1, 8.8.8.2 } dnat ip to 8.8.4.4");
    assertThat(out(rules, tuple(UDP, "10.0.0.1 4000 8.8.8.1 53")).sourcePort()).isEqualTo(4000);
    assertThat(out(rules, tuple(UDP, "10.0.0.1 4000 8.8.8.2 53")).sourcePort()).isEqualTo(4001);
  }

  @Test
  void shouldSpreadHostsOverARangeOfAddressesAndPorts() {
    ForwardRules rules = rules("post: snat to 192.0.2.10-192.0.2.12");
    java.util.Set<String> used = new java.util.TreeSet<>();
    for (int host = 1; host < 60; host++) {
      FlowTuple in = tuple(UDP, "10.0.0." + host + " 4000 8.8.8.8 53");
      FlowTuple out = out(rules, in);
      assertThat(out(rules, in)).isEqualTo(out);
      used.add(out.source().toString());
    }
    assertThat(used).containsExactly("192.0.2.10", "192.0.2.11", "192.0.2.12");
  }

  /** As the kernel's flow table sends it: a wrong checksum is translated, and stays wrong. */
  @Test
  void shouldTranslateADamagedPacketOfAConnectionAndBeginNoneWithOne() {
    ForwardRules rules = rules("post: masquerade");
    FlowTuple in = tuple(UDP, "10.0.0.1 4000 8.8.8.8 53");
    byte[] damaged = packet(in);
    damaged[27] ^= 1;
    assertThat(sent(rules, damaged, 1, 2).get()).isEqualTo(damaged);
    assertThat(rules.isOffered()).isFalse();
    byte[] right = packet(out(rules, in));
    assertThat(rules.isOffered()).isTrue();
    byte[] wrong = sent(rules, damaged, 1, 2).get();
    assertThat(rules.isOffered()).isFalse();
    assertThat(PlainFrames.u16(wrong, 26) - PlainFrames.u16(right, 26))
        .isEqualTo(PlainFrames.u16(damaged, 26) - PlainFrames.u16(packet(in), 26));
    byte[] none = packet(in);
    PlainFrames.put16(none, 26, 0);
    assertThat(PlainFrames.u16(sent(rules, none, 1, 2).get(), 26)).isZero();
  }

  /** A device without address lends one from the first that has any. */
  @Test
  void shouldMasqueradeBehindADeviceWithoutAddress() {
    ForwardRules rules = rules("post: masquerade");
    byte[] sent = sent(rules, packet(tuple(UDP, "10.0.0.1 1 203.0.113.7 53")), 1, 3).get();
    assertThat(sent).isEqualTo(packet(tuple(UDP, "10.0.0.254 1 203.0.113.7 53")));
  }

  @Test
  void shouldHaveNoAddressToGiveWhereNoneIs() {
    String bare = "link set eth0 up address 02:00:00:00:00:01\nroute add default dev eth0\n";
    Scenario none = new ScenarioReader(List.empty()).read("router", bare).get();
    String table = "table inet n { chain p { type nat hook postrouting priority 0; masquerade } }";
    ForwardRules rules = ForwardRules.of(NftReader.read("test", table).get(), none).get();
    assertThat(sent(rules, packet(tuple(UDP, "10.0.0.1 4000 8.8.8.8 53")), 1, 1).getLeft())
        .isEqualTo(new RouterOutcome.Dropped(DropReason.TRANSLATION));
  }

  @Test
  void shouldSendToTheRouterItselfWhatIsRedirected() {
    ForwardRules rules = rules("pre: udp dport 53 redirect to :5353");
    byte[] packet = packet(tuple(UDP, "10.0.0.1 4000 8.8.8.8 53"));
    assertThat(rules.prerouting(packet, 1).get())
        .isEqualTo(packet(tuple(UDP, "10.0.0.1 4000 10.0.0.254 5353")));
    assertThat(rules.prerouting(packet, 3).getLeft())
        .isEqualTo(new RouterOutcome.Dropped(DropReason.TRANSLATION));
  }

  @Test
  void shouldDropByTheVerdictAndThePolicyOfANatChain() {
    for (String drop : List.of("post: drop", "post: policy drop", "pre: udp dport 53 drop")) {
      assertThat(sent(rules(drop), packet(tuple(UDP, "10.0.0.1 1 8.8.8.8 53")), 1, 2).getLeft())
          .isEqualTo(new RouterOutcome.Dropped(DropReason.FILTER));
    }
  }
}
