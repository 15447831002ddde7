package io.culvert.testkit.golden;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * Compares frames byte for byte, but for what a kernel chooses freely in the outer IPv4 headers
 * that a router makes: the identification, and so the header checksum, which must be right by
 * itself.
 */
public final class FrameComparison {
  private static final int ETHERNET_HEADER = 14;
  private static final int IPV4_TYPE = 0x0800;
  private static final int IPV6_TYPE = 0x86dd;

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
  public static boolean areEqual(byte[] expected, byte[] actual, int pushed) {
    return difference(expected, actual, pushed).isEmpty();
  }

  /** The first difference, where the router made outer headers that nothing follows. */
  public static Option<String> difference(byte[] expected, byte[] actual, int pushed) {
    return difference(expected, actual, List.fill(pushed, 0));
  }

  /**
   * The first difference, as a sentence that names layer, field and offset.
   *
   * @param expected the frame that was captured
   * @param actual the frame to judge
   * @param shims bytes behind each of the outer IPv4 headers that the router made, outermost first
   */
  public static Option<String> difference(byte[] expected, byte[] actual, Seq<Integer> shims) {
    Option<String> wrongSum = wrongOwnChecksum(actual, shims);
    if (wrongSum.isDefined()) {
      return wrongSum;
    }
    byte[] left = masked(expected, shims);
    byte[] right = masked(actual, shims);
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

  /**
   * A copy of a frame with id and checksum of its first IPv4 headers zeroed.
   *
   * @param shims bytes behind each of these headers, outermost first
   */
  public static byte[] masked(byte[] frame, Seq<Integer> shims) {
    byte[] copy = frame.clone();
    int at = networkHeader(copy);
    for (int i = 0; i < shims.size() && isIpv4(copy, at); i++) {
      copy[at + 4] = 0;
      copy[at + 5] = 0;
      copy[at + 10] = 0;
      copy[at + 11] = 0;
      at += headerLength(copy, at) + shims.get(i);
    }
    return copy;
  }

  private static Option<String> wrongOwnChecksum(byte[] frame, Seq<Integer> shims) {
    int at = networkHeader(frame);
    for (int i = 0; i < shims.size(); i++) {
      if (!isIpv4(frame, at)) {
        return Option.some("IP header " + (i + 1) + " (offset " + at + ") is not IPv4");
      }
      if (sum(frame, at, at + headerLength(frame, at)) != 0xffff) {
        return Option.some("IPv4 header " + (i + 1) + " (offset " + at + "): wrong checksum");
      }
      at += headerLength(frame, at) + shims.get(i);
    }
    return Option.none();
  }

  private static int sum(byte[] frame, int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at += 2) {
      sum += (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
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
