package io.culvert.encap.pppoe;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.EtherType;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;

/** The receive side: one word, the session. The framework adds the peer's MAC address. */
final class PppoeEncap implements Encap {
  static final PppoeEncap SESSION = new PppoeEncap();

  /** What a hit can say of bytes behind the payload. */
  private static final int MOST_TRAILER = 255;

  private PppoeEncap() {}

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    if (end - at < PppoeHeader.LENGTH) {
      return Match.TRUNCATED;
    }
    if (Wire.u8(frame, at + PppoeHeader.VERSION_TYPE_OFFSET) != PppoeHeader.VERSION_TYPE) {
      return Match.NOT_MINE; // "MUST be set to 0x1", both of them (RFC 2516 §4)
    }
    int session = Wire.u16(frame, at + PppoeHeader.SESSION_OFFSET);
    if (Wire.u8(frame, at + PppoeHeader.CODE_OFFSET) != 0
        || session == PppoeHeader.NO_SESSION
        || session == PppoeHeader.RESERVED_SESSION) {
      return Match.MALFORMED; // RFC 2516 §4 and §6: what the session stage does not have
    }
    int length = Wire.u16(frame, at + PppoeHeader.LENGTH_OFFSET);
    long trailer = end - at - PppoeHeader.PROTOCOL_OFFSET - length;
    if (length < PppoeHeader.LENGTH - PppoeHeader.PROTOCOL_OFFSET || trailer < 0) {
      return Match.MALFORMED;
    }
    if (trailer > MOST_TRAILER) {
      return Match.UNSUPPORTED; // more than an Ethernet's least frame ever pads
    }
    key.add(session);
    // Control protocols, multilink, and compressed fields are PPP's, in the slow path.
    return switch (Wire.u16(frame, at + PppoeHeader.PROTOCOL_OFFSET)) {
      case PppoeHeader.IPV4 -> hit(EtherType.IPV4, (int) trailer);
      case PppoeHeader.IPV6 -> hit(EtherType.IPV6, (int) trailer);
      default -> Match.UNSUPPORTED;
    };
  }

  private static long hit(int type, int trailer) {
    return Match.hit(PppoeHeader.LENGTH, InnerType.ETHERTYPE, type, trailer);
  }
}
