package io.culvert.testkit.router;

/** Why the router discards a frame without sending anything, as Linux does. */
public enum DropReason {
  /** The frame's destination MAC address is another host's. */
  NOT_FOR_US("not-for-us"),
  /** The ingress device is down. */
  DEVICE_DOWN("device-down"),
  /** An EtherType that the router has no handler for. */
  UNKNOWN_ETHERTYPE("unknown-ethertype"),
  /** A VLAN tag whose id no device of the port has. */
  UNKNOWN_VLAN("unknown-vlan"),
  /** The frame ends before a header does. */
  TRUNCATED("truncated"),
  /** The IP version is not the one that was announced. */
  BAD_VERSION("bad-version"),
  /** The IPv4 header length is less than 20 bytes. */
  BAD_HEADER_LENGTH("bad-header-length"),
  /** The IPv4 header checksum is wrong. */
  BAD_HEADER_CHECKSUM("bad-header-checksum"),
  /** The total or payload length is more than the frame holds, or less than the header. */
  BAD_TOTAL_LENGTH("bad-total-length"),
  /** The source address cannot be a sender's: multicast, loopback, zero, or the router's own. */
  MARTIAN_SOURCE("martian-source"),
  /** The destination address cannot be reached through a wire: loopback, zero. */
  MARTIAN_DESTINATION("martian-destination"),
  /** A multicast group that the router has not joined. */
  MULTICAST("multicast"),
  /** A packet to forward that came as a link-layer broadcast or multicast. */
  LINK_BROADCAST("link-broadcast"),
  /** A source route option, which the router does not accept. */
  SOURCE_ROUTE("source-route"),
  /** Malformed IPv4 options, or IPv6 extension headers, that no ICMP error is sent for. */
  BAD_OPTIONS("bad-options"),
  /** IPv6 does not run on the device: its MTU is less than 1280. */
  IPV6_OFF("ipv6-off"),
  /** No route, and no ICMP error is sent. */
  NO_ROUTE("no-route"),
  /** A blackhole route. */
  BLACKHOLE("blackhole"),
  /** TTL or hop limit exceeded, and no ICMP error is sent. */
  TTL("ttl"),
  /** Too big for the way out, and no ICMP error is sent. */
  MTU("mtu"),
  /** Too big for the underlay with its outer header, which forbids fragments. */
  OUTER_MTU("outer-mtu"),
  /** Congestion was marked on the outer header of a packet that is not ECN-capable (RFC 6040). */
  ECN("ecn"),
  /** No tunnel has these outer addresses, and no ICMP error is sent. */
  UNKNOWN_TUNNEL("unknown-tunnel"),
  /** A wrong UDP checksum, or none where one is needed. */
  UDP_CHECKSUM("udp-checksum"),
  /** The tunnel refused the packet: its own header is wrong. */
  TUNNEL_HEADER("tunnel-header"),
  /** The tunnel does not carry this kind of packet. */
  UNSUPPORTED_INNER("unsupported-inner"),
  /** The tunnel's local address is not an address of the router. */
  TUNNEL_SOURCE("tunnel-source"),
  /** The tunnel's packets would go into the tunnel again, or through too many tunnels. */
  TUNNEL_LOOP("tunnel-loop"),
  /** A rule, or the policy, of one of the ruleset's chains. */
  FILTER("filter"),
  /** Addresses cannot be translated: no address is there, or another connection has them. */
  TRANSLATION("translation");

  private final String word;

  DropReason(String word) {
    this.word = word;
  }

  /** The reason as a word for reports. */
  public String word() {
    return word;
  }
}
