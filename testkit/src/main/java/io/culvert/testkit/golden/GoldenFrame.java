package io.culvert.testkit.golden;

import java.util.Arrays;

/**
 * A captured frame of a step.
 *
 * @param device the router's device: {@code eth0} or {@code eth1}
 * @param number number in that device's capture, from 1
 * @param timestampNs its time stamp
 * @param bytes the frame
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, and compared by content.
public record GoldenFrame(String device, int number, long timestampNs, byte[] bytes) {
  /** Copies the bytes. */
  public GoldenFrame {
    bytes = bytes.clone();
  }

  /** A copy of the frame. */
  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GoldenFrame that
        && device.equals(that.device)
        && number == that.number
        && timestampNs == that.timestampNs
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * number + device.hashCode();
  }
}
