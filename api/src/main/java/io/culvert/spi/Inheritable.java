package io.culvert.spi;

/**
 * A field of an outer header: a fixed value, or the inner header's.
 *
 * @param inherit true to take the value from the inner header
 * @param value the fixed value; 0 if inherited
 */
public record Inheritable(boolean inherit, int value) {
  /** Takes the inner header's value. */
  public static final Inheritable INHERIT = new Inheritable(true, 0);

  /** Always {@code value}. */
  public static Inheritable fixed(int value) {
    return new Inheritable(false, value);
  }

  @Override
  public String toString() {
    return inherit ? "inherit" : Integer.toString(value);
  }
}
