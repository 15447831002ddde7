package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.vavr.control.Either;

/** One virtual device of a {@link PlainCodec}. Not for several threads. */
public interface PlainTunnel {

  /** What announces its payload. */
  Carrier carrier();

  /**
   * Bytes behind the carrier's header without which a receiver drops a packet, before it asks which
   * tunnel it belongs to.
   */
  default int leastPayload() {
    return 0;
  }

  /** True if packets of this type may go in. */
  boolean carries(InnerType type);

  /**
   * Puts a packet in.
   *
   * @return what stands behind the carrier's header, or why the packet is dropped
   */
  Either<String, byte[]> encode(PlainPacket packet);

  /**
   * Takes a packet out.
   *
   * @param payload what stands behind the carrier's header, trimmed to the carrier's length
   * @return the packet, or why it is dropped
   */
  Either<String, PlainPacket> decode(byte[] payload);
}
