package io.culvert.encap.vxlan;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The receive side of VXLAN behind any UDP port: one identity word, the VNI. */
final class VxlanEncap implements Encap {
  static final VxlanEncap INSTANCE = new VxlanEncap();

  private static final long HIT =
      Match.hit(VxlanHeader.LENGTH, InnerType.LINK, InnerType.LINK_ETHERNET);

  private VxlanEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < VxlanHeader.LENGTH) {
      return Match.TRUNCATED;
    }
    long header = Wire.u64(frame, at);
    if ((header & ~VxlanHeader.VNI_MASK) != VxlanHeader.VNI_PRESENT) {
      // Flag I must be set, and a receiver ignores all others (RFC 7348 §5). But they are sent as
      // zero, and what sets them is an extension (GBP, GPE) that changes what the frame means.
      return Match.UNSUPPORTED;
    }
    key.add((header & VxlanHeader.VNI_MASK) >>> VxlanHeader.VNI_SHIFT);
    return HIT;
  }
}
