package io.culvert.spi;

/**
 * The result of {@link Encap#match}, packed in a {@code long} so that nothing is allocated.
 *
 * <p>A hit is not negative: bits 0–15 shim length in bytes, bits 16–31 inner number, bits 32–39
 * inner namespace, bits 40–47 trailer length in bytes. A refusal is one of the negative codes.
 */
public final class Match {
  /** The bytes belong to another protocol or version of it. */
  public static final long NOT_MINE = -1;

  /** The packet ends before the header does. */
  public static final long TRUNCATED = -2;

  /** A legal header that the fast path leaves to the slow path. */
  public static final long UNSUPPORTED = -3;

  /** An illegal header. */
  public static final long MALFORMED = -4;

  private Match() {}

  /**
   * A hit without trailer.
   *
   * @param shimLength bytes from {@code at} to the payload, 0..65535
   * @param namespace namespace of the inner type, 1..255
   * @param number number of the inner type, 0..65535
   */
  public static long hit(int shimLength, int namespace, int number) {
    return (long) namespace << 32 | (number & 0xffffL) << 16 | (shimLength & 0xffff);
  }

  /** A hit with {@code trailerLength} bytes (0..255) behind the payload. */
  public static long hit(int shimLength, int namespace, int number, int trailerLength) {
    return (long) (trailerLength & 0xff) << 40 | hit(shimLength, namespace, number);
  }

  /** True for a hit, false for a code. */
  public static boolean isHit(long match) {
    return match >= 0;
  }

  /** Shim length in bytes of a hit. */
  public static int shimLength(long match) {
    return (int) match & 0xffff;
  }

  /** Inner number of a hit. */
  public static int number(long match) {
    return (int) (match >>> 16) & 0xffff;
  }

  /** Inner namespace of a hit. */
  public static int namespace(long match) {
    return (int) (match >>> 32) & 0xff;
  }

  /** Trailer length in bytes of a hit. */
  public static int trailerLength(long match) {
    return (int) (match >>> 40) & 0xff;
  }

  /** Inner type of a hit; allocates, for the control path. */
  public static InnerType innerType(long match) {
    return new InnerType(namespace(match), number(match));
  }

  /** A result as text, for messages. */
  public static String describe(long match) {
    if (isHit(match)) {
      return "hit(shim "
          + shimLength(match)
          + " bytes, "
          + innerType(match)
          + (trailerLength(match) == 0 ? ")" : ", trailer " + trailerLength(match) + " bytes)");
    }
    return switch ((int) match) {
      case (int) NOT_MINE -> "NOT_MINE";
      case (int) TRUNCATED -> "TRUNCATED";
      case (int) UNSUPPORTED -> "UNSUPPORTED";
      case (int) MALFORMED -> "MALFORMED";
      default -> "unknown code " + match;
    };
  }
}
