package io.culvert.testkit.scenario;

import io.vavr.collection.Seq;
import java.io.Serial;

/** Ends the reading of one command; never leaves the reader. */
final class ScenarioMistake extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Token at;
  private final transient Seq<String> expected;

  ScenarioMistake(Token at, String found, Seq<String> expected) {
    super(found, null, false, false);
    this.at = at;
    this.expected = expected;
  }

  ScenarioError in(String file) {
    return new ScenarioError(file, at.line(), at.column(), String.valueOf(getMessage()), expected);
  }
}
