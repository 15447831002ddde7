package io.culvert.testkit.nft;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;

/** What a match compares with. */
public sealed interface Operand {

  /**
   * A device's name.
   *
   * @param name the name; of a pattern, what it begins with
   * @param isPattern true if {@code *} stood behind it
   */
  record Name(String name, boolean isPattern) implements Operand {
    boolean fits(String device) {
      return isPattern ? device.startsWith(name) : device.equals(name);
    }
  }

  /**
   * Numbers.
   *
   * @param least the smallest
   * @param most the largest
   */
  record Numbers(int least, int most) implements Operand {
    boolean fits(int number) {
      return number >= least && number <= most;
    }
  }

  /**
   * Addresses with a common beginning.
   *
   * @param prefix the prefix
   */
  record Prefix(IpPrefix prefix) implements Operand {}

  /**
   * Addresses from one to another, of one family.
   *
   * @param least the first
   * @param most the last
   */
  record Range(IpAddress least, IpAddress most) implements Operand {}

  /**
   * A connection's state.
   *
   * @param state the state
   */
  record State(CtState state) implements Operand {}
}
