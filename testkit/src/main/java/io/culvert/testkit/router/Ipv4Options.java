package io.culvert.testkit.router;

import io.culvert.testkit.codec.Octets;
import io.culvert.wire.IpAddress;
import java.util.function.Predicate;

/**
 * The options of an IPv4 header: Linux's {@code __ip_options_compile}, without rewriting anything.
 */
final class Ipv4Options {
  private static final int END = 0;
  private static final int NOP = 1;
  private static final int RECORD_ROUTE = 7;
  private static final int TIMESTAMP = 68;
  private static final int LOOSE_ROUTE = 131;
  private static final int CIPSO = 134;
  private static final int STRICT_ROUTE = 137;
  private static final int ROUTER_ALERT = 148;

  private static final int TIMES_ONLY = 0;
  private static final int TIMES_AND_ADDRESSES = 1;
  private static final int TIMES_OF_ADDRESSES = 3;

  private final byte[] packet;
  private final Predicate<IpAddress> isOurs;
  private boolean malformed;
  private boolean changed;
  private boolean sourceRoute;
  private boolean recordRoute;
  private boolean timestamp;
  private boolean echoFails;

  private Ipv4Options(byte[] packet, Predicate<IpAddress> isOurs) {
    this.packet = packet;
    this.isOurs = isOurs;
  }

  /**
   * Reads the options of a packet whose header length was checked.
   *
   * @param isOurs true for an address that is local or a broadcast address of ours
   */
  static Ipv4Options of(byte[] packet, Predicate<IpAddress> isOurs) {
    Ipv4Options options = new Ipv4Options(packet, isOurs);
    int end = Octets.u8(packet, 0) % 16 * 4;
    options.malformed = !options.read(20, end);
    return options;
  }

  /** Linux would answer with an ICMP parameter problem. */
  boolean isMalformed() {
    return malformed;
  }

  /** A router would write something into them. */
  boolean isChanged() {
    return changed;
  }

  /** A loose or strict source route. */
  boolean hasSourceRoute() {
    return sourceRoute;
  }

  /**
   * No ICMP error can be sent: an error carries the options back, and these leave no room for it.
   */
  boolean forbidsIcmp() {
    return echoFails;
  }

  private boolean read(int from, int end) {
    int at = from;
    while (at < end) {
      int type = Octets.u8(packet, at);
      if (type == END) {
        for (int i = at + 1; i < end; i++) {
          changed |= packet[i] != END;
        }
        return true;
      }
      if (type == NOP) {
        at++;
        continue;
      }
      int length = end - at < 2 ? 0 : Octets.u8(packet, at + 1);
      if (length < 2 || length > end - at || !option(type, at, length)) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private boolean option(int type, int at, int length) {
    return switch (type) {
      case LOOSE_ROUTE, STRICT_ROUTE -> sourceRoute(at, length);
      case RECORD_ROUTE -> recordRoute(at, length);
      case TIMESTAMP -> timestamp(at, length);
      case ROUTER_ALERT -> length >= 4;
      // cipso_v4_validate knows no domain of interpretation here.
      case CIPSO -> false;
      default -> true;
    };
  }

  private boolean sourceRoute(int at, int length) {
    boolean isGood = length >= 3 && Octets.u8(packet, at + 2) >= 4 && !sourceRoute;
    sourceRoute = true;
    return isGood;
  }

  private boolean recordRoute(int at, int length) {
    if (recordRoute || length < 3) {
      return false;
    }
    int pointer = Octets.u8(packet, at + 2);
    if (pointer < 4 || (pointer <= length && pointer + 3 > length)) {
      return false;
    }
    recordRoute = true;
    if (pointer <= length) {
      changed = true;
      // Our address takes a place; what is left must hold another one for the way back.
      int next = pointer + 4;
      echoFails |= next <= length && next + 3 > length;
    }
    return true;
  }

  private boolean timestamp(int at, int length) {
    if (timestamp || length < 4) {
      return false;
    }
    int pointer = Octets.u8(packet, at + 2);
    if (pointer < 5) {
      return false;
    }
    int flags = Octets.u8(packet, at + 3) & 0xf;
    if (pointer > length) {
      return timestampOverflow(at, flags);
    }
    if (pointer + 3 > length) {
      return false;
    }
    boolean needsAddress = flags == TIMES_AND_ADDRESSES || flags == TIMES_OF_ADDRESSES;
    if (needsAddress && pointer + 7 > length) {
      return false;
    }
    timestamp = true;
    switch (flags) {
      case TIMES_ONLY -> {
        changed = true;
        int next = pointer + 4;
        echoFails |= next <= length && next + 3 > length;
      }
      case TIMES_AND_ADDRESSES -> {
        changed = true;
        int next = pointer + 8;
        echoFails |= next <= length && next + 7 > length;
      }
      case TIMES_OF_ADDRESSES -> timesOfAddresses(pointer, at, length);
      default -> {
        // Unknown flags are left alone.
      }
    }
    return true;
  }

  /** Only who is named writes; the kernel takes for that also what is not plainly another host. */
  private void timesOfAddresses(int pointer, int at, int length) {
    byte[] named = java.util.Arrays.copyOfRange(packet, at + pointer - 1, at + pointer + 3);
    IpAddress address = IpAddress.of(named);
    boolean isElsewhere =
        !isOurs.test(address)
            && !address.isMulticast()
            && named[0] != 0
            && Octets.u32(named, 0) != 0xffffffffL;
    if (!isElsewhere) {
      changed = true;
      int next = pointer + 8;
      echoFails |= next <= length && next + 3 > length;
    }
  }

  private boolean timestampOverflow(int at, int flags) {
    if (flags != TIMES_OF_ADDRESSES) {
      if (Octets.u8(packet, at + 3) >> 4 == 15) {
        return false;
      }
      changed = true;
    }
    timestamp = true;
    return true;
  }
}
