package io.culvert.testkit.law;

import io.vavr.control.Option;

/**
 * An independent reading of tunnels over IPv4: walks the IP headers of a frame by their own fields,
 * steps over the shims, and finds the first that does not fit.
 */
final class WireCheck {
  private WireCheck() {}

  /**
   * What is wrong with a frame that carries an IPv4 packet under outer headers.
   *
   * @param headers the outer headers
   */
  static Option<String> problem(byte[] frame, StackHeaders headers) {
    int depth = headers.depth();
    int at = PlainFrames.ETHERNET;
    for (int layer = 0; layer <= depth; layer++) {
      String name = "IPv4 header " + (layer + 1) + " (offset " + at + "): ";
      if (at + PlainFrames.IPV4 > frame.length) {
        return Option.some(name + "the frame ends before it does");
      }
      if (frame[at] != 0x45) {
        return Option.some(String.format("%sfirst byte 0x%02x", name, frame[at] & 0xff));
      }
      int total = PlainFrames.u16(frame, at + 2);
      if (total != frame.length - at) {
        return Option.some(
            name + "total length " + total + ", but " + (frame.length - at) + " bytes follow");
      }
      if (sum(frame, at) != 0xffff) {
        return Option.some(name + "wrong checksum");
      }
      boolean isLast = layer == depth;
      if (!isLast && (frame[at + 9] & 0xff) != headers.protocols().get(layer)) {
        return Option.some(name + "protocol " + (frame[at + 9] & 0xff));
      }
      if (!isLast && (PlainFrames.u16(frame, at + 6) & ~0x4000) != 0) {
        return Option.some(name + "fragment bits");
      }
      at += PlainFrames.IPV4 + (isLast ? 0 : headers.shims().get(layer));
    }
    return Option.none();
  }

  private static int sum(byte[] frame, int from) {
    int sum = 0;
    for (int at = from; at < from + PlainFrames.IPV4; at += 2) {
      sum += PlainFrames.u16(frame, at);
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
