package io.culvert.testkit.codec;

import io.culvert.spi.InnerType;

/**
 * What a tunnel carries.
 *
 * @param type its type
 * @param bytes its bytes; not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier of bytes, never compared.
public record PlainPacket(InnerType type, byte[] bytes) {}
