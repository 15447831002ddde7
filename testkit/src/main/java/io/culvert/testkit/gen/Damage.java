package io.culvert.testkit.gen;

/**
 * What is unusual, hostile or broken about a frame.
 *
 * @param kind what
 * @param layer chooses the IP header, 0 is the outermost
 * @param value chooses how
 * @param isRepaired true to make the header's checksum right again
 */
record Damage(Kind kind, int layer, int value, boolean isRepaired) {
  static final Damage NONE = new Damage(Kind.NONE, 0, 0, true);

  /** Where a frame is damaged. */
  enum Kind {
    /** Not at all. */
    NONE,
    /** Total or payload length too short or too long. */
    TOTAL_LENGTH,
    /** Length field of the UDP header. */
    UDP_LENGTH,
    /** Header checksum. */
    CHECKSUM,
    /** IPv4 options. */
    OPTIONS,
    /** Flags and fragment offset. */
    FRAGMENT,
    /** Version and header length. */
    FIRST_BYTE,
    /** Protocol or next header. */
    PROTOCOL,
    /** TTL of some layer. */
    TTL,
    /** An outer address that is not the tunnel's. */
    OUTER_ADDRESS,
    /** A layer is missing. */
    MISSING_LAYER,
    /** A bit or two of a shim: another key, flags, reserved bits. */
    SHIM_BITS,
    /** Two bytes of a shim: a length, an id, a type. */
    SHIM_FIELD,
    /** A tunnel's UDP destination port. */
    TUNNEL_PORT,
    /** A tunnel's UDP length. */
    TUNNEL_UDP_LENGTH,
    /** A tunnel's UDP checksum: wrong, missing, or there in spite of the settings. */
    TUNNEL_CHECKSUM,
    /** Destination MAC address in a tunnel. */
    INNER_MAC,
    /** Padding behind the packet in a tunnel's frame. */
    INNER_PADDING,
    /** A bit that makes a packet of somebody's tunnel no flow. */
    TRANSIT_GUARD,
    /** A packet of somebody's tunnel that ends too early to tell, or just there. */
    TRANSIT_CUT,
    /** The station that sends. */
    SENDER,
    /** One more layer: somebody else's tunnel, or one of ours again. */
    EXTRA_LAYER,
    /** Another inner destination: the router, a broadcast, a group, nowhere. */
    DESTINATION,
    /** Another inner source. */
    SOURCE,
    /** IPv6 in the tunnel. */
    IPV6_INSIDE,
    /** Destination MAC address. */
    MAC,
    /** EtherType. */
    ETHERTYPE,
    /** A VLAN tag. */
    TAG,
    /** Another port. */
    PORT,
    /** Cut off. */
    TRUNCATED,
    /** One to three bits flipped. */
    BIT_FLIPS,
    /** Random bytes behind the MAC addresses. */
    RANDOM
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
