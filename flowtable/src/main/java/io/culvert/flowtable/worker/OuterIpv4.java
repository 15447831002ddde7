package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.TemplateOperation;
import io.culvert.wire.InternetChecksum;
import io.culvert.wire.Ipv4Header;

/**
 * Arithmetic of an outer IPv4 header: what the template has, what is inherited, what the packet
 * decides. Works on words, so that the stages' memories stay constants.
 */
final class OuterIpv4 {
  // ECN bits in the first word of a header.
  private static final long CE = 3L << 48;
  private static final long CE_TO_ECT_0 = 1L << 48;

  private OuterIpv4() {}

  /**
   * What an outer header takes from the one inside.
   *
   * @param operation the template's operation
   * @param mask the bits that it inherits
   * @param inner what the header inside bequeaths
   */
  static long inherited(long operation, long mask, long inner) {
    long inherited = inner & mask;
    boolean isCongestion =
        (TemplateOperation.flags(operation) & TemplateOperation.ECN_RFC3168) != 0
            && (inherited & CE) == CE;
    long marked = isCongestion ? inherited ^ CE_TO_ECT_0 : inherited;
    // An IPv6 header inside counts as one with DF, where the mask lets it.
    long is6 = marked & TemplateOperation.IS_6;
    return (marked ^ is6) | is6 >>> 1;
  }

  /** The first word but for length and id: version to fragment offset. */
  static long first(long fixed, long inherited) {
    return fixed | (inherited & BurstScratch.TOS_AND_FRAGMENT);
  }

  /** True if the id means nothing (RFC 6864 §4.1): the datagram is atomic. */
  static boolean isAtomic(long first) {
    return (first & Ipv4Header.DF) != 0;
  }

  /**
   * The word of TTL, protocol and checksum.
   *
   * @param operation the template's operation, with the sum of what the template has
   * @param fixed the word as the template has it
   * @param inherited what was taken from the header inside
   * @param lengthAndId sum of total length and id
   */
  static int second(long operation, int fixed, long inherited, long lengthAndId) {
    int ttl = (int) (inherited >>> BurstScratch.TTL_SHIFT) & 0xff;
    long sum =
        TemplateOperation.baseSum(operation)
            + (inherited >>> 48)
            + (inherited & 0xffff)
            + ((long) ttl << 8)
            + lengthAndId;
    return fixed | ttl << 24 | InternetChecksum.finish(sum);
  }
}
