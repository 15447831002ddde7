package io.culvert.testkit.codec;

/**
 * How a packet is to be treated, which goes with it and is not part of it.
 *
 * @param value its priority, as {@code skb->priority} in Linux; 0 is best effort
 * @param isDropEligible true if a tag said that it may be dropped first (DEI, IEEE 802.1Q §6.9.3),
 *     which Linux does not remember
 */
public record PlainPriority(int value, boolean isDropEligible) {
  /** Best effort. */
  public static final PlainPriority BEST_EFFORT = of(0);

  /** A priority; not drop eligible. */
  public static PlainPriority of(int value) {
    return new PlainPriority(value, false);
  }

  /** With another priority. */
  public PlainPriority withValue(int newValue) {
    return new PlainPriority(newValue, isDropEligible);
  }

  @Override
  public String toString() {
    return value + (isDropEligible ? " drop eligible" : "");
  }
}
