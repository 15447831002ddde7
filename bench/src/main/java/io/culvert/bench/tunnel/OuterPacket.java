package io.culvert.bench.tunnel;

import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Set;

/**
 * An IP packet that may be a tunnel's.
 *
 * @param source its source
 * @param destination its destination
 * @param protocol protocol; of IPv6 the one behind options
 * @param isFragment true if it is a fragment
 * @param content what follows the header, trimmed to the length that it says
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
record OuterPacket(
    IpAddress source, IpAddress destination, int protocol, boolean isFragment, byte[] content) {
  private static final int FRAGMENT = 44;

  /** Hop-by-hop options, routing, fragment, destination options. */
  private static final Set<Integer> OPTIONS = Set.of(0, 43, FRAGMENT, 60);

  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;

  /** Reads a packet; a sentence if nobody should look into it. */
  static Either<String, OuterPacket> parse(byte[] bytes, IpFamily family) {
    return family == IpFamily.V4 ? ipv4(bytes) : ipv6(bytes);
  }

  private static Either<String, OuterPacket> ipv4(byte[] bytes) {
    int header = bytes.length < PlainFrames.IPV4 ? 0 : (bytes[0] & 0xf) * 4;
    int length = bytes.length < PlainFrames.IPV4 ? 0 : PlainFrames.u16(bytes, 2);
    if (header < PlainFrames.IPV4
        || bytes[0] >> 4 != 4
        || length < header
        || length > bytes.length) {
      return Either.left("an IPv4 header whose lengths do not fit");
    }
    if (!Checksums.isRight(Checksums.sum(bytes, 0, header))) {
      return Either.left("a wrong IPv4 header checksum");
    }
    return Either.right(
        new OuterPacket(
            address(bytes, 12, 4),
            address(bytes, 16, 4),
            bytes[9] & 0xff,
            (PlainFrames.u16(bytes, 6) & 0x3fff) != 0,
            Arrays.copyOfRange(bytes, header, length)));
  }

  private static Either<String, OuterPacket> ipv6(byte[] bytes) {
    int length = bytes.length < PlainFrames.IPV6 ? -1 : PlainFrames.u16(bytes, 4);
    if (length < 0 || (bytes[0] & 0xf0) != 0x60 || PlainFrames.IPV6 + length > bytes.length) {
      return Either.left("an IPv6 header whose lengths do not fit");
    }
    return behindOptions(
        new OuterPacket(
            address(bytes, 8, 16),
            address(bytes, 24, 16),
            bytes[6] & 0xff,
            false,
            Arrays.copyOfRange(bytes, PlainFrames.IPV6, PlainFrames.IPV6 + length)));
  }

  /** Linux's tunnels have a Destination Options header unless told otherwise (RFC 2473 §4.1.1). */
  private static Either<String, OuterPacket> behindOptions(OuterPacket packet) {
    OuterPacket rest = packet;
    while (OPTIONS.contains(rest.protocol())) {
      byte[] content = rest.content();
      int length = content.length < 8 ? 8 : ((content[1] & 0xff) + 1) * 8;
      if (rest.protocol() == FRAGMENT) {
        length = 8;
      }
      if (length > content.length) {
        return Either.left("an IPv6 extension header whose length does not fit");
      }
      rest =
          new OuterPacket(
              rest.source(),
              rest.destination(),
              content[0] & 0xff,
              rest.isFragment() || rest.protocol() == FRAGMENT,
              Arrays.copyOfRange(content, length, content.length));
      if (rest.isFragment()) {
        break;
      }
    }
    return Either.right(rest);
  }

  private static IpAddress address(byte[] bytes, int at, int length) {
    return IpAddress.of(Arrays.copyOfRange(bytes, at, at + length));
  }

  String ends() {
    return source + " > " + destination;
  }

  /** Destination port of a UDP header; none if there is not enough of it. */
  Option<Integer> udpPort() {
    return Option.when(
        content.length >= UDP_HEADER && !isFragment, () -> PlainFrames.u16(content, 2));
  }

  /** What a UDP header carries, if its length and checksum are right. */
  Either<String, byte[]> datagram() {
    int length = PlainFrames.u16(content, 4);
    if (length < UDP_HEADER || length > content.length) {
      return Either.left("a UDP header whose length does not fit");
    }
    long sum =
        Checksums.pseudoHeader(source, destination, UDP, length)
            + Checksums.sum(content, 0, length);
    return PlainFrames.u16(content, 6) == 0 || Checksums.isRight(sum)
        ? Either.right(Arrays.copyOfRange(content, UDP_HEADER, length))
        : Either.left("a wrong UDP checksum");
  }
}
