package io.culvert.wire;

/** IP protocol numbers that the framework itself parses or writes. */
public final class IpProtocol {
  /** Internet Control Message Protocol. */
  public static final int ICMP = 1;

  /** Transmission Control Protocol. */
  public static final int TCP = 6;

  /** User Datagram Protocol. */
  public static final int UDP = 17;

  /** ICMP for IPv6. */
  public static final int ICMPV6 = 58;

  private IpProtocol() {}
}
