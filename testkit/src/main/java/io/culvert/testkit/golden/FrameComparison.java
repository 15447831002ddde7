package io.culvert.testkit.golden;

import io.culvert.testkit.router.OwnHeader;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * Compares frames byte for byte, but for what a kernel chooses freely in the outer headers that a
 * router makes: the identification of IPv4, the source port of UDP where there is a range, and so
 * the checksums, which must be right by themselves.
 */
public final class FrameComparison {
  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_TYPE = 0x0800;
  private static final int IPV6_TYPE = 0x86dd;
  private static final int UDP = 17;

  private static final String[] IPV4_FIELDS = {
    "version and header length",
    "TOS",
    "total length",
    "total length",
    "identification",
    "identification",
    "flags and fragment offset",
    "flags and fragment offset",
    "TTL",
    "protocol",
    "header checksum",
    "header checksum",
    "source",
    "source",
    "source",
    "source",
    "destination",
    "destination",
    "destination",
    "destination"
  };

  private FrameComparison() {}

  /** True if {@link #difference} finds none. */
  public static boolean areEqual(byte[] expected, byte[] actual, Seq<OwnHeader> own) {
    return difference(expected, actual, own).isEmpty();
  }

  /**
   * The first difference, as a sentence that names layer, field and offset.
   *
   * @param expected the frame that was captured
   * @param actual the frame to judge
   * @param own headers that the router made in it, and in which it had a choice
   */
  public static Option<String> difference(byte[] expected, byte[] actual, Seq<OwnHeader> own) {
    Option<String> wrong = own.flatMap(header -> wrong(actual, header)).headOption();
    if (wrong.isDefined()) {
      return wrong;
    }
    byte[] left = masked(expected, own);
    byte[] right = masked(actual, own);
    for (int at = 0; at < Math.min(left.length, right.length); at++) {
      if (left[at] != right[at]) {
        return Option.some(
            String.format(
                "%s (offset %d): expected 0x%02x, found 0x%02x",
                field(left, at), at, left[at] & 0xff, right[at] & 0xff));
      }
    }
    return left.length == right.length
        ? Option.none()
        : Option.some("length: expected " + left.length + ", found " + right.length);
  }

  /** A copy of a frame in which all that a router may choose is zero. */
  public static byte[] masked(byte[] frame, Seq<OwnHeader> own) {
    byte[] copy = frame.clone();
    for (OwnHeader header : own) {
      switch (header) {
        case OwnHeader.Ipv4(int at) -> {
          zero(copy, at + 4, 2);
          zero(copy, at + 10, 2);
        }
        case OwnHeader.Ipv6 _ -> {}
        case OwnHeader.Udp(int at, int _, int least, int most) -> {
          if (most > least) {
            zero(copy, at, 2);
          }
          if (at + 8 <= copy.length && u16(copy, at + 6) != 0) {
            // It is there; which one it is depends on the port.
            copy[at + 6] = (byte) 0xff;
            copy[at + 7] = (byte) 0xff;
          }
        }
        case OwnHeader.Checksum(int at, int _) -> zero(copy, at, 2);
        case OwnHeader.Sequence(int at) -> zero(copy, at, 4);
      }
    }
    return copy;
  }

  private static void zero(byte[] frame, int at, int count) {
    for (int i = at; i < Math.min(at + count, frame.length); i++) {
      frame[i] = 0;
    }
  }

  /** What is wrong with a header by itself. */
  private static Option<String> wrong(byte[] frame, OwnHeader header) {
    return switch (header) {
      case OwnHeader.Ipv4(int at) ->
          !isIpv4(frame, at)
              ? Option.some("the header at offset " + at + " is not IPv4")
              : sum(frame, at, at + headerLength(frame, at), 0) == 0xffff
                  ? Option.none()
                  : Option.some("IPv4 header (offset " + at + "): wrong checksum");
      case OwnHeader.Ipv6(int at) ->
          at + 40 <= frame.length && frame[at] >> 4 == 6
              ? Option.none()
              : Option.some("the header at offset " + at + " is not IPv6");
      case OwnHeader.Udp udp -> wrongUdp(frame, udp);
      case OwnHeader.Sequence _ -> Option.none();
      case OwnHeader.Checksum(int at, int from) ->
          from <= frame.length && sum(frame, from, frame.length, 0) == 0xffff
              ? Option.none()
              : Option.some("checksum (offset " + at + "): wrong");
    };
  }

  private static Option<String> wrongUdp(byte[] frame, OwnHeader.Udp udp) {
    int at = udp.at();
    if (at + 8 > frame.length) {
      return Option.some("UDP header (offset " + at + "): truncated");
    }
    int port = u16(frame, at);
    if (port < udp.leastPort() || port > udp.mostPort()) {
      return Option.some(
          String.format(
              "UDP header (offset %d): source port %d is not one of %d..%d",
              at, port, udp.leastPort(), udp.mostPort()));
    }
    int end = at + u16(frame, at + 4);
    if (end > frame.length || u16(frame, at + 6) == 0) {
      return end > frame.length
          ? Option.some("UDP header (offset " + at + "): wrong length")
          : Option.none();
    }
    boolean isV4 = frame[udp.ip()] >> 4 == 4;
    int addresses = udp.ip() + (isV4 ? 12 : 8);
    int pseudo = sum(frame, addresses, addresses + (isV4 ? 8 : 32), UDP + end - at);
    return sum(frame, at, end, pseudo) == 0xffff
        ? Option.none()
        : Option.some("UDP header (offset " + at + "): wrong checksum");
  }

  private static int u16(byte[] frame, int at) {
    return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
  }

  /** The folded sum of 16-bit words; a last odd byte is the upper half of a word. */
  private static int sum(byte[] frame, int from, int to, int start) {
    int sum = start;
    for (int at = from; at < to; at += 2) {
      sum += (frame[at] & 0xff) << 8 | (at + 1 < to ? frame[at + 1] & 0xff : 0);
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
  }

  /** Offset of the IP header; behind the frame's end if there is none. */
  private static int networkHeader(byte[] frame) {
    int type = type(frame);
    return type == IPV4_TYPE || type == IPV6_TYPE ? ETHERNET_HEADER : frame.length;
  }

  private static int type(byte[] frame) {
    return frame.length < ETHERNET_HEADER ? -1 : (frame[12] & 0xff) << 8 | (frame[13] & 0xff);
  }

  private static boolean isIpv4(byte[] frame, int at) {
    return at + 20 <= frame.length
        && frame[at] >> 4 == 4
        && headerLength(frame, at) >= 20
        && at + headerLength(frame, at) <= frame.length;
  }

  private static int headerLength(byte[] frame, int at) {
    return (frame[at] & 0xf) * 4;
  }

  private static String field(byte[] frame, int at) {
    if (at < ETHERNET_HEADER) {
      return "Ethernet " + (at < 6 ? "destination" : at < 12 ? "source" : "type");
    }
    int header = networkHeader(frame);
    int layer = 1;
    while (isIpv4(frame, header)) {
      int end = header + headerLength(frame, header);
      if (at < end) {
        int offset = at - header;
        return "IPv4 header " + layer + " " + (offset < 20 ? IPV4_FIELDS[offset] : "options");
      }
      if (frame[header + 9] != 4) {
        return "payload of IPv4 header " + layer;
      }
      header = end;
      layer++;
    }
    return type(frame) == IPV6_TYPE && at < ETHERNET_HEADER + 40 ? "IPv6 header" : "payload";
  }
}
