package io.culvert.encap.gre;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The receive side of GRE, over IPv4 and IPv6 alike.
 *
 * <p>One identity word: the flags that say which optional fields there are, and the key. A tunnel's
 * packets have exactly its flags, so that a checksum on a tunnel without, or none on a tunnel with
 * one, is another stack, and the slow path's to judge.
 */
final class GreEncap implements Encap {
  static final GreEncap INSTANCE = new GreEncap();

  private GreEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < GreHeader.LEAST_LENGTH) {
      return Match.TRUNCATED;
    }
    int first = Wire.u32(frame, at);
    int flags = first >>> 16;
    if ((flags & ~GreHeader.FLAGS) != 0) {
      // Routing (RFC 1701), another version (1 is PPTP's, RFC 2637), or a reserved bit. A receiver
      // ignores some of the latter (RFC 2784 §2.3), but no peer of ours sets them.
      return Match.UNSUPPORTED;
    }
    int length = GreHeader.length(flags);
    if (end - at < length) {
      return Match.TRUNCATED;
    }
    long field = at + GreHeader.LEAST_LENGTH;
    if ((flags & GreHeader.CHECKSUM_PRESENT) != 0) {
      if (Wire.u16(frame, at + GreHeader.RESERVED1) != 0) {
        return Match.UNSUPPORTED; // sent as zero (RFC 2784 §2.6)
      }
      field += GreHeader.FIELD_LENGTH;
    }
    boolean hasKey = (flags & GreHeader.KEY_PRESENT) != 0;
    key.add(GreHeader.word(flags, hasKey ? Wire.u32(frame, field) : 0));
    return switch (first & 0xffff) {
      case EtherType.IPV4 -> Match.hit(length, InnerType.ETHERTYPE, EtherType.IPV4);
      case EtherType.IPV6 -> Match.hit(length, InnerType.ETHERTYPE, EtherType.IPV6);
      case GreHeader.TRANSPARENT_ETHERNET_BRIDGING ->
          Match.hit(length, InnerType.LINK, InnerType.LINK_ETHERNET);
      default -> Match.UNSUPPORTED;
    };
  }
}
