package io.culvert.testkit.codec;

import io.culvert.spi.InnerType;

/**
 * What a tunnel carries.
 *
 * @param type its type
 * @param bytes its bytes; not copied, and not to be changed
 * @param priority how it is to be treated
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier of bytes, never compared.
public record PlainPacket(InnerType type, byte[] bytes, PlainPriority priority) {
  /** A packet of best effort. */
  public PlainPacket(InnerType type, byte[] bytes) {
    this(type, bytes, PlainPriority.BEST_EFFORT);
  }
}
