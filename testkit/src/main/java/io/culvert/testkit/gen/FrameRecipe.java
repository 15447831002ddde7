package io.culvert.testkit.gen;

import io.culvert.testkit.law.PlainFrames.Ip;
import java.util.List;

/**
 * A frame as numbers, of which a router and its flows make bytes.
 *
 * @param flow chooses a flow
 * @param isReply true for the reply direction
 * @param inner fields of the innermost IP header
 * @param outers fields of the outer IP headers, used in turn
 * @param body what the IP packet carries
 * @param trailing bytes behind the packet; -1 for padding to 60 bytes
 * @param damage what is wrong with it
 */
record FrameRecipe(
    int flow, boolean isReply, Ip inner, List<Ip> outers, Body body, int trailing, Damage damage) {

  /**
   * What an IP packet carries.
   *
   * @param payload bytes behind the transport header
   * @param fit takes as many bytes as make the packet so much longer than what passes; {@link
   *     #NO_FIT} for {@code payload} bytes
   * @param tcpBits reserved bits and flags
   * @param checksum transport checksum, or {@link #RIGHT} for the right one
   */
  record Body(int payload, int fit, int tcpBits, int checksum) {
    static final int NO_FIT = 99;
    static final int RIGHT = -1;
  }

  /** A frame that nothing speaks against. */
  static FrameRecipe clean(int flow, boolean isReply) {
    return new FrameRecipe(
        flow,
        isReply,
        Ip.ttl(64),
        List.of(Ip.ttl(64)),
        new Body(10, Body.NO_FIT, 0x10, Body.RIGHT),
        0,
        Damage.NONE);
  }
}
