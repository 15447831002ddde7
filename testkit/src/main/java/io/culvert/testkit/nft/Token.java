package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Place;
import io.vavr.collection.List;
import java.util.ArrayList;

/**
 * A piece of a ruleset's text.
 *
 * @param kind what it is
 * @param text the word, the text between quotes, the sign; empty at the end
 * @param at where it begins
 */
record Token(Kind kind, String text, Place at) {
  /** What a token is. */
  enum Kind {
    /** A word, a number, an address. */
    WORD,
    /** Between double quotes. */
    STRING,
    /** One of <code>{ } , = == !=</code>. */
    SIGN,
    /** A semicolon or the end of a line. */
    SEPARATOR,
    /** The end of the file. */
    END
  }

  private static final String SIGNS = "{},=!";

  boolean is(String word) {
    return kind != Kind.STRING && text.equals(word);
  }

  /** As a message says it. */
  String found() {
    return switch (kind) {
      case WORD, SIGN -> "found '" + text + "'";
      case STRING -> "found \"" + text + "\"";
      case SEPARATOR -> text.equals(";") ? "found ';'" : "found end of line";
      case END -> "found end of file";
    };
  }

  /** The tokens of a text, the last one its end. */
  static List<Token> of(String text) {
    return new Scanner(text).scan();
  }

  private static final class Scanner {
    private final java.util.List<Token> tokens = new ArrayList<>();
    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    Scanner(String text) {
      this.text = text.replace("\r\n", "\n");
    }

    List<Token> scan() {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\n') {
          add(Kind.SEPARATOR, at + 1);
          newLine();
        } else if (c == ';') {
          add(Kind.SEPARATOR, at + 1);
        } else if (c == '\\' && text.startsWith("\n", at + 1)) {
          at += 2;
          newLine();
        } else if (Character.isWhitespace(c)) {
          at++;
        } else if (c == '#') {
          at = end("\n");
        } else if (c == '"') {
          string();
        } else if (SIGNS.indexOf(c) >= 0) {
          boolean isDouble = (c == '=' || c == '!') && text.startsWith("=", at + 1);
          add(Kind.SIGN, at + (isDouble ? 2 : 1));
        } else {
          add(Kind.WORD, wordEnd());
        }
      }
      add(Kind.END, at);
      return List.ofAll(tokens);
    }

    private void add(Kind kind, int end) {
      tokens.add(new Token(kind, text.substring(at, end), place()));
      at = end;
    }

    private Place place() {
      return new Place(line, at - lineStart + 1);
    }

    private void newLine() {
      line++;
      lineStart = at;
    }

    /** Where one of these characters stands next, or the end of the text. */
    private int end(String characters) {
      int end = at;
      while (end < text.length() && characters.indexOf(text.charAt(end)) < 0) {
        end++;
      }
      return end;
    }

    private int wordEnd() {
      int end = end(" \t\r\f\n;#\"" + SIGNS);
      boolean goesOn = text.startsWith("\\\n", end - 1);
      return goesOn ? end - 1 : end;
    }

    private void string() {
      Place start = place();
      at++;
      int end = end("\"\n");
      if (end == text.length() || text.charAt(end) == '\n') {
        throw new NftMistake(start, "the string is not closed", List.of("\" on the same line"));
      }
      tokens.add(new Token(Kind.STRING, text.substring(at, end), start));
      at = end + 1;
    }
  }
}
