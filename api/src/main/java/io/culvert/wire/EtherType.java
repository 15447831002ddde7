package io.culvert.wire;

/** EtherType values that the framework itself parses or writes. */
public final class EtherType {
  /** Internet Protocol version 4. */
  public static final int IPV4 = 0x0800;

  /** Address Resolution Protocol. */
  public static final int ARP = 0x0806;

  /** Internet Protocol version 6. */
  public static final int IPV6 = 0x86dd;

  private EtherType() {}
}
