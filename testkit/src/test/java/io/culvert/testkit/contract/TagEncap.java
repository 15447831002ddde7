package io.culvert.testkit.contract;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Receive side of a protocol that has one of everything. Rsv is left to a check of the device.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-+-----+---------------+-------------------------------+
 * |Version|K| Rsv |     Free      |          Inner type           |
 * +-------+-+-----+---------------+-------------------------------+
 * |            Length             |            Network ...        |
 * +---------------+---------------+-------------------------------+
 * |  ... Network  |    Unused     |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                       Key, if K is set                        |
 * +---------------------------------------------------------------+
 * </pre>
 */
final class TagEncap implements Encap {
  static final int VERSION = 1;
  static final int HAS_KEY = 0x08;
  static final int LENGTH = 12;
  static final int LENGTH_WITH_KEY = 16;
  static final long NO_KEY = -1;

  private final Fault fault;
  private int seen;
  long[] garbage = {};

  TagEncap(Fault fault) {
    this.fault = fault;
  }

  private boolean is(Fault one) {
    return fault == one;
  }

  @Override
  public long match(MemorySegment frame, long at, long end, EncapKey key) {
    misbehave(frame, at, end, key);
    if (end - at < LENGTH) {
      return is(Fault.NOT_MINE_FOR_CUT) ? Match.NOT_MINE : Match.TRUNCATED;
    }
    boolean isOdd = is(Fault.EVEN_OFFSETS_ONLY) && at % 2 != 0;
    if (isOdd || (is(Fault.KEEPS_STATE) && seen++ % 5 == 4)) {
      return Match.NOT_MINE;
    }
    int first = Wire.u8(frame, at);
    if (first >>> 4 != VERSION && !is(Fault.GUARD_IGNORED)) {
      return is(Fault.UNKNOWN_CODE) ? -9 : Match.NOT_MINE;
    }
    int length = (first & HAS_KEY) == 0 || isGuessed(frame, at, end) ? LENGTH : LENGTH_WITH_KEY;
    if (end - at < length && !is(Fault.NO_ROOM_CHECK_FOR_KEY)) {
      return Match.TRUNCATED;
    }
    long trailer = end - at - Wire.u16(frame, at + 4) - (is(Fault.SYMMETRIC_LENGTH) ? 2 : 0);
    trailer = is(Fault.LENGTH_CLAMPED) ? Math.max(0, trailer) : trailer;
    boolean isWrong = trailer < 0 || trailer > 255 || trailer > end - at - length;
    if (isWrong && !is(Fault.TRUSTS_ITS_LENGTH)) {
      return Match.MALFORMED;
    }
    addWords(frame, at, length, key);
    return hit(frame, at, length, (int) trailer);
  }

  private boolean isGuessed(MemorySegment frame, long at, long end) {
    return is(Fault.FLAG_GUESSED)
        && end - at > LENGTH
        && (Wire.u8(frame, at + LENGTH) == 0x45 || Wire.u8(frame, at + LENGTH) >>> 4 == 6);
  }

  private long hit(MemorySegment frame, long at, int length, int trailer) {
    int type = is(Fault.WRONG_INNER_TYPE) ? 0x0800 : Wire.u16(frame, at + 2);
    return Match.hit(
        is(Fault.SHIM_LENGTH_OFF_BY_TWO) ? length - 2 : length,
        InnerType.ETHERTYPE,
        type,
        is(Fault.PADDING_IS_PAYLOAD) ? 0 : is(Fault.TRAILER_OFF_BY_TWO) ? trailer + 2 : trailer);
  }

  private void addWords(MemorySegment frame, long at, int length, EncapKey key) {
    boolean isShifted = is(Fault.WRONG_OFFSET) || is(Fault.SYMMETRIC_OFFSET);
    int word = Wire.u32(frame, at + (isShifted ? 7 : 6));
    long network =
        is(Fault.FREE_BITS_IN_KEY)
            ? word & 0xffff_ffffL
            : is(Fault.WRONG_SHIFT) ? word >>> 12 : word >>> 8;
    long own = is(Fault.ABSENT_KEY_IS_ZERO) ? 0 : NO_KEY;
    if (length == LENGTH_WITH_KEY) {
      int bits = Wire.u32(frame, at + LENGTH);
      bits = is(Fault.SYMMETRIC_BYTE_ORDER) ? Integer.reverseBytes(bits) : bits;
      own = is(Fault.SIGNED_KEY) ? bits : bits & (is(Fault.KEY_TRUNCATED) ? 0xffff : 0xffff_ffffL);
    }
    own = is(Fault.KEYS_FOLDED) && own == 5 ? 4 : own;
    key.add(is(Fault.WORDS_SWAPPED) ? own : network);
    if (!is(Fault.WORD_MISSING)) {
      key.add(is(Fault.WORDS_SWAPPED) ? network : own);
    }
    if (is(Fault.WORD_TOO_MANY)) {
      key.add(length);
    }
  }

  private void misbehave(MemorySegment frame, long at, long end, EncapKey key) {
    switch (fault) {
      case READS_BEFORE_AT -> seen = frame.get(ValueLayout.JAVA_BYTE, at - 1);
      case READS_PAST_END -> seen = frame.get(ValueLayout.JAVA_BYTE, end);
      case WRITES_FRAME -> {
        if (end - at > 1) {
          frame.set(ValueLayout.JAVA_BYTE, at + 1, (byte) 0x77);
        }
      }
      case WRITES_HEADROOM -> {
        if (at > 0) {
          frame.set(ValueLayout.JAVA_BYTE, at - 1, (byte) 0x77);
        }
      }
      case ALLOCATES -> garbage = new long[2];
      case DROPS_OTHERS_WORDS -> key.truncate(0);
      case THROWS_ON_ODD_LENGTH -> {
        if ((end - at) % 2 != 0) {
          throw new IllegalStateException("odd");
        }
      }
      default -> {}
    }
  }
}
