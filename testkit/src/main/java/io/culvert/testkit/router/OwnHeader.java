package io.culvert.testkit.router;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * A header that the router made and in which it may choose, or what depends on such a choice. All
 * offsets are from the frame's start.
 */
public sealed interface OwnHeader {

  /**
   * An outer IPv4 header: its identification is free, and so is its checksum, which must be right.
   *
   * @param at where it begins
   */
  record Ipv4(int at) implements OwnHeader {}

  /**
   * An outer IPv6 header: nothing in it is free.
   *
   * @param at where it begins
   */
  record Ipv6(int at) implements OwnHeader {}

  /**
   * An outer UDP header: its source port is free within a range, and so is its checksum, which must
   * be right, or none on both sides.
   *
   * @param at where it begins
   * @param ip where the IP header in front begins
   * @param leastPort smallest source port
   * @param mostPort largest source port
   */
  record Udp(int at, int ip, int leastPort, int mostPort) implements OwnHeader {}

  /**
   * An internet checksum of a tunnel's own, which may cover something free. It must be right.
   *
   * @param at where it stands
   * @param from where it begins to count; it does so to the frame's end
   */
  record Checksum(int at, int from) implements OwnHeader {}

  /**
   * A sequence number of four bytes: packets of the router's own that are not modelled, such as
   * ICMP errors, take numbers too.
   *
   * @param at where it stands
   */
  record Sequence(int at) implements OwnHeader {}

  /** The same behind {@code bytes} more. */
  default OwnHeader shifted(int bytes) {
    return switch (this) {
      case Ipv4(int at) -> new Ipv4(at + bytes);
      case Ipv6(int at) -> new Ipv6(at + bytes);
      case Udp(int at, int ip, int least, int most) -> new Udp(at + bytes, ip + bytes, least, most);
      case Sequence(int at) -> new Sequence(at + bytes);
      case Checksum(int at, int from) -> new Checksum(at + bytes, from + bytes);
    };
  }

  /**
   * Outer IPv4 headers without options, one behind the other.
   *
   * @param at where the first one begins
   * @param shims bytes between each of them and what it carries, outermost first
   */
  static Seq<OwnHeader> ipv4Stack(int at, Seq<Integer> shims) {
    List<OwnHeader> headers = List.empty();
    int next = at;
    for (int shim : shims) {
      headers = headers.append(new Ipv4(next));
      next += 20 + shim;
    }
    return headers;
  }
}
