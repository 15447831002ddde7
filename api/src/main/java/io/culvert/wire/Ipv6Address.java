package io.culvert.wire;

import io.vavr.control.Either;
import java.net.Inet6Address;
import java.nio.ByteBuffer;

/**
 * An IPv6 address.
 *
 * @param high the first eight bytes as one big-endian word
 * @param low the last eight bytes as one big-endian word
 */
public record Ipv6Address(long high, long low) implements IpAddress {

  /** Reads RFC 4291 §2.2 text without zone or brackets. */
  public static Either<String, Ipv6Address> parse(String text) {
    if (!text.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return Either.left("'" + text + "' is not an IPv6 address such as 2001:db8::1");
    }
    try {
      // Inet6Address turns a v4-mapped literal into an Inet4Address: keep the mapped form.
      byte[] bytes = Inet6Address.ofLiteral(text).getAddress();
      if (bytes.length == 16) {
        return Either.right(of(bytes));
      }
      return Either.right(
          new Ipv6Address(0, 0xffff_0000_0000L | (Ipv4Address.of(bytes).bits() & 0xffff_ffffL)));
    } catch (IllegalArgumentException _) {
      return Either.left("'" + text + "' is not an IPv6 address such as 2001:db8::1");
    }
  }

  /** The address held in sixteen bytes. */
  public static Ipv6Address of(byte[] bytes) {
    if (bytes.length != 16) {
      throw new IllegalArgumentException("IPv6 address: length=" + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Ipv6Address(buffer.getLong(0), buffer.getLong(8));
  }

  @Override
  public IpFamily family() {
    return IpFamily.V6;
  }

  @Override
  public byte[] bytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Override
  public boolean isUnspecified() {
    return (high | low) == 0;
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  /** True for fe80::/10. */
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public String toString() {
    return compress(bytes());
  }

  /** RFC 5952: the longest run of zero groups, if longer than one, becomes "::". */
  private static String compress(byte[] bytes) {
    ByteBuffer groups = ByteBuffer.wrap(bytes);
    int runStart = -1;
    int runLength = 1;
    for (int start = 0; start < 8; start++) {
      int length = 0;
      while (start + length < 8 && groups.getShort(2 * (start + length)) == 0) {
        length++;
      }
      if (length > runLength) {
        runStart = start;
        runLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int group = 0; group < 8; group++) {
      if (group == runStart) {
        text.append("::");
        group += runLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups.getShort(2 * group) & 0xffff));
    }
    return text.toString();
  }
}
