package io.culvert.spi;

import io.culvert.wire.IpFamily;

/**
 * Packets of an IP protocol that only pass through the router may be a flow of their own, keyed by
 * addresses and protocol alone: tunnels of others, say. Data, no code: the first bytes behind the
 * IP header say which packets are meant, and all others stay on the slow path.
 *
 * <p>At an own end of the protocol's tunnels a packet is always the tunnel's, never transit.
 *
 * @param family version of the IP header
 * @param protocol protocol or next header, 0..255
 * @param length bytes that there must be behind the IP header, 0..8
 * @param mask which bits of these bytes are compared, as a number of {@code length} bytes in
 *     network byte order
 * @param value what these bits must be; no bit outside of the mask
 */
public record Transit(IpFamily family, int protocol, int length, long mask, long value) {
  /** Most bytes that are looked at. */
  public static final int MOST_BYTES = 8;

  /** Checks the ranges, and that the guard fits. */
  public Transit {
    boolean isInRange = (protocol & ~0xff) == 0 && length >= 0 && length <= MOST_BYTES;
    if (!isInRange || (mask & ~bits(length)) != 0 || (value & ~mask) != 0) {
      throw new IllegalArgumentException(
          String.format(
              "transit: protocol=%d length=%d mask=0x%x value=0x%x",
              protocol, length, mask, value));
    }
  }

  /** All bits of a number of so many bytes. */
  private static long bits(int length) {
    return length == 0 ? 0 : -1L >>> (Long.SIZE - Byte.SIZE * length);
  }

  /** All packets of a protocol. */
  public static Transit all(IpFamily family, int protocol) {
    return new Transit(family, protocol, 0, 0, 0);
  }

  /**
   * True for a packet that is meant.
   *
   * @param payload what stands behind the IP header
   */
  public boolean fits(byte[] payload) {
    if (payload.length < length) {
      return false;
    }
    long number = 0;
    for (int at = 0; at < length; at++) {
      number = (number << Byte.SIZE) | (payload[at] & 0xff);
    }
    return (number & mask) == value;
  }

  @Override
  public String toString() {
    String packets = (family == IpFamily.V4 ? "IPv4" : "IPv6") + " protocol " + protocol;
    return length == 0
        ? packets
        : String.format("%s with %d bytes & 0x%x = 0x%x", packets, length, mask, value);
  }
}
