package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Place;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;

/** Reads tokens in order, with variables replaced; what does not fit is a {@link NftMistake}. */
final class Cursor {
  private List<Token> left;
  private Map<String, List<Token>> variables = HashMap.empty();
  private int depth;

  Cursor(List<Token> tokens) {
    left = tokens;
  }

  /** The next token; a variable is replaced by what it stands for. */
  Token peek() {
    Token token = left.head();
    if (token.kind() == Token.Kind.WORD && token.text().startsWith("$")) {
      List<Token> value =
          variables
              .get(token.text().substring(1))
              .getOrElseThrow(() ->
                  new NftMistake(
                      token.at(),
                      token.found() + ", which is not defined",
                      variables.keySet().toList().sorted().map(name -> "$" + name)));
      // A message about it points at the place of use.
      left = left.tail().prependAll(value.map(t -> new Token(t.kind(), t.text(), token.at())));
    }
    return left.head();
  }

  void define(String name, List<Token> value) {
    variables = variables.put(name, value);
  }

  boolean isAtEnd() {
    return peek().kind() == Token.Kind.END;
  }

  Place place() {
    return peek().at();
  }

  Token take() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      left = left.tail();
    }
    if (token.is("{")) {
      depth++;
    } else if (token.is("}")) {
      depth--;
    }
    return token;
  }

  boolean isNext(String word) {
    return peek().is(word);
  }

  /** Takes the next token if it is this word or sign. */
  boolean accept(String word) {
    boolean found = isNext(word);
    if (found) {
      take();
    }
    return found;
  }

  /** The next token must be one of these words or signs. */
  String choose(Seq<String> words) {
    if (!words.exists(this::isNext)) {
      throw unexpected(words);
    }
    return take().text();
  }

  void expect(String word) {
    choose(List.of(word));
  }

  /** A word, quoted or not. */
  Token word(String expected) {
    if (peek().kind() != Token.Kind.WORD && peek().kind() != Token.Kind.STRING) {
      throw unexpected(List.of(expected));
    }
    return take();
  }

  /** A name of something in the ruleset. */
  String name(String expected) {
    Token token = word(expected);
    if (!token.text().matches("[A-Za-z_][A-Za-z0-9_./\\\\-]*")) {
      throw mistake(token, List.of(expected));
    }
    return token.text();
  }

  long number(String expected, long least, long most) {
    Token token = word(expected);
    try {
      long number = Long.decode(token.text());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw mistake(token, List.of(expected));
  }

  void skipSeparators() {
    while (peek().kind() == Token.Kind.SEPARATOR) {
      take();
    }
  }

  boolean isAtStatementEnd() {
    Token next = peek();
    return next.kind() == Token.Kind.SEPARATOR || next.kind() == Token.Kind.END || next.is("}");
  }

  /** A statement ends here: nothing else may follow on it. */
  void endStatement(Seq<String> more) {
    if (!isAtStatementEnd()) {
      throw unexpected(more.append("end of line").append(";"));
    }
    skipSeparators();
  }

  int depth() {
    return depth;
  }

  /** After a mistake: to the next statement within this many braces. */
  void skipStatement(int within) {
    while (left.head().kind() != Token.Kind.END) {
      Token next = left.head();
      boolean isEnd = next.kind() == Token.Kind.SEPARATOR || next.is("}");
      if (depth <= within && isEnd) {
        return;
      }
      depth += next.is("{") ? 1 : next.is("}") ? -1 : 0;
      left = left.tail();
    }
  }

  /** The next token cannot stand here. */
  NftMistake unexpected(Seq<String> expected) {
    return mistake(peek(), expected);
  }

  static NftMistake mistake(Token token, Seq<String> expected) {
    return new NftMistake(token.at(), token.found(), expected);
  }
}
