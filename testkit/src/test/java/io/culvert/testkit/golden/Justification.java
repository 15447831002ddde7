package io.culvert.testkit.golden;

import io.culvert.testkit.router.NotModelledReason;
import java.util.Arrays;
import java.util.List;

/**
 * Whether the kernel did what the router says it does not model, so that the claim cannot hide a
 * difference.
 */
final class Justification {
  private static final int ETHERNET_HEADER = 14;

  private Justification() {}

  /**
   * Judges one claim.
   *
   * @param left frames that the kernel sent and the router did not
   */
  static boolean of(NotModelledReason claim, GoldenStep step, List<GoldenFrame> left) {
    return switch (claim) {
      case ICMP -> !left.isEmpty() && left.stream().allMatch(f -> isIcmpError(f.bytes()));
      case FRAGMENT ->
          isFragmentForTheRouter(step)
              || (!left.isEmpty() && left.stream().anyMatch(f -> isFragment(f.bytes())));
      case IP_OPTIONS -> left.size() == 1 && hasOptions(innermost(left.get(0).bytes()), left);
      case LOCAL ->
          left.isEmpty()
              ? step.label().endsWith("dst/bcast")
              : left.stream().allMatch(f -> isAnswer(f.bytes()));
      case DEVICE -> true; // Asked for by the scenario's name, in the test itself.
      case PMTU, NEIGHBOUR -> false;
    };
  }

  /** The innermost of IPv4 headers one behind the other. */
  private static int innermost(byte[] frame) {
    int at = ETHERNET_HEADER;
    while (version(frame, at) == 4 && frame[at + 9] == 4 && !isFragmentAt(frame, at)) {
      at += (frame[at] & 0xf) * 4;
    }
    return at;
  }

  private static int version(byte[] frame, int at) {
    return at + 20 <= frame.length ? frame[at] >> 4 : 0;
  }

  private static boolean isFragmentAt(byte[] frame, int at) {
    return version(frame, at) == 4
        && (((frame[at + 6] & 0xff) << 8 | (frame[at + 7] & 0xff)) & 0x3fff) != 0;
  }

  private static boolean isFragment(byte[] frame) {
    return isFragmentAt(frame, ETHERNET_HEADER) || isFragmentAt(frame, innermost(frame));
  }

  private static boolean isFragmentForTheRouter(GoldenStep step) {
    return step.inputs()
        .exists(f ->
            isFragmentAt(f.bytes(), ETHERNET_HEADER)
                && isUnderlayAddress(f.bytes(), ETHERNET_HEADER + 16));
  }

  /** 192.168.1.1, the router's own end of the tunnels. */
  private static boolean isUnderlayAddress(byte[] frame, int at) {
    return Arrays.equals(
        Arrays.copyOfRange(frame, at, at + 4), new byte[] {(byte) 192, (byte) 168, 1, 1});
  }

  private static boolean hasOptions(int at, List<GoldenFrame> left) {
    return (left.get(0).bytes()[at] & 0xff) > 0x45;
  }

  private static boolean isIcmpError(byte[] frame) {
    int at = innermost(frame);
    if (version(frame, at) == 6) {
      return frame[at + 6] == 58 && frame[at + 40] > 0;
    }
    int type = frame[at + (frame[at] & 0xf) * 4];
    return frame[at + 9] == 1 && (type == 3 || type == 11 || type == 12);
  }

  /** What the router itself says to a packet for it: an echo reply, or "port unreachable". */
  private static boolean isAnswer(byte[] frame) {
    int at = innermost(frame);
    int icmp = at + (frame[at] & 0xf) * 4;
    return frame[at + 9] == 1 && (frame[icmp] == 0 || (frame[icmp] == 3 && frame[icmp + 1] == 3));
  }
}
