package io.culvert.testkit.golden;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * The IP headers in a captured frame, outermost first, whatever tags and tunnels are around them:
 * as far as needed to say what kind of frame it is, and no further.
 */
final class Dissection {
  private static final int VXLAN_PORT = 4789;
  private static final int LINUX_VXLAN_PORT = 8472;
  private static final int GENEVE_PORT = 6081;

  private final byte[] frame;
  private List<Integer> headers = List.empty();

  private Dissection(byte[] frame) {
    this.frame = frame;
  }

  /** Where the IP headers begin. */
  static Seq<Integer> ipHeaders(byte[] frame) {
    Dissection dissection = new Dissection(frame);
    dissection.ethernet(0);
    return dissection.headers;
  }

  private int u8(int at) {
    return at < frame.length ? frame[at] & 0xff : 0;
  }

  private int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  private void ethernet(int at) {
    type(u16(at + 12), at + 14);
  }

  private void type(int type, int at) {
    switch (type) {
      case 0x8100, 0x88a8, 0x9100 -> type(u16(at + 2), at + 4);
      case 0x8864 -> type(u16(at + 6) == 0x21 ? 0x0800 : u16(at + 6) == 0x57 ? 0x86dd : 0, at + 8);
      case 0x0800 -> ipv4(at);
      case 0x86dd -> ipv6(at);
      case 0x6558 -> ethernet(at);
      default -> {}
    }
  }

  private void ipv4(int at) {
    if (at + 20 > frame.length) {
      return;
    }
    headers = headers.append(at);
    if ((u16(at + 6) & 0x1fff) == 0) {
      protocol(u8(at + 9), at + (u8(at) & 0xf) * 4);
    }
  }

  private void ipv6(int at) {
    if (at + 40 > frame.length) {
      return;
    }
    headers = headers.append(at);
    int protocol = u8(at + 6);
    int next = at + 40;
    while ((protocol == 0 || protocol == 60) && next + 8 <= frame.length) {
      protocol = u8(next);
      next += (u8(next + 1) + 1) * 8;
    }
    protocol(protocol, next);
  }

  private void protocol(int protocol, int at) {
    switch (protocol) {
      case 4 -> ipv4(at);
      case 41 -> ipv6(at);
      case 47 -> type(u16(at + 2), at + 4 + 4 * Integer.bitCount(u8(at) & 0xb0));
      case 17 -> {
        int port = u16(at + 2);
        if (port == VXLAN_PORT || port == LINUX_VXLAN_PORT) {
          ethernet(at + 16);
        } else if (port == GENEVE_PORT) {
          ethernet(at + 16 + (u8(at + 8) & 0x3f) * 4);
        }
      }
      default -> {}
    }
  }
}
