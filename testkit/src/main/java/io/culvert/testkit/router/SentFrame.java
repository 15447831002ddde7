package io.culvert.testkit.router;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A frame that the router sends.
 *
 * @param ifindex the port
 * @param bytes the frame without FCS
 * @param shims bytes between the outer IP headers that the router made and what each carries,
 *     outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record SentFrame(int ifindex, byte[] bytes, Seq<Integer> shims) {
  /** Copies the bytes. */
  public SentFrame {
    bytes = bytes.clone();
  }

  /** Number of outer IP headers that the router made. */
  public int pushed() {
    return shims.size();
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
        && shims.equals(that.shims)
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
