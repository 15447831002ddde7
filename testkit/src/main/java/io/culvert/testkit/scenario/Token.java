package io.culvert.testkit.scenario;

import io.vavr.collection.List;
import java.util.ArrayList;

/**
 * A word of a scenario and its place.
 *
 * @param text the word; empty for the end of a command
 * @param line from 1
 * @param column from 1
 */
record Token(String text, int line, int column) {

  /** The commands of a text: each its words, and behind them one empty token for its end. */
  static List<List<Token>> commands(String text) {
    java.util.List<List<Token>> commands = new ArrayList<>();
    java.util.List<Token> words = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean continues = split(lines[i], i + 1, words);
      if ((!continues || i == lines.length - 1) && !words.isEmpty()) {
        Token last = words.getLast();
        words.add(new Token("", last.line(), last.column() + last.text().length()));
        commands.add(List.ofAll(words));
        words.clear();
      }
    }
    return List.ofAll(commands);
  }

  /** Adds the words of a line; true if a backslash says that the command goes on. */
  private static boolean split(String line, int number, java.util.List<Token> words) {
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == '#') {
        return false;
      }
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      int end = at;
      while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
        end++;
      }
      String word = line.substring(at, end);
      if (word.equals("\\")) {
        return true;
      }
      words.add(new Token(word, number, at + 1));
      at = end;
    }
    return false;
  }
}
