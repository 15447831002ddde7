package io.culvert.wire;

import io.vavr.control.Either;

/**
 * An IPv4 address.
 *
 * @param bits the address as it stands on the wire, read as one big-endian word
 */
public record Ipv4Address(int bits) implements IpAddress {

  /** Reads a dotted quad: four decimal numbers 0..255 without leading zeros. */
  public static Either<String, Ipv4Address> parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Either.left("'" + text + "' is not an IPv4 address such as 192.0.2.1");
    }
    int bits = 0;
    for (String part : parts) {
      if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
        return Either.left("'" + text + "' is not an IPv4 address: '" + part + "' is not 0..255");
      }
      bits = bits << 8 | Integer.parseInt(part);
    }
    return Either.right(new Ipv4Address(bits));
  }

  /** The address held in four bytes. */
  public static Ipv4Address of(byte[] bytes) {
    if (bytes.length != 4) {
      throw new IllegalArgumentException("IPv4 address: length=" + bytes.length);
    }
    return new Ipv4Address(
        (bytes[0] & 0xff) << 24
            | (bytes[1] & 0xff) << 16
            | (bytes[2] & 0xff) << 8
            | (bytes[3] & 0xff));
  }

  @Override
  public IpFamily family() {
    return IpFamily.V4;
  }

  @Override
  public byte[] bytes() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public boolean isUnspecified() {
    return bits == 0;
  }

  @Override
  public boolean isLoopback() {
    return bits >>> 24 == 127;
  }

  @Override
  public boolean isMulticast() {
    return bits >>> 28 == 0xe;
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
