package io.culvert.wire;

import io.vavr.control.Either;

/**
 * An address with a prefix length. Bits below the prefix are kept, so that one type serves both a
 * network ({@code 192.0.2.0/24}) and an interface address ({@code 192.0.2.1/24}).
 *
 * @param address the address
 * @param length significant leading bits, 0..32 or 0..128
 */
public record IpPrefix(IpAddress address, int length) {

  /** Checks the length against the family. */
  public IpPrefix {
    if (length < 0 || length > address.family().addressBits()) {
      throw new IllegalArgumentException("prefix: address=" + address + " length=" + length);
    }
  }

  /** Reads {@code ADDRESS/LENGTH}; without a slash the prefix covers the one address. */
  public static Either<String, IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpAddress.parse(text).map(a -> new IpPrefix(a, a.family().addressBits()));
    }
    String digits = text.substring(slash + 1);
    return IpAddress.parse(text.substring(0, slash))
        .flatMap(address -> {
          int most = address.family().addressBits();
          return digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= most
              ? Either.right(new IpPrefix(address, Integer.parseInt(digits)))
              : Either.left("'" + text + "': '" + digits + "' is not a length 0.." + most);
        });
  }

  /** True if {@code other} is of this family and shares the leading {@link #length} bits. */
  public boolean contains(IpAddress other) {
    return switch (address) {
      case Ipv4Address(int bits) ->
          other instanceof Ipv4Address(int otherBits) && same(bits, otherBits, length, 32);
      case Ipv6Address(long high, long low) ->
          other instanceof Ipv6Address(long otherHigh, long otherLow)
              && same(high, otherHigh, Math.min(length, 64), 64)
              && same(low, otherLow, Math.max(length - 64, 0), 64);
    };
  }

  private static boolean same(long a, long b, int bits, int width) {
    return bits == 0 || (a ^ b) << (64 - width) >>> (64 - bits) == 0;
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
