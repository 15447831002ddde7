package io.culvert.testkit.router;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A frame that the router sends.
 *
 * @param ifindex the port
 * @param bytes the frame without FCS
 * @param own headers that the router made and in which it had a choice, outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record SentFrame(int ifindex, byte[] bytes, Seq<OwnHeader> own) {
  /** Copies the bytes. */
  public SentFrame {
    bytes = bytes.clone();
  }

  /** Number of outer IP headers that the router made. */
  public int pushed() {
    return own.count(
        header -> header instanceof OwnHeader.Ipv4 || header instanceof OwnHeader.Ipv6);
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
        && own.equals(that.own)
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
