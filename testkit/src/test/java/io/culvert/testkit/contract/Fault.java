package io.culvert.testkit.contract;

import io.culvert.testkit.law.Law;

/** One thing wrong with {@link TagProvider}, the law that must find it, and what it must say. */
enum Fault {
  NONE(Law.ROUND_TRIP, "", "nothing is wrong"),

  // What match reads.
  WRONG_OFFSET(Law.ROUND_TRIP, "the words that match adds", "reads the network from byte 7"),
  WRONG_SHIFT(Law.ROUND_TRIP, "the words that match adds", "shifts the network by 4 too many"),
  SIGNED_KEY(Law.ROUND_TRIP, "the words that match adds", "sign-extends the key"),
  WORDS_SWAPPED(Law.ROUND_TRIP, "the words that match adds", "adds the words in another order"),
  WORD_MISSING(Law.ROUND_TRIP, "the words that match adds", "forgets the key"),
  WORD_TOO_MANY(Law.ROUND_TRIP, "the words that match adds", "adds a word of its own"),
  WRONG_INNER_TYPE(Law.ROUND_TRIP, "the result of match", "says IPv4, whatever is inside"),
  SHIM_LENGTH_OFF_BY_TWO(Law.ROUND_TRIP, "hit(shim ", "says two bytes too few of shim"),
  TRAILER_OFF_BY_TWO(Law.ROUND_TRIP, "the payload", "says two bytes of trailer too many"),
  DROPS_OTHERS_WORDS(Law.TOTAL, "match may only add words", "empties the key"),
  NOT_MINE_FOR_CUT(Law.PREFIX, "TRUNCATED", "says NOT_MINE of a shim cut short"),
  NO_ROOM_CHECK_FOR_KEY(Law.PREFIX, "of 16 bytes of the shim", "reads the key unchecked"),
  READS_BEFORE_AT(Law.END, "outside of at..end", "looks at the byte in front of the shim"),
  READS_PAST_END(Law.END, "outside of at..end", "looks at the byte behind the packet"),
  TRUSTS_ITS_LENGTH(Law.TOTAL, "longer than the packet", "believes any length field"),
  UNKNOWN_CODE(Law.TOTAL, "no code that Match names", "refuses by -9"),
  THROWS_ON_ODD_LENGTH(Law.TOTAL, "an exception", "throws on packets of odd length"),
  GUARD_IGNORED(Law.GUARD, "of version (byte 0)", "takes any version"),
  RESERVED_IGNORED(Law.GUARD, "of reserved (byte 0)", "takes reserved bits that are set"),
  KEY_TRUNCATED(Law.IDENTITY, "of key (byte", "takes 16 bits of the key, in match and tuple"),
  ABSENT_KEY_IS_ZERO(Law.IDENTITY, "an absent key is another word", "no key counts as key 0"),
  FLAG_GUESSED(Law.IDENTITY, "of K (byte 0)", "guesses by the payload whether a key is there"),
  KEYS_FOLDED(
      Law.IDENTITY, "all values of 16 bits from", "takes key 5 for key 4, in match and tuple"),
  FREE_BITS_CHECKED(Law.FREE, "fails Bits[at=0", "wants free bits to be zero"),
  FREE_BITS_IN_KEY(Law.FREE, "of unused (byte 9)", "takes 32 bits for the network's 24"),
  PADDING_IS_PAYLOAD(Law.PADDING, "a trailer of", "takes all up to the end for payload"),
  LENGTH_CLAMPED(Law.PADDING, "the length field says", "takes a length too long for the rest"),
  EVEN_OFFSETS_ONLY(Law.POSITION, "at offset 1", "refuses shims at odd offsets"),
  KEEPS_STATE(Law.POSITION, "it keeps state", "refuses every fifth packet"),
  NEW_RECEIVE_SIDE(Law.POSITION, "the same object each time", "makes a receive side per call"),
  WRITES_FRAME(Law.READ_ONLY, "byte 1, counted from the shim", "clears a free byte"),
  WRITES_HEADROOM(Law.READ_ONLY, "byte -1, counted from the shim", "leaves a mark in front"),
  ALLOCATES(Law.ALLOCATION, "0 bytes allocated", "makes an array per packet"),

  // What push and pop agree on, and nobody else does.
  SYMMETRIC_OFFSET(Law.VECTORS, "match, on the draft", "has the network at byte 7 in both"),
  SYMMETRIC_BYTE_ORDER(Law.VECTORS, "match, on the draft", "has a little-endian key in both"),
  SYMMETRIC_LENGTH(Law.VECTORS, "hit(shim", "counts the length without two bytes in both"),
  SYMMETRIC_CHECKSUM(Law.VECTORS, "refuses it", "leaves two bytes out of the checksum in both"),

  // What push makes.
  CHECKSUM_RANGE(Law.ROUND_TRIP, "do not agree", "sums over less than is checked"),
  PATCH_OUTSIDE(Law.ROUND_TRIP, "does not lie in the shim", "has a patch behind the shim"),
  PATCH_OVER_BYTES(Law.ROUND_TRIP, "is not zero", "has a patch over bytes that are set"),

  CHECK_NEVER_HOLDS(Law.ROUND_TRIP, "Bits[at=0", "checks for a bit that nobody sends"),
  CHECK_OUTSIDE(Law.ROUND_TRIP, "has bits outside", "checks bits behind the shim"),

  // Set-up.
  NOT_MIRRORED(Law.MIRROR, "the other way round", "does not exchange addresses on receipt"),
  KEY_OF_THE_OTHER_DIRECTION(Law.MIRROR, "the words: the other end", "awaits the key it sends"),
  PEER_FORGOTTEN(Law.MIRROR, "the other station", "takes frames of any station"),
  ANYBODYS_PACKETS(Law.MIRROR, "a tunnel to nobody", "takes 0.0.0.0 for a peer"),
  CARRIER_NOT_DECLARED(Law.REFUSAL, "is not among carriers(settings)", "declares no carrier"),
  ANOTHERS_NAME(Law.REFUSAL, "names provider", "makes tuples in another's name"),
  UNCLAIMED_ACCEPTED(Law.REFUSAL, "is not among the capabilities", "takes any inner type"),
  CLAIM_WITHOUT_SAMPLE(Law.REFUSAL, "no sample for Ethernet", "claims what it never shows"),
  CLAIMED_REFUSED(Law.REFUSAL, "claimed, but", "makes no shim for a type that it claims"),
  RANGE_NOT_CHECKED(Law.REFUSAL, "network 16777216 refused", "takes a network of 25 bits"),
  MAP_NOT_CHECKED(Law.REFUSAL, "classes 0:8 refused", "takes a class of four bits"),
  THROWS_IN_TUPLE(Law.REFUSAL, "it threw", "throws if a setting is missing"),
  TRANSIT_OF_OTHERS(
      Law.REFUSAL, "no device of its own has this carrier", "lets another's packets pass"),
  TRANSIT_WITH_PORTS(Law.REFUSAL, "reads this protocol itself", "lets UDP pass without ports"),
  TRANSIT_TWICE(Law.REFUSAL, "two answers for one protocol", "says twice what may pass"),
  TRANSIT_GUARD_TURNED(Law.REFUSAL, "no packet of its own fits", "has the guard's bytes turned"),
  TRANSIT_THROWS(Law.REFUSAL, "it threw", "throws when asked what may pass"),
  NULL_TUPLE(Law.REFUSAL, "it returned null", "returns null if a setting is missing"),
  SILENT_REFUSAL(Law.REFUSAL, "errors that say why", "refuses without an error");

  private final Law law;
  private final String clue;
  private final String what;

  Fault(Law law, String clue, String what) {
    this.law = law;
    this.clue = clue;
    this.what = what;
  }

  /** The law that must find it. */
  Law law() {
    return law;
  }

  /** What the violation must say, so that it leads there. */
  String clue() {
    return clue;
  }

  /** What is wrong, for people. */
  String what() {
    return what;
  }
}
