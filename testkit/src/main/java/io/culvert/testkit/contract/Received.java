package io.culvert.testkit.contract;

import io.culvert.testkit.law.EncapSubject;
import java.util.HexFormat;

/**
 * Bytes that come in behind a layer's carrier: its peer's, damaged, or anybody's.
 *
 * @param subject the layer
 * @param bytes what stands behind the carrier; not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
public record Received(EncapSubject subject, byte[] bytes) {
  @Override
  public String toString() {
    return subject + ": " + HexFormat.of().formatHex(bytes);
  }
}
