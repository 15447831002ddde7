package io.culvert.testkit.law;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.RxCheck;
import io.culvert.testkit.law.StackHeaders.Part;
import io.culvert.wire.IpFamily;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * An independent reading of a frame under tunnels: walks the Ethernet, IP and UDP headers by their
 * own fields, steps over the shims, and finds the first that does not fit.
 */
final class WireCheck {
  private static final int UNKNOWN = -1;

  private final byte[] frame;
  private int at = PlainFrames.ETHERNET;
  private int type;
  private int header;

  private WireCheck(byte[] frame) {
    this.frame = frame;
    type = PlainFrames.u16(frame, PlainFrames.ETHERNET - 2);
  }

  /**
   * What is wrong with a frame that carries an IP packet under outer headers.
   *
   * @param headers the outer headers
   * @param family of the packet
   */
  static Option<String> problem(byte[] frame, StackHeaders headers, IpFamily family) {
    if (frame.length < PlainFrames.ETHERNET + headers.length() + family.headerLength()) {
      return Option.some(frame.length + " bytes are too few for the headers of the stack");
    }
    WireCheck check = new WireCheck(frame);
    for (Part part : headers.parts()) {
      Option<String> found = Option.of(check.layer(part)).filter(text -> !text.isEmpty());
      if (found.isDefined()) {
        return found.map(text ->
            "layer "
                + check.header
                + " ("
                + part.carrier()
                + ", offset "
                + check.at
                + "): "
                + text);
      }
    }
    return Option.of(check.announced(InnerType.of(family)) + check.ip(family, UNKNOWN))
        .filter(text -> !text.isEmpty())
        .map(text -> "the packet itself (offset " + check.at + "): " + text);
  }

  /** What is wrong with a layer, and on to what it carries; empty if nothing is. */
  private String layer(Part part) {
    header++;
    String wrong = announced(part.announcedBy());
    if (wrong.isEmpty()) {
      wrong =
          switch (part.carrier()) {
            case Carrier.EtherTypeCarrier _ -> "";
            case Carrier.IpProtocolCarrier(IpFamily family, int number) -> ip(family, number);
            case Carrier.UdpPortCarrier(IpFamily family, int number) ->
                ip(family, PlainFrames.UDP) + udp(family, number, part.policy().udp());
          };
    }
    if (!wrong.isEmpty()) {
      return wrong;
    }
    at += part.front();
    Option<RxCheck> failed =
        PlainPatches.failed(part.shim(), Arrays.copyOfRange(frame, at, frame.length));
    if (failed.isDefined()) {
      return failed.get() + " does not hold";
    }
    at += part.shim().length();
    type = part.inner().namespace() == InnerType.ETHERTYPE ? part.inner().number() : UNKNOWN;
    if (part.hasEthernet()) {
      type = PlainFrames.u16(frame, at + 12);
      at += PlainFrames.ETHERNET;
    }
    return "";
  }

  private String announced(InnerType by) {
    return type == by.number() ? "" : String.format("announced by 0x%04x in place of %s", type, by);
  }

  private String ip(IpFamily family, int protocol) {
    boolean isV4 = family == IpFamily.V4;
    int first = frame[at] & 0xff;
    if (isV4 ? first != 0x45 : first >> 4 != 6) {
      return String.format("first byte 0x%02x", first);
    }
    int rest = frame.length - at - (isV4 ? 0 : PlainFrames.IPV6);
    int length = PlainFrames.u16(frame, at + (isV4 ? 2 : 4));
    if (length != rest) {
      return "length " + length + ", but " + rest + " bytes follow";
    }
    if (isV4 && sum(at, at + PlainFrames.IPV4, 0) != 0xffff) {
      return "wrong header checksum";
    }
    int said = frame[at + (isV4 ? 9 : 6)] & 0xff;
    if (protocol != UNKNOWN && said != protocol) {
      return "protocol " + said;
    }
    boolean isFragment = isV4 && (PlainFrames.u16(frame, at + 6) & ~0x4000) != 0;
    return isFragment && protocol != UNKNOWN ? "fragment bits" : "";
  }

  private String udp(IpFamily family, int port, OuterPolicy.Udp policy) {
    boolean isV4 = family == IpFamily.V4;
    int udp = at + family.headerLength();
    int source = PlainFrames.u16(frame, udp);
    if (source < policy.leastSourcePort() || source > policy.mostSourcePort()) {
      return "UDP source port " + source;
    }
    if (PlainFrames.u16(frame, udp + 2) != port) {
      return "UDP destination port " + PlainFrames.u16(frame, udp + 2);
    }
    int length = frame.length - udp;
    if (PlainFrames.u16(frame, udp + 4) != length) {
      return "UDP length " + PlainFrames.u16(frame, udp + 4) + ", but " + length + " bytes follow";
    }
    boolean hasSum = PlainFrames.u16(frame, udp + 6) != 0;
    if (hasSum != policy.checksum()) {
      return hasSum ? "a UDP checksum" : "no UDP checksum";
    }
    int addresses = at + (isV4 ? 12 : 8);
    int pseudo = sum(addresses, addresses + (isV4 ? 8 : 32), PlainFrames.UDP + length);
    return !hasSum || sum(udp, frame.length, pseudo) == 0xffff ? "" : "wrong UDP checksum";
  }

  /** The folded sum of 16-bit words; a last odd byte is the upper half of a word. */
  private int sum(int from, int to, int start) {
    int sum = start;
    for (int i = from; i < to; i++) {
      sum += (frame[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
