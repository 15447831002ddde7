package io.culvert.flowtable.worker;

/**
 * Why a frame was not forwarded. One counter each; {@link #label} is fit to be a metric label and
 * never changes for a reason once published.
 */
public enum Reason {
  /** Forwarded. */
  NONE("none", false),
  /** The ingress port is not a port of the flow table. */
  PORT("port", false),
  /** Longer than 65,535 bytes: a super-frame. */
  SUPER_FRAME("super-frame", false),
  /** Ends before the headers that it announces. */
  TRUNCATED("truncated", true),
  /** The destination MAC address is not the port's, or a frame in a tunnel is our own. */
  NOT_FOR_US("not-for-us", false),
  /** An EtherType that is neither IP nor a known carrier. */
  ETHERTYPE("ethertype", false),
  /** The version nibble is not that of the EtherType. */
  BAD_VERSION("bad-version", true),
  /** IPv4 header length below 20 bytes. */
  BAD_HEADER_LENGTH("bad-header-length", true),
  /** IPv4 options or IPv6 extension headers. */
  IP_OPTIONS("ip-options", false),
  /** Wrong IPv4 header checksum. */
  BAD_HEADER_CHECKSUM("bad-header-checksum", true),
  /** The IP length says less than a header or more than the frame holds. */
  BAD_TOTAL_LENGTH("bad-total-length", true),
  /** A fragment. */
  FRAGMENT("fragment", false),
  /** The TTL or hop limit ends here. */
  TTL("ttl", false),
  /** An IP protocol that no flow has, or a form of it. */
  PROTOCOL("protocol", false),
  /** TCP with SYN, FIN or RST. */
  TCP_STATE("tcp-state", false),
  /** More layers than eight. */
  NESTING("nesting", true),
  /** A shim that its provider, or one of the tunnel's checks of bits, leaves to the slow path. */
  ENCAP_UNSUPPORTED("encap-unsupported", false),
  /** A shim that its provider calls illegal. */
  ENCAP_MALFORMED("encap-malformed", true),
  /** A checksum of a tunnel's header, or of its UDP header, that is wrong or missing. */
  ENCAP_CHECKSUM("encap-checksum", true),
  /** A sequence number that is older than the one expected. */
  ENCAP_SEQUENCE("encap-sequence", false),
  /** A provider returned a hit that does not fit into the packet, or threw. */
  PROVIDER_FAULT("provider-fault", true),
  /**
   * Outer CE over an inner packet that is not ECN-capable (RFC 6040 §4.2), or a mark of an outer
   * header in front of a tag that would change the packet behind it.
   */
  ECN("ecn", true),
  /** No flow. */
  MISS("miss", false),
  /** The flow is from an older generation: offer it again. */
  STALE("stale", false),
  /** Longer than the way out allows. */
  MTU("mtu", false),
  /** Too little room in front of the frame for the way out's headers. */
  HEADROOM("headroom", false);

  private static final Reason[] VALUES = values();

  private final String label;
  private final boolean malformed;

  Reason(String label, boolean malformed) {
    this.label = label;
    this.malformed = malformed;
  }

  /** Lower-case words with hyphens. */
  public String label() {
    return label;
  }

  /** True if no well-behaved sender makes such a frame. */
  public boolean isMalformed() {
    return malformed;
  }

  static Reason of(int ordinal) {
    return VALUES[ordinal];
  }

  /** The number of reasons. */
  static int count() {
    return VALUES.length;
  }
}
