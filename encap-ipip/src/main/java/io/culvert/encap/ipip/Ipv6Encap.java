package io.culvert.encap.ipip;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Ipv6Header;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The receive side of IPv6 behind protocol 41: a shim of no bytes, no words of its own. */
final class Ipv6Encap implements Encap {
  static final Ipv6Encap IPV6_INSIDE = new Ipv6Encap();

  private static final long HIT = Match.hit(0, InnerType.ETHERTYPE, EtherType.IPV6);

  /** First byte of a multicast address. */
  private static final int MULTICAST = 0xff;

  /** Upper half of ::ffff:0:0/96, less its 64 zeros. */
  private static final long V4_MAPPED = 0xffff;

  private Ipv6Encap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < Ipv6Header.LENGTH) {
      return Match.TRUNCATED;
    }
    // Protocol 41 says IPv6 (RFC 4213 §3.5): a packet of another version is somebody's mistake.
    if (Wire.u8(frame, at) >>> 4 != 6) {
      return Match.MALFORMED;
    }
    long prefix = Wire.u64(frame, at + Ipv6Header.SOURCE_OFFSET);
    if (prefix >>> 56 == MULTICAST) {
      return Match.UNSUPPORTED; // RFC 4213 §3.6: nobody sends from a group
    }
    if (prefix == 0) {
      // RFC 4213 §3.6: ::1, ::a.b.c.d and ::ffff:a.b.c.d are invalid; :: is never forwarded.
      long upper = Wire.u64(frame, at + Ipv6Header.SOURCE_OFFSET + 8) >>> 32;
      if (upper == 0 || upper == V4_MAPPED) {
        return Match.UNSUPPORTED;
      }
    }
    return HIT;
  }
}
