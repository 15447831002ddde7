package io.culvert.testkit.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NftMistakesTest {
  private static Seq<NftError> errors(String text) {
    return NftReader.read("r.nft", text).getLeft();
  }

  private static void shouldSay(String text, String message) {
    Seq<NftError> errors = errors(text);
    assertThat(errors).hasSize(1);
    assertThat(errors.head().message()).startsWith(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "tabel inet t { }|r.nft:1:1: found 'tabel'; expected one of: table, flush ruleset, define",
        "include \"a.nft\"|r.nft:1:1: found 'include', but a ruleset is one file here; expected",
        "add table inet t|r.nft:1:1: found 'add'; expected one of: table",
        "flush table|r.nft:1:7: found 'table'; expected ruleset",
        "table bridge t { }|r.nft:1:7: found 'bridge'; expected one of: inet, ip, ip6",
        "table inet { }|r.nft:1:12: found '{'; expected the table's name",
        "table inet t|r.nft:1:13: found end of file; expected {",
        "table inet t {|r.nft:1:15: found end of file; expected one of: flowtable, counter, chain, }",
        "table inet t { } }|r.nft:1:18: found '}'; expected one of: table, flush ruleset, define",
        "table inet t { set s { } }|r.nft:1:16: found 'set'; expected one of: flowtable, counter, chain",
        "define x =|r.nft:1:11: found end of file; expected a value, or values between { and }",
        "table ip $t { }|r.nft:1:10: found '$t', which is not defined",
        "table ip \"t|r.nft:1:10: the string is not closed; expected \" on the same line"
      })
  void shouldSayWhereAndWhatWasExpected(String text, String message) {
    shouldSay(text, message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "hook egress|r.nft:2:6: found 'egress'; expected ingress",
        "hook ingress prio 1|r.nft:2:14: found 'prio'; expected priority",
        "hook ingress priority fast|r.nft:2:23: found 'fast'; expected one of: raw, mangle, dstnat,",
        "hook ingress priority 0; devices = { eth0 eth1 }|r.nft:2:43: found 'eth1'; expected one of: ,, }",
        "hook ingress priority 0; devices { eth0 }|r.nft:2:34: found '{'; expected =",
        "hook ingress priority 0; flags fast|r.nft:2:32: found 'fast'; expected offload",
        "hook ingress priority 0; size 5|r.nft:2:26: found 'size'; expected one of: hook ingress",
        "counter|r.nft:3:1: found '}'; expected hook ingress priority N"
      })
  void shouldSayWhatAFlowtableHas(String line, String message) {
    shouldSay("table inet t { flowtable f {\n" + line + "\n} }", message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "accept drop|r.nft:2:8: found 'drop'; expected one of: comment, end of line, ;",
        "jump other|r.nft:2:1: found 'jump'; expected one of: iifname, oifname, meta iifname|oifname",
        "meta mark 1|r.nft:2:6: found 'mark'; expected one of: iifname, oifname, l4proto, nfproto",
        "ip saddr fd00::1|r.nft:2:10: found 'fd00::1'; expected an IPv4 address, ADDRESS/LENGTH",
        "ip saddr 10.0.0.0/33|r.nft:2:10: found '10.0.0.0/33'; expected an IPv4 address",
        "ip daddr 10.0.0.9-10.0.0.1|r.nft:2:10: found '10.0.0.9-10.0.0.1'; expected an IPv4",
        "ip6 saddr 10.0.0.1|r.nft:2:11: found '10.0.0.1'; expected an IPv6 address",
        "ip6 saddr|r.nft:2:10: found end of line; expected an IPv6 address",
        "tcp dport 70000|r.nft:2:11: found '70000'; expected a port 0..65535, or FROM-TO",
        "tcp dport 9-3|r.nft:2:11: found '9-3'; expected a port 0..65535, or FROM-TO",
        "tcp flags syn|r.nft:2:5: found 'flags'; expected one of: sport, dport",
        "meta l4proto tcpp|r.nft:2:14: found 'tcpp'; expected ah, esp, gre, icmp,",
        "meta l4proto { tcp udp }|r.nft:2:20: found 'udp'; expected one of: ,, }",
        "ct state old|r.nft:2:10: found 'old'; expected one of: invalid, new, established, related",
        "ct mark 1|r.nft:2:4: found 'mark'; expected state",
        "counter name \"x\"|r.nft:2:1: table inet t has no counter x; expected one of: a, b",
        "counter packets x|r.nft:2:17: found 'x'; expected a number",
        "flow add ft|r.nft:2:10: found 'ft'; expected @FLOWTABLE",
        "flow add @ft|r.nft:2:1: table inet t has no flowtable ft",
        "flow del @ft|r.nft:2:6: found 'del'; expected one of: add, offload",
        "masquerade|r.nft:2:1: masquerade in chain f; expected a nat chain at postrouting",
        "dnat to 10.0.0.1|r.nft:2:1: dnat in chain f; expected a nat chain at prerouting",
        "snat 10.0.0.1|r.nft:2:6: found '10.0.0.1'; expected to",
        "snat to 10.0.0.0/8|r.nft:2:9: found '10.0.0.0/8'; expected one of: ADDRESS",
        "redirect to 10.0.0.1:80|r.nft:2:13: found '10.0.0.1:80'; expected one of: :PORT",
        "policy reject|r.nft:2:8: found 'reject'; expected one of: accept, drop",
        "type route hook output priority 0|r.nft:2:6: found 'route'; expected one of: filter, nat",
        "type nat hook forward priority 0|r.nft:2:15: found 'forward'; expected one of: prerouting",
        "type filter hook ingress priority 0|r.nft:2:18: found 'ingress'; expected one of: prerouting"
      })
  void shouldSayWhatARuleHas(String line, String message) {
    String text =
        "table inet t { counter a { }; counter b { }; chain f { type filter hook forward priority 0\n"
            + line
            + "\n} }";
    shouldSay(text, message);
  }

  @Test
  void shouldRefuseAChainThatNothingCalls() {
    shouldSay(
        "table ip t {\n  chain c { accept; }\n}",
        "r.nft:2:3: chain c has no hook, and nothing jumps to it; expected type filter|nat");
  }

  @Test
  void shouldRefuseASecondOne() {
    shouldSay(
        "table ip t { counter c { }\ncounter c { } }", "r.nft:2:9: counter c is there already");
    shouldSay(
        "table ip t { flowtable f { hook ingress priority 0; }\nflowtable f { hook ingress; } }",
        "r.nft:2:1: flowtable f is there already");
  }

  @Test
  void shouldReportAllMistakesOfAText() {
    Seq<NftError> errors =
        errors(
            """
            table inet t {
              chain f { type filter hook forward priority 0
                tcp dport { 80, x }; acept
                udp dport 53 drop
                iifname { eth0, = } accept
              }
              set s { type ipv4_addr; elements = { 10.0.0.1 } }
              chain g { type filter hook nowhere priority 0; drop; }
            }
            tabel ip u { }
            """);

    assertThat(errors.map(e -> e.line() + ":" + e.column()).asJava())
        .containsExactly("3:21", "3:26", "5:21", "7:3", "8:30", "10:1");
  }
}
