package io.culvert.testkit.golden;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.SentFrame;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * What the kernel's flow table does otherwise than its slow path. The router is the slow path, and
 * so is what Culvert sends; these are all the differences that there may be, and only in steps that
 * went by the kernel's fast path.
 */
final class FastPathRule {
  /** A wrong IPv4 header checksum does not keep a packet from being forwarded. */
  static final String HEADER_CHECKSUM = "forwards a bad IPv4 header checksum";

  /** What stands behind the packet in its frame goes along. */
  static final String PADDING = "takes padding for payload";

  /** The priority of a packet is 0, whatever its TOS says, and so its tag's too. */
  static final String PRIORITY = "ignores the priority for egress-qos-map";

  private static final int TAGS = 12;

  private FastPathRule() {}

  private static boolean isFast(GoldenStep step) {
    return step.path().equals("fast");
  }

  /** The rule by which the kernel sent this frame where the router sent that one. */
  static Option<String> of(GoldenStep step, GoldenFrame linux, SentFrame ours) {
    if (!isFast(step)) {
      return Option.none();
    }
    byte[] theirs = linux.bytes();
    byte[] plain = theirs.clone();
    byte[] expected = ours.bytes();
    for (int at = TAGS; isTag(Octets.u16(expected, at)); at += 4) {
      plain[at + 2] = (byte) ((plain[at + 2] & 0x1f) | (expected[at + 2] & 0xe0));
    }
    if (FrameComparison.areEqual(plain, expected, ours.own())) {
      return Option.some(PRIORITY);
    }
    return theirs.length > expected.length && isPadded(theirs, ours)
        ? Option.some(PADDING)
        : Option.none();
  }

  private static boolean isTag(int type) {
    return type == 0x8100 || type == 0x88a8;
  }

  /** True if it is the same frame with more behind it, which the headers around it count. */
  private static boolean isPadded(byte[] theirs, SentFrame ours) {
    byte[] expected = ours.bytes();
    int more = theirs.length - expected.length;
    byte[] cut = Arrays.copyOf(theirs, expected.length);
    int at = TAGS;
    while (isTag(Octets.u16(expected, at))) {
      at += 4;
    }
    if (Octets.u16(expected, at) == 0x8864) {
      less(cut, at + 6, more);
    }
    for (OwnHeader header : ours.own()) {
      switch (header) {
        case OwnHeader.Ipv4(int ip) -> less(cut, ip + 2, more);
        case OwnHeader.Ipv6(int ip) -> less(cut, ip + 4, more);
        case OwnHeader.Udp udp -> less(cut, udp.at() + 4, more);
        case OwnHeader.Checksum _, OwnHeader.Sequence _ -> {}
      }
    }
    return FrameComparison.areEqual(cut, expected, ours.own());
  }

  private static void less(byte[] frame, int at, int bytes) {
    Octets.put16(frame, at, Octets.u16(frame, at) - bytes);
  }

  /** The rule by which the kernel sent these frames where the router dropped the packet. */
  static Option<String> ofDropped(GoldenStep step, Seq<GoldenFrame> left) {
    boolean isWrong =
        isFast(step)
            && left.forAll(f -> {
              byte[] frame = f.bytes();
              return Dissection.ipHeaders(frame)
                  .lastOption()
                  .exists(at -> frame[at] >> 4 == 4 && hasWrongChecksum(frame, at));
            });
    return isWrong ? Option.some(HEADER_CHECKSUM) : Option.none();
  }

  private static boolean hasWrongChecksum(byte[] frame, int at) {
    return Octets.checksum(frame, at, at + (frame[at] & 0xf) * 4) != 0;
  }
}
