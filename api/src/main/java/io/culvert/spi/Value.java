package io.culvert.spi;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;

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
