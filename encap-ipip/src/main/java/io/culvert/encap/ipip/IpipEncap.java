package io.culvert.encap.ipip;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The receive side of IPv4 behind protocol 4: a shim of no bytes, no words of its own. */
final class IpipEncap implements Encap {
  static final IpipEncap IPV4_INSIDE = new IpipEncap();

  private static final long HIT = Match.hit(0, InnerType.ETHERTYPE, EtherType.IPV4);

  private IpipEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (at >= end) {
      return Match.TRUNCATED;
    }
    // Protocol 4 says IPv4 (RFC 2003 §3.1): a packet of another version is somebody's mistake.
    return Wire.u8(frame, at) >>> 4 == 4 ? HIT : Match.MALFORMED;
  }
}
