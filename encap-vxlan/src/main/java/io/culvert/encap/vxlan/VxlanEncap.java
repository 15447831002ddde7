package io.culvert.encap.vxlan;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The receive side of VXLAN behind any UDP port: one identity word, the VNI. Whether reserved bits
 * may be set is a setting of the device, and so a check of its shim.
 */
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
    if ((header & VxlanHeader.VNI_PRESENT) == 0) {
      return Match.UNSUPPORTED; // RFC 7348 §5; the other bits are the device's to judge
    }
    key.add((header & VxlanHeader.VNI_MASK) >>> VxlanHeader.VNI_SHIFT);
    return HIT;
  }
}
