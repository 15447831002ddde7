package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpFamily;

/**
 * Where an IPv6 packet's extension headers end: Linux's {@code ipv6_skip_exthdr}.
 *
 * @param protocol the header found: an upper layer's, or a fragment header behind which it cannot
 *     be
 * @param at offset of that header from the packet's start
 * @param isComplete false if the packet ends before, or says that nothing follows
 * @param isFragment true if a fragment header was passed or found
 */
record ExtensionHeaders(int protocol, int at, boolean isComplete, boolean isFragment) {
  static final int HOP_BY_HOP = 0;
  static final int ROUTING = 43;
  static final int FRAGMENT = 44;
  static final int AUTHENTICATION = 51;
  static final int ICMPV6 = 58;
  static final int NONE = 59;
  static final int DESTINATION = 60;

  private static final int FIXED_HEADER = 40;
  private static final int ENCAP_LIMIT = 4;

  static ExtensionHeaders skip(byte[] packet) {
    int protocol = Octets.u8(packet, 6);
    int at = FIXED_HEADER;
    boolean isFragment = false;
    while (isExtension(protocol)) {
      if (protocol == NONE || at + 2 > packet.length) {
        return new ExtensionHeaders(protocol, at, false, isFragment);
      }
      int length = (Octets.u8(packet, at + 1) + 1) * 8;
      if (protocol == FRAGMENT) {
        isFragment = true;
        if (at + 4 > packet.length) {
          return new ExtensionHeaders(protocol, at, false, true);
        }
        if ((Octets.u16(packet, at + 2) & 0xfff8) != 0) {
          return new ExtensionHeaders(protocol, at, true, true);
        }
        length = 8;
      } else if (protocol == AUTHENTICATION) {
        length = (Octets.u8(packet, at + 1) + 2) * 4;
      }
      protocol = Octets.u8(packet, at);
      at += length;
    }
    return new ExtensionHeaders(protocol, at, true, isFragment);
  }

  /** True if the packet says how often it may be tunnelled: ip6_tnl_parse_tlv_enc_lim. */
  static boolean hasEncapLimit(Outgoing out) {
    byte[] packet = out.packet();
    if (out.family() == IpFamily.V4) {
      return false;
    }
    int protocol = Octets.u8(packet, 6);
    int at = FIXED_HEADER;
    while (isExtension(protocol) && protocol != NONE && at + 8 <= packet.length) {
      int length = (Octets.u8(packet, at + 1) + 1) * 8;
      if (protocol == FRAGMENT) {
        if ((Octets.u16(packet, at + 2) & 0xfff8) != 0) {
          return false;
        }
        length = 8;
      } else if (protocol == AUTHENTICATION) {
        length = (Octets.u8(packet, at + 1) + 2) * 4;
      } else if (protocol == DESTINATION && hasEncapLimit(packet, at, at + length)) {
        return true;
      }
      protocol = Octets.u8(packet, at);
      at += length;
    }
    return false;
  }

  private static boolean hasEncapLimit(byte[] packet, int from, int to) {
    int at = from + 2;
    while (at + 2 < Math.min(to, packet.length)) {
      if (packet[at] == ENCAP_LIMIT && packet[at + 1] == 1) {
        return true;
      }
      at += packet[at] == 0 ? 1 : Octets.u8(packet, at + 1) + 2;
    }
    return false;
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, NONE, DESTINATION -> true;
      default -> false;
    };
  }
}
