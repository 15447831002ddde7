package io.culvert.testkit.pcap;

import java.util.Arrays;

/**
 * One captured frame.
 *
 * @param number number within the capture, from 1
 * @param timestampNs nanoseconds since 1970-01-01 UTC; classic captures reach to 2106, pcapng to
 *     2262
 * @param linkType link type as registered for captures; 1 is Ethernet
 * @param data the captured bytes
 * @param originalLength length of the frame on the wire in bytes; more than was captured if the
 *     capture was cut by its snapshot length
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record CaptureFrame(
    int number, long timestampNs, int linkType, byte[] data, long originalLength) {
  /** Link type of Ethernet. */
  public static final int ETHERNET = 1;

  /** Copies the bytes. */
  public CaptureFrame {
    data = data.clone();
  }

  /** A copy of the captured bytes. */
  @Override
  public byte[] data() {
    return data.clone();
  }

  /** True if bytes of the frame are missing. */
  public boolean isSnapped() {
    return originalLength > data.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CaptureFrame that
        && number == that.number
        && timestampNs == that.timestampNs
        && linkType == that.linkType
        && originalLength == that.originalLength
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(timestampNs) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "frame " + number + " at " + timestampNs + " ns, " + data.length + " bytes";
  }
}
