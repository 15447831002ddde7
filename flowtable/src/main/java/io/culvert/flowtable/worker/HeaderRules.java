package io.culvert.flowtable.worker;

import io.culvert.wire.InternetChecksum;
import io.culvert.wire.IpProtocol;
import io.culvert.wire.Ipv4Header;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.TcpHeader;
import io.culvert.wire.UdpHeader;

/**
 * The static checks: what a header must be before its packet may be looked up. They work on words
 * that were read from the frame, so that they are plain arithmetic; each returns 0 or a reason.
 */
final class HeaderRules {
  private static final long WORD = 0xffff_ffffL;
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT_HEADER = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;

  private HeaderRules() {}

  /**
   * An IPv4 header.
   *
   * @param first version to fragment offset
   * @param second TTL to checksum
   * @param addresses both addresses
   * @param room bytes from the header to the end of what carries it
   */
  static int ipv4(long first, int second, long addresses, long room) {
    if (first >>> 56 != Ipv4Header.VERSION_4_IHL_5) {
      return oddFirstByte((int) (first >>> 56));
    }
    int total = (int) (first >>> 32) & 0xffff;
    if (total < Ipv4Header.LENGTH || total > room) {
      return Codes.BAD_TOTAL_LENGTH;
    }
    // RFC 1071: the sum of a good header is all ones. 32-bit words do as well as 16-bit ones.
    long sum =
        (first >>> 32) + (first & WORD) + (second & WORD) + (addresses >>> 32) + (addresses & WORD);
    if (!InternetChecksum.isAllOnes(sum)) {
      return Codes.BAD_HEADER_CHECKSUM;
    }
    return ((int) first & Ipv4Header.MF_AND_OFFSET) == 0 ? 0 : Codes.FRAGMENT;
  }

  private static int oddFirstByte(int versionIhl) {
    if (versionIhl >>> 4 != 4) {
      return Codes.BAD_VERSION;
    }
    return versionIhl < Ipv4Header.VERSION_4_IHL_5 ? Codes.BAD_HEADER_LENGTH : Codes.IP_OPTIONS;
  }

  /**
   * An IPv6 header.
   *
   * @param first version to hop limit
   * @param room bytes from the header to the end of what carries it
   */
  static int ipv6(long first, long room) {
    if (first >>> 60 != 6) {
      return Codes.BAD_VERSION;
    }
    // No jumbograms (RFC 2675): a payload length of 0 is just that.
    long total = Ipv6Header.LENGTH + (first >>> 16 & 0xffff);
    return total > room || total > 0xffff ? Codes.BAD_TOTAL_LENGTH : 0;
  }

  /** TCP and UDP with their whole fixed header. */
  static int transport(int protocol, long room) {
    if (protocol == IpProtocol.UDP) {
      return room < UdpHeader.LENGTH ? Codes.TRUNCATED : 0;
    }
    if (protocol == IpProtocol.TCP) {
      return room < TcpHeader.LENGTH ? Codes.TRUNCATED : 0;
    }
    return Codes.PROTOCOL;
  }

  /** The edges of a TCP connection belong to the slow path. */
  static int tcpFlags(int flags) {
    return (flags & (TcpHeader.FIN | TcpHeader.SYN | TcpHeader.RST)) == 0 ? 0 : Codes.TCP_STATE;
  }

  /** The reason for an IPv6 next header that is no transport. */
  static int extension(int nextHeader) {
    return switch (nextHeader) {
      case FRAGMENT_HEADER -> Codes.FRAGMENT;
      case HOP_BY_HOP, ROUTING, AUTHENTICATION, DESTINATION_OPTIONS -> Codes.IP_OPTIONS;
      default -> Codes.PROTOCOL;
    };
  }
}
