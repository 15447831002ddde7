package io.culvert.testkit.scenario;

import io.vavr.collection.Seq;

/**
 * A mistake in a scenario.
 *
 * @param file the file's name
 * @param line line, from 1
 * @param column column of the word, from 1; behind the last word if something is missing
 * @param found what is there, as a phrase: {@code 'foo'}, {@code end of line}, or a sentence
 * @param expected what could have stood there
 */
public record ScenarioError(String file, int line, int column, String found, Seq<String> expected) {
  /** One line: where, what was found, what was expected. */
  public String message() {
    String wanted =
        expected.isEmpty()
            ? ""
            : "; expected " + (expected.size() == 1 ? "" : "one of: ") + expected.mkString(", ");
    return file + ":" + line + ":" + column + ": " + found + wanted;
  }
}
