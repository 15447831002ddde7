package io.culvert.wire;

/** The two versions of the Internet Protocol. */
public enum IpFamily {
  /** IPv4. */
  V4(EtherType.IPV4, Ipv4Header.LENGTH, 32),
  /** IPv6. */
  V6(EtherType.IPV6, Ipv6Header.LENGTH, 128);

  private final int etherType;
  private final int headerLength;
  private final int addressBits;

  IpFamily(int etherType, int headerLength, int addressBits) {
    this.etherType = etherType;
    this.headerLength = headerLength;
    this.addressBits = addressBits;
  }

  /** The EtherType that announces this family. */
  public int etherType() {
    return etherType;
  }

  /** Bytes of the header without options or extension headers. */
  public int headerLength() {
    return headerLength;
  }

  /** Bits of an address: 32 or 128. */
  public int addressBits() {
    return addressBits;
  }
}
