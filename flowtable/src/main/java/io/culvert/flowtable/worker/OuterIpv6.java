package io.culvert.flowtable.worker;

import io.culvert.flowtable.table.TemplateOperation;

/** Arithmetic of an outer IPv6 header, on words. See {@link TemplateOperation} for a bequest. */
final class OuterIpv6 {
  private OuterIpv6() {}

  /** The flow label of a bequest, 20 bits. */
  static long flowLabel(long bequest) {
    return (bequest >>> 16 & 0xffff) | (bequest >>> 24 & 0xf_0000);
  }

  /**
   * What an IPv6 header bequeaths.
   *
   * @param first its first eight bytes: version to hop limit
   */
  static long bequest(long first) {
    long label = first >>> 32 & 0xf_ffff;
    return (first >>> 52 & 0xff) << 48
        | (first & 0xff) << BurstScratch.TTL_SHIFT
        | (label & 0xffff) << 16
        | label >>> 16 << 40
        | TemplateOperation.IS_6;
  }
}
