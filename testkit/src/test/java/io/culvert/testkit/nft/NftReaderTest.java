package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Family;
import io.culvert.testkit.nft.Ruleset.Flowtable;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.nft.Ruleset.Table;
import io.culvert.testkit.nft.Statement.Field;
import io.culvert.testkit.nft.Statement.Nat;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

class NftReaderTest {
  private static Ruleset read(String text) {
    return NftReader.read("test", text)
        .getOrElseThrow(errors -> new AssertionError(errors.map(NftError::message).mkString("\n")));
  }

  /** The statements of the one rule of a filter chain at forward. */
  private static Seq<Statement> rule(String text) {
    String ruleset =
        "table inet t {\ncounter c { }\nflowtable ft { hook ingress priority 0; }\nchain f {\n"
            + "type filter hook forward priority 0;\n"
            + text
            + "\n}\n}\n";
    return read(ruleset).tables().head().chains().head().rules().single().statements();
  }

  private static Statement.Match match(String text) {
    return (Statement.Match) rule(text).single();
  }

  private static Operand numbers(int least, int most) {
    return new Operand.Numbers(least, most);
  }

  @Test
  void shouldReadFlowtables() {
    Flowtable flowtable =
        read("""
        table inet filter {
          flowtable fast {
            hook ingress priority filter + 5
            devices = {
              eth0, "eth1.100",
            }
            counter; flags offload;
          }
        }
        """)
            .tables()
            .head()
            .flowtables()
            .single();

    assertThat(flowtable.name()).isEqualTo("fast");
    assertThat(flowtable.priority()).isEqualTo(5);
    assertThat(flowtable.devices().asJava()).containsExactly("eth0", "eth1.100");
    assertThat(flowtable.countsPackets()).isTrue();
    assertThat(flowtable.isHardware()).isTrue();
    assertThat(flowtable.at()).isEqualTo(new Ruleset.Place(2, 3));
  }

  @Test
  void shouldReadChains() {
    Ruleset ruleset =
        read(
            """
            table ip6 a { chain x { type filter hook forward priority mangle - 10; policy drop; } }
            table ip b { chain y { type nat hook postrouting priority srcnat; } }
            table c { chain z { type filter hook input priority -5 ; } }
            """);

    Seq<Chain> chains = ruleset.tables().flatMap(Table::chains);
    assertThat(ruleset.tables().map(Table::title).asJava())
        .containsExactly("ip6 a", "ip b", "ip c");
    assertThat(chains.map(Chain::type).asJava())
        .containsExactly(Ruleset.Type.FILTER, Ruleset.Type.NAT, Ruleset.Type.FILTER);
    assertThat(chains.map(Chain::hook).asJava())
        .containsExactly(Hook.FORWARD, Hook.POSTROUTING, Hook.INPUT);
    assertThat(chains.map(Chain::priority).asJava()).containsExactly(-160, 100, -5);
    assertThat(chains.map(Chain::accepts).asJava()).containsExactly(false, true, true);
  }

  @Test
  void shouldJoinTablesAndChainsOfOneName() {
    Ruleset ruleset =
        read(
            """
            table ip t { chain f { type filter hook forward priority 0; accept; } }
            table ip t { chain f { type filter hook forward priority 0; policy drop; drop; } }
            """);

    Chain chain = ruleset.tables().single().chains().single();
    assertThat(chain.rules()).hasSize(2);
    assertThat(chain.accepts()).isFalse();
  }

  @Test
  void shouldFlushWhatCameBefore() {
    assertThat(read("table ip t { }\nflush ruleset\ntable ip6 u { }").tables().single().family())
        .isEqualTo(Family.IP6);
  }

  @Test
  void shouldReadDevicesAndProtocols() {
    assertThat(match("iifname \"eth0\""))
        .isEqualTo(
            new Statement.Match(Field.IIFNAME, false, List.of(new Operand.Name("eth0", false))));
    assertThat(match("meta oifname != { eth1, ppp* }"))
        .isEqualTo(
            new Statement.Match(
                Field.OIFNAME,
                true,
                List.of(new Operand.Name("eth1", false), new Operand.Name("ppp", true))));
    assertThat(match("meta l4proto { tcp, 17 }").operands())
        .isEqualTo(List.of(numbers(6, 6), numbers(17, 17)));
    assertThat(match("ip protocol icmp").field()).isEqualTo(Field.IP_PROTOCOL);
    assertThat(match("ip6 nexthdr ipv6-icmp").operands()).isEqualTo(List.of(numbers(58, 58)));
    assertThat(match("meta nfproto ipv6").operands()).isEqualTo(List.of(numbers(10, 10)));
  }

  @Test
  void shouldReadAddressesAndPorts() {
    IpAddress first = IpAddress.parse("10.0.0.1").get();
    IpAddress last = IpAddress.parse("10.0.0.9").get();
    assertThat(match("ip saddr { 192.0.2.0/24, 10.0.0.1-10.0.0.9 }").operands())
        .isEqualTo(
            List.of(
                new Operand.Prefix(IpPrefix.parse("192.0.2.0/24").get()),
                new Operand.Range(first, last)));
    assertThat(match("ip6 daddr fd00::1").operands())
        .isEqualTo(List.of(new Operand.Prefix(IpPrefix.parse("fd00::1/128").get())));
    assertThat(match("tcp dport == { 22, 8000-8999 }").operands())
        .isEqualTo(List.of(numbers(22, 22), numbers(8000, 8999)));
    assertThat(match("th sport 53").field()).isEqualTo(Field.TH_SPORT);
  }

  @Test
  void shouldReadStatesWithAndWithoutBraces() {
    Seq<Operand> both =
        List.of(new Operand.State(CtState.ESTABLISHED), new Operand.State(CtState.RELATED));
    assertThat(match("ct state established,related").operands()).isEqualTo(both);
    assertThat(match("ct state { established, related }").operands()).isEqualTo(both);
  }

  @Test
  void shouldReadStatementsInOrder() {
    Seq<Statement> statements =
        rule("tcp dport 80 counter packets 3 bytes 180 flow offload @ft accept comment \"web\"");

    assertThat(statements.tail().asJava())
        .containsExactly(
            new Statement.Count(Option.none(), 3, 180, new Ruleset.Place(6, 14)),
            new Statement.FlowAdd("ft"),
            new Statement.Verdict(true));
  }

  @Test
  void shouldGoOnAfterABackslash() {
    assertThat(rule("tcp dport 80 \\\n  udp dport 90 \\\n drop")).hasSize(3);
    assertThat(rule("counter name\\\n\"c\"")).hasSize(1);
  }

  @Test
  void shouldReplaceVariables() {
    Ruleset ruleset =
        read(
            """
            define wan = "eth1"
            define web = { 80, 443 }
            table ip t { chain f { type filter hook forward priority 0
              oifname $wan tcp dport { $web, 8080 } drop # and nothing else
            } }
            """);

    Seq<Statement> rule = ruleset.tables().head().chains().head().rules().single().statements();
    assertThat(((Statement.Match) rule.get(0)).operands())
        .isEqualTo(List.of(new Operand.Name("eth1", false)));
    assertThat(((Statement.Match) rule.get(1)).operands())
        .isEqualTo(List.of(numbers(80, 80), numbers(443, 443), numbers(8080, 8080)));
  }

  @Test
  void shouldReadAddressTranslation() {
    Nat masquerade = nat("postrouting", "masquerade to :1024-2047 random,persistent");
    assertThat(masquerade.kind()).isEqualTo(Nat.Kind.MASQUERADE);
    assertThat(masquerade.ports()).contains(new Operand.Numbers(1024, 2047));
    assertThat(masquerade.flags().asJava()).containsExactly("random", "persistent");
    Nat dnat = nat("prerouting", "dnat ip to 192.168.0.10:40022");
    assertThat(dnat.addresses()).contains(new Operand.Prefix(IpPrefix.parse("192.168.0.10").get()));
    assertThat(dnat.ports()).contains(new Operand.Numbers(40022, 40022));
    assertThat(nat("prerouting", "dnat to [fd00::1]:80").addresses())
        .contains(new Operand.Prefix(IpPrefix.parse("fd00::1").get()));
    assertThat(nat("postrouting", "snat to fd00::2").ports()).isEmpty();
    assertThat(nat("prerouting", "redirect to :3128").addresses()).isEmpty();
  }

  private static Nat nat(String hook, String rule) {
    String text =
        "table inet n { chain c { type nat hook " + hook + " priority 0; " + rule + "\n} }";
    return (Nat) read(text).tables().head().chains().head().rules().single().statements().single();
  }
}
