package io.culvert.testkit.law;

import io.culvert.spi.EncapKey;
import io.culvert.spi.Match;
import io.culvert.testkit.law.EncapSubject.Layer;
import io.culvert.testkit.law.ShimBits.Kind;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Law 6 for all values of a field, not only those one bit away from another. */
public final class ExhaustiveLaw {
  private static final int WINDOW = 16;

  private ExhaustiveLaw() {}

  /**
   * Law 6: every value of an identity field gives words of its own, or is refused. Of a field of
   * more than 16 bits, every value of its first 16 bits, of the next 16 bits, and so on.
   *
   * @param payload an inner packet of the subject's inner type
   */
  public static Option<Violation> law06EveryValueTells(EncapSubject subject, byte[] payload) {
    return LayerLaws.with(
        Law.IDENTITY,
        subject,
        layer -> {
          ShimBits bits = subject.bits().getOrElse(ShimBits.NONE);
          int at = 0;
          for (ShimBits.Field field : bits.fields()) {
            boolean judged =
                field.kind() == Kind.IDENTITY && bits.length() == layer.shim().length();
            for (int from = 0; judged && from < field.width(); from += WINDOW) {
              int width = Math.min(WINDOW, field.width() - from);
              Option<Violation> found = window(subject, layer, payload, at + from, width);
              if (found.isDefined()) {
                return found;
              }
            }
            at += field.width();
          }
          return Option.none();
        });
  }

  private static Option<Violation> window(
      EncapSubject subject, Layer layer, byte[] payload, int firstBit, int width) {
    byte[] packet = layer.push(payload);
    long[] digests = new long[1 << width];
    int hits = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(packet.length);
      EncapKey key = new EncapKey();
      for (int value = 0; value < 1 << width; value++) {
        put(packet, firstBit, width, value);
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
        key.truncate(0);
        if (Match.isHit(layer.encap().match(memory, 0, packet.length, key))) {
          digests[hits++] = digest(key);
        }
      }
    } catch (RuntimeException thrown) {
      return violation(subject, packet, "threw " + thrown, firstBit, width);
    }
    Arrays.sort(digests, 0, hits);
    for (int i = 1; i < hits; i++) {
      if (digests[i] == digests[i - 1]) {
        return violation(subject, packet, "the same words for two of them", firstBit, width);
      }
    }
    return Option.none();
  }

  /** 64 bits of all words, mixed so that equal ones for different words are not to be expected. */
  private static long digest(EncapKey key) {
    long digest = key.size();
    for (int i = 0; i < key.size(); i++) {
      digest = (digest ^ key.word(i)) * 0x9e3779b97f4a7c15L;
      digest ^= digest >>> 29;
    }
    return digest;
  }

  private static Option<Violation> violation(
      EncapSubject subject, byte[] packet, String got, int firstBit, int width) {
    String place = subject.bits().getOrElse(ShimBits.NONE).place(firstBit);
    return Option.some(
        Violation.byPacket(
            Law.IDENTITY,
            subject,
            packet,
            "words of its own for each value, or a refusal",
            got,
            "all values of " + width + " bits from " + place));
  }

  private static void put(byte[] packet, int firstBit, int width, int value) {
    for (int i = 0; i < width; i++) {
      int bit = firstBit + i;
      int mask = 0x80 >>> bit % 8;
      boolean isSet = (value >>> (width - 1 - i) & 1) != 0;
      packet[bit / 8] = (byte) (isSet ? packet[bit / 8] | mask : packet[bit / 8] & ~mask);
    }
  }
}
