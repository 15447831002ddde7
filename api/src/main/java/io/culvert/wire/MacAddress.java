package io.culvert.wire;

import io.vavr.control.Either;

/**
 * An IEEE 802 MAC address.
 *
 * @param bits the six bytes as one big-endian word, 0..2^48-1
 */
public record MacAddress(long bits) {

  /** Checks the range. */
  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("MAC address: bits=0x" + Long.toHexString(bits));
    }
  }

  /** Reads six pairs of hex digits with colons between them. */
  public static Either<String, MacAddress> parse(String text) {
    return text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
        ? Either.right(new MacAddress(Long.parseLong(text.replace(":", ""), 16)))
        : Either.left("'" + text + "' is not a MAC address such as 02:00:00:00:00:01");
  }

  /** True if the group bit is set: multicast or broadcast. */
  public boolean isGroup() {
    return (bits >>> 40 & 1) != 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.append(String.format("%02x", bits >>> shift & 0xff)).append(shift == 0 ? "" : ":");
    }
    return text.toString();
  }
}
