package io.culvert.testkit.law;

import io.culvert.spi.InnerType;
import io.culvert.wire.IpAddress;
import java.util.Arrays;

/** A frame as text, layer by layer, for whoever has to find the fault. Never throws. */
public final class FrameText {
  private static final int ETHERNET = 14;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;

  private FrameText() {}

  /** One line for each layer. */
  public static String of(byte[] frame) {
    if (frame.length < ETHERNET) {
      return frame.length + " bytes: no Ethernet header";
    }
    int type = u16(frame, 12);
    String first =
        String.format(
            "Ethernet %s > %s type 0x%04x, %d bytes",
            mac(frame, 6), mac(frame, 0), type, frame.length);
    return first
        + (type == IPV4
            ? ipv4(frame, ETHERNET)
            : type == IPV6 ? ipv6(frame, ETHERNET) : "\n" + (frame.length - ETHERNET) + " bytes");
  }

  /** What a shim carries, a line for each layer. */
  static String inner(InnerType type, byte[] packet, int at) {
    if (type.equals(InnerType.ETHERNET)) {
      return of(Arrays.copyOfRange(packet, at, packet.length));
    }
    String text =
        type.equals(InnerType.IPV4)
            ? ipv4(packet, at)
            : type.equals(InnerType.IPV6)
                ? ipv6(packet, at)
                : packet.length - at + " bytes of " + type;
    return text.strip();
  }

  private static String ipv4(byte[] frame, int at) {
    if (at + 20 > frame.length) {
      return "\nIPv4: only " + (frame.length - at) + " bytes";
    }
    int ihl = (frame[at] & 0xf) * 4;
    int protocol = u8(frame, at + 9);
    String line =
        String.format(
            "%nIPv4 version %d ihl %d tos 0x%02x total %d id 0x%04x flags 0x%04x ttl %d protocol %d"
                + " checksum %s %s > %s",
            u8(frame, at) >> 4,
            ihl,
            u8(frame, at + 1),
            u16(frame, at + 2),
            u16(frame, at + 4),
            u16(frame, at + 6),
            u8(frame, at + 8),
            protocol,
            isSumGood(frame, at, ihl) ? "good" : "BAD",
            address(frame, at + 12, 4),
            address(frame, at + 16, 4));
    int next = at + Math.max(ihl, 20);
    return line
        + switch (protocol) {
          case 4 -> next < frame.length ? ipv4(frame, next) : "\nnothing inside";
          case 41 -> ipv6(frame, next);
          default -> transport(frame, protocol, next);
        };
  }

  private static String ipv6(byte[] frame, int at) {
    if (at + 40 > frame.length) {
      return "\nIPv6: only " + Math.max(0, frame.length - at) + " bytes";
    }
    int next = u8(frame, at + 6);
    return String.format(
            "%nIPv6 version %d class 0x%02x payload %d next header %d hop limit %d %s > %s",
            u8(frame, at) >> 4,
            u16(frame, at) >> 4 & 0xff,
            u16(frame, at + 4),
            next,
            u8(frame, at + 7),
            address(frame, at + 8, 16),
            address(frame, at + 24, 16))
        + transport(frame, next, at + 40);
  }

  private static String transport(byte[] frame, int protocol, int at) {
    int left = Math.max(0, frame.length - at);
    String name = protocol == 6 ? "TCP" : protocol == 17 ? "UDP" : "protocol " + protocol;
    if (left < 4) {
      return "\n" + name + ", " + left + " bytes to the frame's end";
    }
    String ports = " ports " + u16(frame, at) + " > " + u16(frame, at + 2);
    String flags =
        protocol == 6 && left >= 14 ? String.format(" flags 0x%02x", u8(frame, at + 13)) : "";
    return "\n" + name + ports + flags + ", " + left + " bytes to the frame's end";
  }

  private static boolean isSumGood(byte[] frame, int at, int length) {
    if (length < 20 || at + length > frame.length) {
      return false;
    }
    int sum = 0;
    for (int i = at; i < at + length; i += 2) {
      sum += u16(frame, i);
    }
    return sum % 0xffff == 0 && sum != 0;
  }

  private static String mac(byte[] frame, int at) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append(i == 0 ? "" : ":").append(String.format("%02x", u8(frame, at + i)));
    }
    return text.toString();
  }

  private static String address(byte[] frame, int at, int length) {
    return IpAddress.of(Arrays.copyOfRange(frame, at, at + length)).toString();
  }

  private static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xff;
  }

  private static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }
}
