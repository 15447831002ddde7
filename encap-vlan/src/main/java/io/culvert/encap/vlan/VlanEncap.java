package io.culvert.encap.vlan;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The receive side of a tag, the same behind every TPID: one word, the VID. */
final class VlanEncap implements Encap {
  static final VlanEncap TAG = new VlanEncap();

  private VlanEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < VlanHeader.LENGTH) {
      return Match.TRUNCATED;
    }
    int type = Wire.u16(frame, at + VlanHeader.TYPE_OFFSET);
    if (type < VlanHeader.LEAST_TYPE) {
      return Match.UNSUPPORTED; // a length: LLC follows, spanning tree for one
    }
    // PCP and DEI say how a frame is treated, not whose it is.
    int vid = Wire.u16(frame, at + VlanHeader.TCI_OFFSET) & VlanHeader.VID_MASK;
    if (vid > VlanHeader.MOST_VID) {
      return Match.MALFORMED; // "shall not be transmitted in a tag header", 802.1Q table 9-2
    }
    key.add(vid);
    return Match.hit(VlanHeader.LENGTH, InnerType.ETHERTYPE, type);
  }
}
