package io.culvert.spi;

import io.culvert.wire.EtherType;
import io.culvert.wire.IpFamily;

/**
 * The type of what follows a shim: an open pair, not a list of what we know.
 *
 * @param namespace who hands out the number, 1..255: {@link #ETHERTYPE}, {@link #LINK}, or a third
 *     party's own
 * @param number 0..65535 within the namespace
 */
public record InnerType(int namespace, int number) {
  /** Namespace of EtherTypes. */
  public static final int ETHERTYPE = 1;

  /** Namespace of link types, numbered as in captures: {@link #LINK_ETHERNET}, … */
  public static final int LINK = 2;

  /** Number of Ethernet among the link types, for {@link Match#hit}. */
  public static final int LINK_ETHERNET = 1;

  /** An IPv4 packet. */
  public static final InnerType IPV4 = new InnerType(ETHERTYPE, EtherType.IPV4);

  /** An IPv6 packet. */
  public static final InnerType IPV6 = new InnerType(ETHERTYPE, EtherType.IPV6);

  /** A whole Ethernet frame without FCS. */
  public static final InnerType ETHERNET = new InnerType(LINK, LINK_ETHERNET);

  /** In a {@link Capability}: every EtherType. */
  public static final InnerType ANY_ETHERTYPE = new InnerType(ETHERTYPE, 0);

  /** Checks the ranges. */
  public InnerType {
    if (namespace < 1 || namespace > 255 || number < 0 || number > 0xffff) {
      throw new IllegalArgumentException(
          "inner type: namespace=" + namespace + " number=" + number);
    }
  }

  /** The type of an IP packet of this family. */
  public static InnerType of(IpFamily family) {
    return family == IpFamily.V4 ? IPV4 : IPV6;
  }

  @Override
  public String toString() {
    return switch (namespace) {
      case ETHERTYPE -> String.format("EtherType 0x%04x", number);
      case LINK -> number == LINK_ETHERNET ? "Ethernet" : "link type " + number;
      default -> "namespace " + namespace + " number " + number;
    };
  }
}
