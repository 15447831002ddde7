package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Reads the words of one command in order; what does not fit is a {@link ScenarioMistake}. */
final class Words {
  private final List<Token> tokens;
  private int next;
  private Option<IpFamily> family = Option.none();

  Words(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** The family that {@code -4} or {@code -6} asked for. */
  Option<IpFamily> family() {
    return family;
  }

  void family(IpFamily chosen) {
    family = Option.some(chosen);
  }

  boolean isAtEnd() {
    return peek().text().isEmpty();
  }

  Token peek() {
    return tokens.get(next);
  }

  boolean isNext(String word) {
    return peek().text().equals(word);
  }

  /** Takes the next word if it is this one. */
  boolean accept(String word) {
    boolean found = isNext(word);
    if (found) {
      next++;
    }
    return found;
  }

  /** The next word, whatever it is. */
  Token take(String... expected) {
    if (isAtEnd()) {
      throw unexpected(List.of(expected));
    }
    return tokens.get(next++);
  }

  /** The next word must be one of these, or a beginning of one, the first that fits. */
  String choose(Seq<String> words) {
    Option<String> exact = words.find(w -> w.equals(peek().text()));
    Option<String> word = exact.orElse(() -> words.find(w -> w.startsWith(peek().text())));
    if (isAtEnd() || word.isEmpty()) {
      throw unexpected(words);
    }
    next++;
    return word.get();
  }

  int number(long least, long most) {
    String expected = "a number " + least + ".." + most;
    Token token = take(expected);
    boolean isHex = token.text().startsWith("0x");
    try {
      long value =
          Long.parseLong(isHex ? token.text().substring(2) : token.text(), isHex ? 16 : 10);
      if (value >= least && value <= most) {
        return (int) value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw mistake(token, expected);
  }

  MacAddress mac() {
    return read("a MAC address such as 02:00:00:00:00:01", MacAddress::parse);
  }

  IpAddress address() {
    return read("an IP address", IpAddress::parse);
  }

  IpPrefix prefix() {
    return read("an IP address, with or without /LENGTH", IpPrefix::parse);
  }

  private interface Parser<T> {
    Either<String, T> parse(String text);
  }

  private <T> T read(String expected, Parser<T> parser) {
    Token token = take(expected);
    return parser.parse(token.text()).getOrElseThrow(() -> mistake(token, expected));
  }

  /** The words that are left, for commands that are not looked into. */
  List<String> rest() {
    List<String> words = tokens.drop(next).map(Token::text).filter(w -> !w.isEmpty());
    next = tokens.size() - 1;
    return words;
  }

  /** The next word, or the end of the line, cannot stand here. */
  ScenarioMistake unexpected(Seq<String> expected) {
    return mistake(peek(), expected);
  }

  static ScenarioMistake mistake(Token token, Seq<String> expected) {
    String found = token.text().isEmpty() ? "end of line" : "'" + token.text() + "'";
    return new ScenarioMistake(token, "found " + found, expected);
  }

  static ScenarioMistake mistake(Token token, String expected) {
    return mistake(token, List.of(expected));
  }
}
