package io.culvert.testkit.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What each bit of a shim is for: the picture of the header in its RFC, as data that a test states
 * independently of the provider's code.
 *
 * <p>Immutable. Bits are numbered as in RFCs: bit 0 is the most significant one of the first byte.
 */
public final class ShimBits {
  /** A shim of no bytes. */
  public static final ShimBits NONE = new ShimBits(List.empty());

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern WIDTH = Pattern.compile("[1-9][0-9]{0,2}");

  private final Seq<Field> fields;

  private ShimBits(Seq<Field> fields) {
    this.fields = fields;
  }

  /** What a field is for. */
  public enum Kind {
    /** Must be as it is: any other value is refused (version, flags, reserved bits that guard). */
    GUARD,
    /** Tells whose packet it is: another value is another tuple (key, VNI, session, VID). */
    IDENTITY,
    /** Means nothing to a receiver: any value will do (reserved and ignored bits, entropy). */
    FREE,
    /** Tells what is carried: another value is another inner type, or is refused. */
    TYPE,
    /**
     * Tells which optional fields the shim has: another value is another shim, of another tuple, or
     * is refused.
     */
    FORM,
    /** Follows from the packet or the tunnel's state (length, checksum, sequence, priority). */
    DERIVED
  }

  /**
   * A field.
   *
   * @param name what its RFC calls it
   * @param width bits
   * @param kind what it is for
   */
  public record Field(String name, int width, Kind kind) {}

  /**
   * Reads a layout such as {@code "version 4 guard, reserved 12 free, length 16 derived, key 32
   * identity"}: fields in the order of the wire, each with name, width in bits and kind.
   *
   * @throws IllegalArgumentException if the text is no layout, or no whole number of bytes
   */
  public static ShimBits of(String layout) {
    ArrayList<Field> fields = new ArrayList<>();
    for (String part : layout.strip().split(",", -1)) {
      String[] words = BLANKS.split(part.strip(), -1);
      if (words.length != 3 || !WIDTH.matcher(words[1]).matches()) {
        throw mistake(part, "name, width in bits, kind");
      }
      fields.add(new Field(words[0], Integer.parseInt(words[1]), kind(part, words[2])));
    }
    ShimBits bits = new ShimBits(List.ofAll(fields));
    if (bits.width() % 8 != 0) {
      throw mistake(layout, "whole bytes, not " + bits.width() + " bits");
    }
    return bits;
  }

  private static Kind kind(String part, String word) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw mistake(part, "a kind: guard, identity, free, type, form or derived");
  }

  private static IllegalArgumentException mistake(String where, String expected) {
    return new IllegalArgumentException("shim bits: '" + where.strip() + "', expected " + expected);
  }

  private int width() {
    return fields.map(Field::width).sum().intValue();
  }

  /** Bytes of the shim. */
  public int length() {
    return width() / 8;
  }

  /** The fields, in the order of the wire. */
  public Seq<Field> fields() {
    return fields;
  }

  /** The numbers of all bits of a kind, in order. */
  public Seq<Integer> bits(Kind kind) {
    ArrayList<Integer> bits = new ArrayList<>();
    int at = 0;
    for (Field field : fields) {
      for (int bit = at; field.kind() == kind && bit < at + field.width(); bit++) {
        bits.add(bit);
      }
      at += field.width();
    }
    return List.ofAll(bits);
  }

  /** A bit's place in words: {@code bit 2 of key (byte 4)}. */
  public String place(int bit) {
    int at = 0;
    for (Field field : fields) {
      if (bit < at + field.width()) {
        return "bit " + (bit - at) + " of " + field.name() + " (byte " + bit / 8 + ")";
      }
      at += field.width();
    }
    return "bit " + bit + ", behind the shim";
  }

  /** The fields' values in the bytes of a shim, as far as they go. */
  public String decode(byte[] bytes) {
    ArrayList<String> values = new ArrayList<>();
    int at = 0;
    for (Field field : fields) {
      values.add(field.name() + "=" + value(bytes, at, field.width()));
      at += field.width();
    }
    return String.join(" ", values);
  }

  private static String value(byte[] bytes, int from, int width) {
    if (from + width > 8 * bytes.length) {
      return "cut";
    }
    BigInteger value = BigInteger.ZERO;
    for (int bit = from; bit < from + width; bit++) {
      value = value.shiftLeft(1).or(isSet(bytes, bit) ? BigInteger.ONE : BigInteger.ZERO);
    }
    return "0x" + value.toString(16);
  }

  /** True if a bit of some bytes is 1. */
  static boolean isSet(byte[] bytes, int bit) {
    return (bytes[bit / 8] & 0x80 >>> bit % 8) != 0;
  }

  /** A copy of some bytes with a bit turned over. */
  static byte[] flip(byte[] bytes, int bit) {
    byte[] copy = bytes.clone();
    copy[bit / 8] ^= (byte) (0x80 >>> bit % 8);
    return copy;
  }

  @Override
  public String toString() {
    return fields
        .map(f -> f.name() + " " + f.width() + " " + f.kind().name().toLowerCase(Locale.ROOT))
        .mkString(", ");
  }
}
