package io.culvert.flowtable.worker;

import io.culvert.spi.Match;

/** The reasons as numbers, for code that must not touch objects. */
@SuppressWarnings("EnumOrdinal") // The one place that turns reasons into numbers, with FrameBurst.
final class Codes {
  static final int PORT = Reason.PORT.ordinal();
  static final int SUPER_FRAME = Reason.SUPER_FRAME.ordinal();
  static final int TRUNCATED = Reason.TRUNCATED.ordinal();
  static final int NOT_FOR_US = Reason.NOT_FOR_US.ordinal();
  static final int ETHERTYPE = Reason.ETHERTYPE.ordinal();
  static final int BAD_VERSION = Reason.BAD_VERSION.ordinal();
  static final int BAD_HEADER_LENGTH = Reason.BAD_HEADER_LENGTH.ordinal();
  static final int IP_OPTIONS = Reason.IP_OPTIONS.ordinal();
  static final int BAD_HEADER_CHECKSUM = Reason.BAD_HEADER_CHECKSUM.ordinal();
  static final int BAD_TOTAL_LENGTH = Reason.BAD_TOTAL_LENGTH.ordinal();
  static final int FRAGMENT = Reason.FRAGMENT.ordinal();
  static final int TTL = Reason.TTL.ordinal();
  static final int PROTOCOL = Reason.PROTOCOL.ordinal();
  static final int TCP_STATE = Reason.TCP_STATE.ordinal();
  static final int NESTING = Reason.NESTING.ordinal();
  static final int ENCAP_UNSUPPORTED = Reason.ENCAP_UNSUPPORTED.ordinal();
  static final int ENCAP_CHECKSUM = Reason.ENCAP_CHECKSUM.ordinal();
  static final int ENCAP_SEQUENCE = Reason.ENCAP_SEQUENCE.ordinal();
  static final int ENCAP_MALFORMED = Reason.ENCAP_MALFORMED.ordinal();
  static final int PROVIDER_FAULT = Reason.PROVIDER_FAULT.ordinal();
  static final int ECN = Reason.ECN.ordinal();
  static final int MISS = Reason.MISS.ordinal();
  static final int STALE = Reason.STALE.ordinal();
  static final int MTU = Reason.MTU.ordinal();
  static final int HEADROOM = Reason.HEADROOM.ordinal();

  private Codes() {}

  /** The reason for a provider's refusal. */
  static int refusal(long match) {
    return match == Match.TRUNCATED
        ? TRUNCATED
        : match == Match.MALFORMED ? ENCAP_MALFORMED : ENCAP_UNSUPPORTED;
  }
}
