package io.culvert.testkit.pcap;

import java.math.BigInteger;

/**
 * An interface description of pcapng.
 *
 * @param linkType link type
 * @param snapLength most bytes of a frame that were captured; 0 for no limit
 * @param unitsPerSecond resolution of its time stamps
 * @param offsetSeconds seconds to add to its time stamps
 */
record CaptureInterface(
    int linkType, long snapLength, BigInteger unitsPerSecond, long offsetSeconds) {
  private static final int END_OF_OPTIONS = 0;
  private static final int TSRESOL = 9;
  private static final int TSOFFSET = 14;
  private static final BigInteger NANOSECONDS = BigInteger.valueOf(1_000_000_000L);

  static CaptureInterface of(CaptureInput in, long start, byte[] body) {
    if (body.length < 8) {
      throw in.mistake(
          start, "an interface description of " + body.length + " bytes", "at least 8 bytes");
    }
    BigInteger units = BigInteger.valueOf(1_000_000);
    long offset = 0;
    int at = 8;
    while (at + 4 <= body.length && in.u16(body, at) != END_OF_OPTIONS) {
      int code = in.u16(body, at);
      int length = in.u16(body, at + 2);
      int value = at + 4;
      if (length > body.length - value) {
        throw in.mistake(
            start + at + 2,
            "an option of " + length + " bytes",
            "0.." + (body.length - value) + " bytes");
      }
      if (code == TSRESOL && length == 1) {
        units = units(body[value]);
      } else if (code == TSOFFSET && length == 8) {
        offset = in.i64(body, value);
      }
      at = value + (length + 3 & ~3);
    }
    return new CaptureInterface(in.u16(body, 0), in.u32(body, 4), units, offset);
  }

  /** The top bit chooses between powers of two and of ten. */
  private static BigInteger units(byte resolution) {
    int exponent = resolution & 0x7f;
    return resolution < 0 ? BigInteger.TWO.pow(exponent) : BigInteger.TEN.pow(exponent);
  }

  /** A time stamp, read as unsigned, in nanoseconds since the epoch; rounded down. */
  long nanoseconds(CaptureInput in, long at, long time) {
    BigInteger unsigned = new BigInteger(Long.toUnsignedString(time));
    BigInteger whole =
        unsigned
            .multiply(NANOSECONDS)
            .divide(unitsPerSecond)
            .add(BigInteger.valueOf(offsetSeconds).multiply(NANOSECONDS));
    if (whole.signum() < 0 || whole.bitLength() > 63) {
      throw in.mistake(at, "a time stamp of " + whole + " ns", "a time in 1970..2262");
    }
    return whole.longValueExact();
  }
}
