package io.culvert.testkit.nft;

import io.vavr.collection.Seq;

/**
 * A mistake in a ruleset, or something in it that cannot be run.
 *
 * @param file the file's name
 * @param line line, from 1
 * @param column column, from 1
 * @param found what is there, as a phrase: {@code found 'foo'}, or a sentence
 * @param expected what could have stood there
 */
public record NftError(String file, int line, int column, String found, Seq<String> expected) {
  /** One line: where, what was found, what was expected. */
  public String message() {
    String wanted =
        expected.isEmpty()
            ? ""
            : "; expected " + (expected.size() == 1 ? "" : "one of: ") + expected.mkString(", ");
    return file + ":" + line + ":" + column + ": " + found + wanted;
  }
}
