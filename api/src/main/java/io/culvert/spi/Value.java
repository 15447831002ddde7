package io.culvert.spi;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Map;

/** The value of one setting. */
public sealed interface Value {
  /**
   * A number.
   *
   * @param number the number
   */
  record Num(long number) implements Value {
    @Override
    public String toString() {
      return Long.toString(number);
    }
  }

  /**
   * A word: {@code inherit}, a device's name, …
   *
   * @param word the word
   */
  record Word(String word) implements Value {
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * A switch.
   *
   * @param on its position
   */
  record Flag(boolean on) implements Value {
    @Override
    public String toString() {
      return on ? "on" : "off";
    }
  }

  /**
   * Two numbers, the first not above the second.
   *
   * @param least the first
   * @param most the second
   */
  record Range(int least, int most) implements Value {
    @Override
    public String toString() {
      return least + " " + most;
    }
  }

  /**
   * Numbers by numbers.
   *
   * @param entries the pairs
   */
  record Mapping(Map<Integer, Integer> entries) implements Value {
    @Override
    public String toString() {
      return entries.map(e -> e._1 + ":" + e._2).mkString(" ");
    }
  }

  /**
   * An IP address.
   *
   * @param address the address
   */
  record Ip(IpAddress address) implements Value {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * A MAC address.
   *
   * @param address the address
   */
  record Mac(MacAddress address) implements Value {
    @Override
    public String toString() {
      return address.toString();
    }
  }
}
