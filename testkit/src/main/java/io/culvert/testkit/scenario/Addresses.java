package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;

/** Arithmetic on addresses, byte by byte. */
final class Addresses {
  private Addresses() {}

  /** The prefix with all other bits clear. */
  static IpAddress first(IpPrefix prefix) {
    return fill(prefix, false);
  }

  /** The prefix with all other bits set. */
  static IpAddress last(IpPrefix prefix) {
    return fill(prefix, true);
  }

  private static IpAddress fill(IpPrefix prefix, boolean set) {
    byte[] bytes = prefix.address().bytes();
    for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
      int mask = 0x80 >>> bit % 8;
      bytes[bit / 8] = (byte) (set ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }
    return IpAddress.of(bytes);
  }

  /** True for fe80::/10. */
  static boolean isLinkLocal(IpAddress address) {
    byte[] bytes = address.bytes();
    return bytes.length == 16 && bytes[0] == (byte) 0xfe && (bytes[1] & 0xc0) == 0x80;
  }

  /** The address that the kernel makes of a MAC address (RFC 4291, appendix A). */
  static IpAddress linkLocal(MacAddress mac) {
    byte[] bytes = new byte[16];
    bytes[0] = (byte) 0xfe;
    bytes[1] = (byte) 0x80;
    for (int i = 0; i < 6; i++) {
      bytes[i < 3 ? 8 + i : 10 + i] = (byte) (mac.bits() >>> (40 - 8 * i));
    }
    bytes[8] ^= 2;
    bytes[11] = (byte) 0xff;
    bytes[12] = (byte) 0xfe;
    return IpAddress.of(bytes);
  }
}
