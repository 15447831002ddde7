package io.culvert.bench.tunnel;

import io.culvert.testkit.law.PlainFrames;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * An Ethernet frame in its parts.
 *
 * @param to destination
 * @param from source
 * @param type EtherType, or a length below 0x0600
 * @param payload what follows, padding included
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
record PlainFrame(MacAddress to, MacAddress from, int type, byte[] payload) {
  /** None if there are less than 14 bytes. */
  static Option<PlainFrame> parse(byte[] bytes) {
    if (bytes.length < PlainFrames.ETHERNET) {
      return Option.none();
    }
    return Option.some(
        new PlainFrame(
            mac(bytes, 0),
            mac(bytes, 6),
            PlainFrames.u16(bytes, 12),
            Arrays.copyOfRange(bytes, PlainFrames.ETHERNET, bytes.length)));
  }

  private static MacAddress mac(byte[] bytes, int at) {
    long bits = 0;
    for (int i = 0; i < 6; i++) {
      bits = bits << 8 | (bytes[at + i] & 0xff);
    }
    return new MacAddress(bits);
  }

  byte[] bytes() {
    return PlainFrames.ethernet(to, from, type, payload);
  }

  PlainFrame with(int newType, byte[] newPayload) {
    return new PlainFrame(to, from, newType, newPayload);
  }

  PlainFrame withAddresses(MacAddress newTo, MacAddress newFrom) {
    return new PlainFrame(newTo, newFrom, type, payload);
  }

  /** Version of the IP packet in it, by the EtherType; none if it is no IP. */
  Option<IpFamily> family() {
    return Option.of(
        type == IpFamily.V4.etherType()
            ? IpFamily.V4
            : type == IpFamily.V6.etherType() ? IpFamily.V6 : null);
  }

  /** Without bytes behind the IP packet, which are padding. */
  PlainFrame trimmed() {
    int length =
        family()
            .map(family ->
                family == IpFamily.V4
                    ? (payload.length < PlainFrames.IPV4 ? 0 : PlainFrames.u16(payload, 2))
                    : (payload.length < PlainFrames.IPV6
                        ? 0
                        : PlainFrames.IPV6 + PlainFrames.u16(payload, 4)))
            .getOrElse(0);
    return length > 0 && length < payload.length
        ? with(type, Arrays.copyOf(payload, length))
        : this;
  }
}
