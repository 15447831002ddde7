package io.culvert.testkit.nft;

import io.vavr.collection.Seq;
import java.io.Serial;

/** Ends the reading of one statement; never leaves the reader. */
final class NftMistake extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Ruleset.Place at;
  private final transient Seq<String> expected;

  NftMistake(Ruleset.Place at, String found, Seq<String> expected) {
    super(found, null, false, false);
    this.at = at;
    this.expected = expected;
  }

  NftError in(String file) {
    return new NftError(file, at.line(), at.column(), String.valueOf(getMessage()), expected);
  }
}
