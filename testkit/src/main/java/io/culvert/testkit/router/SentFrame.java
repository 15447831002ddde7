package io.culvert.testkit.router;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A frame that the router sends.
 *
 * @param ifindex the port
 * @param bytes the frame without FCS
 * @param pushed number of outer IP headers that the router made
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record SentFrame(int ifindex, byte[] bytes, int pushed) {
  /** Copies the bytes. */
  public SentFrame {
    bytes = bytes.clone();
  }

  /** A copy of the frame. */
  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SentFrame that
        && ifindex == that.ifindex
        && pushed == that.pushed
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * ifindex + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "port " + ifindex + ": " + HexFormat.of().formatHex(bytes);
  }
}
