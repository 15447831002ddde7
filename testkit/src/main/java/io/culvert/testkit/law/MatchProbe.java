package io.culvert.testkit.law;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.Match;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Lays bytes somewhere in native memory, asks a receive side, and looks what it did. */
final class MatchProbe {
  /** A word that lies in the key before, and must still lie there afterwards. */
  private static final long FIRST_WORD = 0x5a5a_0000_1234_a5a5L;

  private final Encap encap;

  MatchProbe(Encap encap) {
    this.encap = encap;
  }

  /**
   * Where the bytes lie.
   *
   * @param front bytes of memory in front of them
   * @param behind bytes of memory behind them; 0 makes any read behind the end fail
   * @param fill value of the memory around
   */
  record Place(int front, int behind, int fill) {}

  /**
   * What a receive side answered and did.
   *
   * @param code the result, if it returned
   * @param words the words that it added
   * @param changed offset of the first byte of memory that changed; -1 if none did
   * @param thrown what it threw; empty if it returned
   * @param keptKey true if it only added to the key
   */
  record Answer(long code, Seq<Long> words, long changed, String thrown, boolean keptKey) {
    String text() {
      return thrown.isEmpty()
          ? Match.describe(code) + " words " + MatchProbe.text(words)
          : "threw " + thrown;
    }

    boolean sameAs(Answer other) {
      return code == other.code
          && words.equals(other.words)
          && kind(thrown).equals(kind(other.thrown));
    }

    /** What was thrown without its message, which may name an address. */
    private static String kind(String thrown) {
      int colon = thrown.indexOf(':');
      return colon < 0 ? thrown : thrown.substring(0, colon);
    }
  }

  /** Identity words, as messages show them. */
  static String text(Seq<Long> words) {
    return words.map(word -> "0x" + Long.toHexString(word)).mkString("[", ",", "]");
  }

  Answer ask(byte[] bytes, Place place) {
    return ask(bytes, bytes.length, place);
  }

  /** Asks about the first {@code length} of the bytes; the rest lies behind the end. */
  Answer ask(byte[] bytes, int length, Place place) {
    try (Arena arena = Arena.ofConfined()) {
      long all = place.front() + (long) bytes.length + place.behind();
      MemorySegment memory = arena.allocate(Math.max(all, 1));
      memory.fill((byte) place.fill());
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, place.front(), bytes.length);
      MemorySegment before = arena.allocate(memory.byteSize()).copyFrom(memory);
      EncapKey key = new EncapKey();
      key.add(FIRST_WORD);
      long code = 0;
      String thrown = "";
      try {
        code = encap.match(memory.asSlice(0, all), place.front(), place.front() + length, key);
      } catch (Throwable t) {
        thrown = t.toString();
      }
      boolean kept = key.size() >= 1 && !key.overflowed() && key.word(0) == FIRST_WORD;
      List<Long> words = kept ? List.range(1, key.size()).map(key::word) : List.empty();
      return new Answer(code, words, memory.mismatch(before), thrown, kept);
    }
  }
}
