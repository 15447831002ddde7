package io.culvert.spi;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;

/**
 * The shim of one layer in the direction of its tuple: its bytes, what of them depends on the
 * packet, and what a receiver does with it. Of a transmit tuple the bytes and patches count, of a
 * receive tuple the length and the checks.
 *
 * @param bytes the shim, 0..64 bytes; fields that a patch writes are zero
 * @param patches fields written per packet
 * @param checks what is done on receipt, per packet
 */
@SuppressWarnings("ArrayRecordComponent") // Copied, and compared by content.
public record Shim(byte[] bytes, Seq<Patch> patches, Seq<RxCheck> checks) {
  /** Longest shim. */
  public static final int MAX_LENGTH = 64;

  /** The shim of a protocol without header of its own. */
  public static final Shim EMPTY = new Shim(new byte[0], List.empty(), List.empty());

  /** Copies the bytes and checks the length. */
  public Shim {
    if (bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException("shim: length=" + bytes.length);
    }
    bytes = bytes.clone();
  }

  /** A copy of the bytes. */
  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shim that
        && Arrays.equals(bytes, that.bytes)
        && patches.equals(that.patches)
        && checks.equals(that.checks);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + patches.hashCode();
  }
}
