package org.example.geneve;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * The Geneve header (RFC 8926 §3.4) in front of an Ethernet frame; one identity word, the VNI.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ~                    Variable-Length Options                    ~
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * An option:
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Option Class         |C|   Type      |R|R|R| Length  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Lengths count words of four bytes; an option's without its first one.
 */
final class GeneveEncap implements Encap {
  /** Bytes of the header without options. */
  static final int LENGTH = 8;

  /** Protocol type of Ethernet (RFC 8926 §3.4). */
  static final int ETHERNET = 0x6558;

  static final GeneveEncap INSTANCE = new GeneveEncap();

  /** All that is constant in a header that a plain peer sends: not Opt Len, not the VNI. */
  private static final long FIXED = 0xc0ff_ffff_0000_00ffL;

  private static final long PLAIN = (long) ETHERNET << 32;
  private static final int CRITICAL = 0x80;

  private GeneveEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < LENGTH) {
      return Match.TRUNCATED;
    }
    long header = Wire.u64(frame, at);
    if ((header & FIXED) != PLAIN) {
      // Another version, control packets, critical options, or what is reserved today: all legal to
      // receive (RFC 8926 §3.4), and nothing that is forwarded without a look.
      return Match.UNSUPPORTED;
    }
    long payload = at + LENGTH + (header >>> 56 & 0x3f) * 4;
    if (payload > end) {
      return Match.TRUNCATED;
    }
    long option = at + LENGTH;
    while (option < payload) {
      int word = Wire.u32(frame, option);
      if ((word >>> 8 & CRITICAL) != 0) {
        return Match.MALFORMED; // C of the header must tell of it (RFC 8926 §3.5)
      }
      option += 4 + (word & 0x1f) * 4L;
    }
    if (option > payload) {
      return Match.MALFORMED; // the last one is longer than all of them
    }
    key.add(header >>> 8 & 0xff_ffff);
    return Match.hit((int) (payload - at), InnerType.LINK, InnerType.LINK_ETHERNET);
  }
}
