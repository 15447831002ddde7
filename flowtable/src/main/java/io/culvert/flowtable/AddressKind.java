package io.culvert.flowtable;

import io.culvert.path.Network;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.control.Option;

/**
 * What an address is if it is not the unicast address of another host: packets from or to it are
 * not forwarded, or not without a look at their link.
 */
public enum AddressKind {
  /** 0.0.0.0, {@code ::}. */
  UNSPECIFIED("the unspecified address"),
  /** The rest of 0.0.0.0/8 (RFC 1122 §3.2.1.3). */
  THIS_NETWORK("an address of network 0"),
  /** 127.0.0.0/8, {@code ::1}. */
  LOOPBACK("a loopback address"),
  /** 224.0.0.0/4, ff00::/8. */
  MULTICAST("a multicast address"),
  /** 255.255.255.255, and what {@link Network#isBroadcast} says. */
  BROADCAST("a broadcast address"),
  /** fe80::/10: it means nothing without its link, and never leaves it (RFC 4291 §2.5.6). */
  LINK_LOCAL("a link-local address"),
  /** ::ffff:0:0/96: on the wire it could be taken for an IPv4 host. */
  MAPPED("an IPv4-mapped address"),
  /** What {@link Network#isLocal} says. */
  LOCAL("an address of this router");

  private final String words;

  AddressKind(String words) {
    this.words = words;
  }

  /** With an article, for messages. */
  public String words() {
    return words;
  }

  /** Lower-case words with hyphens: fit to be a metric label. */
  public String label() {
    return Labels.hyphenated(name());
  }

  /** What an address is; none if it is another host's. */
  public static Option<AddressKind> of(IpAddress address, Network network) {
    if (address.isUnspecified()) {
      return Option.some(UNSPECIFIED);
    }
    if (address.isLoopback()) {
      return Option.some(LOOPBACK);
    }
    if (address.isMulticast()) {
      return Option.some(MULTICAST);
    }
    return ofFamily(address)
        .orElse(() -> Option.when(network.isBroadcast(address), BROADCAST))
        .orElse(() -> Option.when(network.isLocal(address), LOCAL));
  }

  private static Option<AddressKind> ofFamily(IpAddress address) {
    return switch (address) {
      case Ipv4Address(int bits) ->
          bits >>> 24 == 0 ? Option.some(THIS_NETWORK) : Option.when(bits == -1, BROADCAST);
      case Ipv6Address six ->
          six.isLinkLocal()
              ? Option.some(LINK_LOCAL)
              : Option.when(six.high() == 0 && six.low() >>> 32 == 0xffff, MAPPED);
    };
  }
}
