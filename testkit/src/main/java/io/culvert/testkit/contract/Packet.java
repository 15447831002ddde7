package io.culvert.testkit.contract;

import io.culvert.testkit.law.EncapSubject;
import java.util.HexFormat;

/**
 * A layer with an inner packet for it.
 *
 * @param subject the layer
 * @param payload the packet; not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
public record Packet(EncapSubject subject, byte[] payload) {
  @Override
  public String toString() {
    return subject + ": " + HexFormat.of().formatHex(payload);
  }
}
