package io.culvert.testkit.golden;

import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.router.NotModelledReason;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.vavr.collection.Seq;

/**
 * Whether the kernel did what the router says it does not model, so that the claim cannot hide a
 * difference.
 *
 * @param scenario the router
 * @param tracks true if the kernel put fragments together wherever they came from
 * @param step the step
 * @param left frames that the kernel sent and the router did not
 */
record Justification(Scenario scenario, boolean tracks, GoldenStep step, Seq<GoldenFrame> left) {
  private static final int ICMP = 1;
  private static final int IPV6_FRAGMENT = 44;
  private static final int ICMPV6 = 58;
  private static final int ECHO_REPLY_V6 = 129;
  private static final int LISTENER_REPORT = 143;
  private static final int TCP = 6;

  /** Judges one claim. */
  boolean accepts(NotModelledReason claim) {
    return switch (claim) {
      case ICMP -> left.nonEmpty() && left.forAll(f -> isIcmpError(f.bytes()));
      case FRAGMENT -> isFragmentForTheRouter() || left.exists(f -> hasFragment(f.bytes()));
      case IP_OPTIONS -> left.size() == 1 && hasOptions(left.head().bytes());
      case LOCAL -> left.isEmpty() ? isUnanswered() : left.forAll(f -> isAnswer(f.bytes()));
      case DEVICE ->
          scenario
                  .devices()
                  .exists(
                      d -> d.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE || d.master().isDefined())
              || left.forAll(f -> hasDestinationOptions(f.bytes()));
      case PMTU, NEIGHBOUR -> false;
    };
  }

  private static int innermost(byte[] frame) {
    return Dissection.ipHeaders(frame).lastOption().getOrElse(-1);
  }

  private static boolean isV4(byte[] frame, int at) {
    return frame[at] >> 4 == 4;
  }

  private static IpAddress destination(byte[] frame, int at) {
    return isV4(frame, at) ? Octets.address(frame, at + 16, 4) : Octets.address(frame, at + 24, 16);
  }

  private static boolean isFragment(byte[] frame, int at) {
    return isV4(frame, at)
        ? (Octets.u16(frame, at + 6) & 0x3fff) != 0
        : frame[at + 6] == IPV6_FRAGMENT;
  }

  private static boolean hasFragment(byte[] frame) {
    return Dissection.ipHeaders(frame).exists(at -> isFragment(frame, at));
  }

  private boolean isFragmentForTheRouter() {
    return step.inputs()
        .map(GoldenFrame::bytes)
        .exists(frame ->
            Dissection.ipHeaders(frame)
                .exists(at ->
                    isFragment(frame, at)
                        && (tracks || scenario.network().isLocal(destination(frame, at)))));
  }

  private static boolean hasOptions(byte[] frame) {
    int at = innermost(frame);
    return at >= 0 && isV4(frame, at) && (frame[at] & 0xf) > 5;
  }

  /** An outer IPv6 header that hands on a limit of tunnels (RFC 2473 §4.1.1). */
  private static boolean hasDestinationOptions(byte[] frame) {
    return Dissection.ipHeaders(frame).exists(at -> !isV4(frame, at) && frame[at + 6] == 60);
  }

  /** A multicast listener report (RFC 3810 §5.2), which nothing but time causes. */
  static boolean isReport(byte[] frame) {
    int at = innermost(frame);
    return at >= 0
        && !isV4(frame, at)
        && frame[at + 6] == 0
        && frame[at + 40] == ICMPV6
        && at + 48 < frame.length
        && (frame[at + 48] & 0xff) == LISTENER_REPORT;
  }

  private static boolean isIcmpError(byte[] frame) {
    int at = innermost(frame);
    if (at < 0) {
      return false;
    }
    if (!isV4(frame, at)) {
      return frame[at + 6] == ICMPV6 && frame[at + 40] > 0;
    }
    int type = frame[at + (frame[at] & 0xf) * 4];
    return frame[at + 9] == ICMP && (type == 3 || type == 11 || type == 12);
  }

  /** What the router itself says to a packet for it: an echo reply, "unreachable", a reset. */
  private static boolean isAnswer(byte[] frame) {
    int at = innermost(frame);
    if (at < 0) {
      return false;
    }
    if (!isV4(frame, at)) {
      boolean isIcmp = frame[at + 6] == ICMPV6;
      return (isIcmp && (frame[at + 40] & 0xff) == ECHO_REPLY_V6) || isIcmpError(frame);
    }
    int transport = at + (frame[at] & 0xf) * 4;
    boolean isReset = frame[at + 9] == TCP && (frame[transport + 13] & 4) != 0;
    return isReset || isIcmpError(frame) || (frame[at + 9] == ICMP && frame[transport] == 0);
  }

  /** True if the packet went to everybody, which is not answered. */
  private boolean isUnanswered() {
    return step.inputs()
        .map(GoldenFrame::bytes)
        .exists(frame -> {
          Seq<Integer> headers = Dissection.ipHeaders(frame);
          return headers.nonEmpty() && isForEverybody(destination(frame, headers.last()));
        });
  }

  private boolean isForEverybody(IpAddress address) {
    byte[] bytes = address.bytes();
    return address.isMulticast()
        || (bytes.length == 4 && (Octets.u32(bytes, 0) == 0xffffffffL || (bytes[3] & 0xff) == 255));
  }
}
