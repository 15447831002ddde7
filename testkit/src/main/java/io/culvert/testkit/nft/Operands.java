package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Statement.Field;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.util.Arrays;

/** Reads what stands behind a match's field: one value, a range, or a set of them. */
final class Operands {
  private static final Map<String, Integer> PROTOCOLS =
      HashMap.of("icmp", 1, "tcp", 6, "udp", 17, "ipv6", 41, "gre", 47)
          .merge(HashMap.of("esp", 50, "ah", 51, "icmpv6", 58, "ipv6-icmp", 58))
          .merge(HashMap.of("sctp", 132, "udplite", 136));

  private static final Map<String, Integer> VERSIONS = HashMap.of("ipv4", 2, "ipv6", 10);

  private final Cursor words;

  Operands(Cursor words) {
    this.words = words;
  }

  Seq<Operand> read(Field field) {
    if (field == Field.CT_STATE && !words.isNext("{")) {
      return states();
    }
    return Sets.read(words, () -> value(field));
  }

  /** Without braces, commas separate states: they are flags of one field. */
  private Seq<Operand> states() {
    List<Operand> states = List.of(state());
    while (words.accept(",")) {
      states = states.append(state());
    }
    return states;
  }

  private Operand value(Field field) {
    return switch (field) {
      case IIFNAME, OIFNAME -> device();
      case NFPROTO -> numbers(VERSIONS, "ipv4 or ipv6", 255);
      case L4PROTO, IP_PROTOCOL, IP6_NEXTHDR ->
          numbers(PROTOCOLS, PROTOCOLS.keySet().toList().sorted().mkString(", ") + ", 0..255", 255);
      case IP_SADDR, IP_DADDR -> addresses(IpFamily.V4);
      case IP6_SADDR, IP6_DADDR -> addresses(IpFamily.V6);
      case CT_STATE -> state();
      default -> ports();
    };
  }

  Operand.Numbers ports() {
    return numbers(HashMap.empty(), "a port 0..65535, or FROM-TO", 0xffff);
  }

  private Operand device() {
    String name = words.word("a device's name").text();
    return name.endsWith("*")
        ? new Operand.Name(name.substring(0, name.length() - 1), true)
        : new Operand.Name(name, false);
  }

  private Operand state() {
    List<CtState> states = List.of(CtState.values());
    String word = words.choose(states.map(CtState::word));
    return new Operand.State(states.find(s -> s.word().equals(word)).get());
  }

  private Operand.Numbers numbers(Map<String, Integer> names, String expected, int most) {
    Token token = words.word(expected);
    return numbers(token, token.text(), names, expected, most);
  }

  static Operand.Numbers ports(Token token, String text) {
    return numbers(token, text, HashMap.empty(), "a port 0..65535, or FROM-TO", 0xffff);
  }

  private static Operand.Numbers numbers(
      Token token, String text, Map<String, Integer> names, String expected, int most) {
    if (names.containsKey(text)) {
      int number = names.get(text).get();
      return new Operand.Numbers(number, number);
    }
    if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
      throw Cursor.mistake(token, List.of(expected));
    }
    String[] ends = text.split("-", 2);
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[ends.length - 1]);
    if (last > most || first > last) {
      throw Cursor.mistake(token, List.of(expected));
    }
    return new Operand.Numbers(first, last);
  }

  private Operand addresses(IpFamily family) {
    String expected =
        family == IpFamily.V4
            ? "an IPv4 address, ADDRESS/LENGTH, or FROM-TO"
            : "an IPv6 address, ADDRESS/LENGTH, or FROM-TO";
    Token token = words.word(expected);
    return addresses(token, token.text(), family, expected);
  }

  /** Addresses in the text of a token, of a family. */
  static Operand addresses(Token token, String text, IpFamily family, String expected) {
    int dash = text.indexOf('-');
    Either<String, Operand> read =
        dash < 0
            ? IpPrefix.parse(text).map(Operand.Prefix::new)
            : IpAddress.parse(text.substring(0, dash))
                .flatMap(least ->
                    IpAddress.parse(text.substring(dash + 1))
                        .map(most -> new Operand.Range(least, most)));
    return read.filter(operand -> isOf(operand, family))
        .flatMap(Either::toOption)
        .getOrElseThrow(() -> Cursor.mistake(token, List.of(expected)));
  }

  private static boolean isOf(Operand operand, IpFamily family) {
    return switch (operand) {
      case Operand.Prefix(IpPrefix prefix) -> prefix.address().family() == family;
      case Operand.Range(IpAddress least, IpAddress most) ->
          least.family() == family
              && most.family() == family
              && Arrays.compareUnsigned(least.bytes(), most.bytes()) <= 0;
      default -> false;
    };
  }
}
