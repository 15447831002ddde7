package io.culvert.wire;

import io.vavr.control.Either;

/** An IPv4 or IPv6 address; an immutable value of the control path. */
public sealed interface IpAddress permits Ipv4Address, Ipv6Address {

  /** The family. */
  IpFamily family();

  /** The address in network byte order, 4 or 16 bytes; a fresh array. */
  byte[] bytes();

  /** True for 0.0.0.0 and {@code ::}. */
  boolean isUnspecified();

  /** True for 127.0.0.0/8 and {@code ::1}. */
  boolean isLoopback();

  /** True for 224.0.0.0/4 and ff00::/8. */
  boolean isMulticast();

  /**
   * Reads a literal: dotted quad or RFC 4291 §2.2 text, without zone. Never asks a resolver.
   *
   * @return the address, or a sentence that says what is wrong with the text
   */
  static Either<String, IpAddress> parse(String text) {
    return text.indexOf(':') < 0
        ? Ipv4Address.parse(text).map(address -> address)
        : Ipv6Address.parse(text).map(address -> address);
  }

  /** The address held in 4 or 16 bytes of network order. */
  static IpAddress of(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> Ipv4Address.of(bytes);
      case 16 -> Ipv6Address.of(bytes);
      default -> throw new IllegalArgumentException("address: length=" + bytes.length);
    };
  }
}
