package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Statement.Nat;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.control.Option;

/** Reads {@code masquerade}, {@code snat to …}, {@code dnat to …} and {@code redirect}. */
final class NatReader {
  private static final List<String> FLAGS = List.of("random", "fully-random", "persistent");
  private static final List<String> TARGETS =
      List.of("ADDRESS", "ADDRESS:PORT", "[ADDRESS]:PORT", ":PORT");

  private final Cursor words;
  private Option<Operand> addresses = Option.none();
  private Option<Operand.Numbers> ports = Option.none();

  NatReader(Cursor words) {
    this.words = words;
  }

  Statement read(Place at) {
    String word = words.take().text();
    Nat.Kind kind = List.of(Nat.Kind.values()).find(k -> k.word().equals(word)).get();
    boolean takesAddress = kind == Nat.Kind.SNAT || kind == Nat.Kind.DNAT;
    boolean isTarget = words.isNext("to") || takesAddress;
    if (isTarget) {
      if (takesAddress && !words.accept("ip")) {
        words.accept("ip6");
      }
      words.expect("to");
      target(takesAddress);
    }
    List<String> flags = List.empty();
    while (FLAGS.exists(words::isNext)) {
      flags = flags.append(words.take().text());
      words.accept(",");
    }
    return new Nat(kind, addresses, ports, flags, at);
  }

  private void target(boolean takesAddress) {
    Token token = words.word("an address or a port to translate to");
    String text = token.text();
    String address = text;
    if (text.startsWith("[") && text.contains("]")) {
      address = text.substring(1, text.indexOf(']'));
      port(token, text.substring(text.indexOf(']') + 1));
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.contains(":")) {
      address = text.substring(0, text.indexOf(':'));
      port(token, text.substring(text.indexOf(':')));
    }
    if (!address.isEmpty()) {
      if (!takesAddress) {
        throw Cursor.mistake(token, List.of(":PORT", ":FROM-TO"));
      }
      IpFamily family = address.contains(":") ? IpFamily.V6 : IpFamily.V4;
      addresses = Option.some(address(token, address, family));
    }
  }

  private static Operand address(Token token, String text, IpFamily family) {
    if (text.contains("/")) {
      throw Cursor.mistake(token, TARGETS);
    }
    return Operands.addresses(token, text, family, TARGETS.mkString(", "));
  }

  private void port(Token token, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (!text.startsWith(":")) {
      throw Cursor.mistake(token, TARGETS);
    }
    ports = Option.some(Operands.ports(token, text.substring(1)));
  }
}
