package io.culvert.testkit.contract;

import io.culvert.testkit.law.Violation;

/** A law does not hold: the violation as the error of a test. */
public final class LawViolated extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final transient Violation violation;

  LawViolated(Violation violation) {
    this(violation, violation.toString());
  }

  private LawViolated(Violation violation, String text) {
    super(text);
    this.violation = violation;
  }

  /** What the law found. */
  public Violation violation() {
    return violation;
  }

  /** The same, with the seed of the random numbers that led to it. */
  LawViolated withSeed(String seed) {
    LawViolated seeded = new LawViolated(violation, violation + "\n  seed: " + seed);
    seeded.setStackTrace(getStackTrace());
    return seeded;
  }
}
