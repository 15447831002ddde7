package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.RouterOutcome.Dropped;
import io.culvert.testkit.router.RouterOutcome.NotModelled;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * Hop-by-hop and destination options on receipt: Linux's {@code ipv6_parse_hopopts}, {@code
 * ipv6_destopt_rcv} and {@code ip6_parse_tlv}.
 */
final class HeaderOptions {
  private static final int FIXED_HEADER = 40;
  private static final int PAD1 = 0;
  private static final int PADN = 1;
  private static final int ROUTER_ALERT = 5;
  private static final int CALIPSO = 7;
  private static final int IOAM = 0x31;
  private static final int JUMBO = 0xc2;
  private static final int HOME_ADDRESS = 0xc9;

  private static final int MOST_PADDING = 7;

  /** The kernel's default for options that it looks at ({@code max_hbh_opts_number}). */
  private static final int MOST_OPTIONS = 8;

  private static final RouterOutcome DROP = new Dropped(DropReason.BAD_OPTIONS);

  private final IcmpRules.V6 icmp;
  private final int from;
  private final boolean isHopByHop;
  private byte[] packet;

  private HeaderOptions(byte[] packet, int from, boolean isHopByHop, IcmpRules.V6 icmp) {
    this.packet = packet;
    this.from = from;
    this.isHopByHop = isHopByHop;
    this.icmp = icmp;
  }

  /** The packet, shortened if a jumbo option says so, or what became of it. */
  static Either<RouterOutcome, byte[]> hopByHop(byte[] packet, IcmpRules.V6 icmp) {
    return new HeaderOptions(packet, FIXED_HEADER, true, icmp).check();
  }

  /** What became of a packet for us because of its destination options; none if it goes on. */
  static Option<RouterOutcome> destination(byte[] packet, IcmpRules.V6 icmp) {
    int protocol = Octets.u8(packet, 6);
    int at = FIXED_HEADER;
    while (protocol == ExtensionHeaders.HOP_BY_HOP || protocol == ExtensionHeaders.DESTINATION) {
      if (protocol == ExtensionHeaders.DESTINATION) {
        Either<RouterOutcome, byte[]> checked = new HeaderOptions(packet, at, false, icmp).check();
        if (checked.isLeft()) {
          return checked.swap().toOption();
        }
      }
      protocol = Octets.u8(packet, at);
      at += (Octets.u8(packet, at + 1) + 1) * 8;
    }
    return Option.none();
  }

  private Either<RouterOutcome, byte[]> check() {
    if (packet.length < from + 8) {
      return Either.left(DROP);
    }
    int end = from + (Octets.u8(packet, from + 1) + 1) * 8;
    if (packet.length < end) {
      return Either.left(DROP);
    }
    int padding = 0;
    int options = 0;
    int at = from + 2;
    while (at < end) {
      if (packet[at] == PAD1) {
        padding++;
        at++;
      } else {
        int length = end - at < 2 ? Integer.MAX_VALUE : Octets.u8(packet, at + 1) + 2;
        if (length > end - at) {
          return Either.left(DROP);
        }
        boolean isPadding = packet[at] == PADN;
        padding = isPadding ? padding + length : 0;
        options += isPadding ? 0 : 1;
        if (options > MOST_OPTIONS || (isPadding && !isZero(at + 2, at + length))) {
          return Either.left(DROP);
        }
        Either<RouterOutcome, byte[]> result =
            isPadding ? Either.right(packet) : option(at, length - 2);
        if (result.isLeft()) {
          return result;
        }
        packet = result.get();
        at += length;
      }
      if (padding > MOST_PADDING) {
        return Either.left(DROP);
      }
    }
    return Either.right(packet);
  }

  private boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (packet[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private Either<RouterOutcome, byte[]> option(int at, int length) {
    if (!isHopByHop) {
      return Octets.u8(packet, at) == HOME_ADDRESS
          ? Either.left(new NotModelled(NotModelledReason.LOCAL))
          : unknown(at);
    }
    return switch (Octets.u8(packet, at)) {
      case ROUTER_ALERT -> length == 2 ? Either.right(packet) : Either.left(DROP);
      // Bad alignment is looked at even where IOAM is off.
      case IOAM -> (at & 3) == 0 ? Either.right(packet) : Either.left(DROP);
      case JUMBO -> jumbo(at, length);
      // The router knows no domain of interpretation.
      case CALIPSO -> Either.left(DROP);
      default -> unknown(at);
    };
  }

  /** RFC 8200 §4.2: the two highest bits say what to do with an option that is not known. */
  private Either<RouterOutcome, byte[]> unknown(int at) {
    return switch (Octets.u8(packet, at) >> 6) {
      case 0 -> Either.right(packet);
      case 1 -> Either.left(DROP);
      case 2 -> Either.left(icmp.errorAlsoToMulticast(DropReason.BAD_OPTIONS));
      default -> Either.left(icmp.error(DropReason.BAD_OPTIONS));
    };
  }

  private Either<RouterOutcome, byte[]> jumbo(int at, int length) {
    if (length != 4 || (at & 3) != 2) {
      return Either.left(DROP);
    }
    long payload = Octets.u32(packet, at + 2);
    if (payload <= 0xffff || Octets.u16(packet, 4) != 0) {
      return Either.left(icmp.error(DropReason.BAD_OPTIONS));
    }
    if (payload > packet.length - FIXED_HEADER) {
      return Either.left(DROP);
    }
    return Either.right(Arrays.copyOf(packet, (int) payload + FIXED_HEADER));
  }
}
