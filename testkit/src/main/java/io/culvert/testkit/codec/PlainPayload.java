package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;

/**
 * What stands behind a carrier's header: shim and packet.
 *
 * @param carrier what announces it
 * @param bytes its bytes, trimmed to the carrier's length; not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // A plain carrier of bytes, never compared.
public record PlainPayload(Carrier carrier, byte[] bytes) {}
