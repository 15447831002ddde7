package io.culvert.testkit.codec;

import io.culvert.spi.InnerType;

/**
 * What a tunnel carries.
 *
 * @param type its type
 * @param bytes its bytes; not copied, and not to be changed
 * @param priority the priority that goes with it, as {@code skb->priority} in Linux; 0 is best
 *     effort
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier of bytes, never compared.
public record PlainPacket(InnerType type, byte[] bytes, int priority) {
  /** A packet of best effort. */
  public PlainPacket(InnerType type, byte[] bytes) {
    this(type, bytes, 0);
  }
}
