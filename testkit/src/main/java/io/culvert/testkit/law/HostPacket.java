package io.culvert.testkit.law;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import java.util.Arrays;

/**
 * A UDP packet of a host, as the laws of stacks send it.
 *
 * @param fields its header fields
 * @param payload bytes behind the UDP header
 * @param padding bytes behind the packet in its frame
 * @param isV6 true to send it over IPv6, where that fits in
 */
public record HostPacket(PlainFrames.Ip fields, int payload, int padding, boolean isV6) {
  static final int SOURCE_PORT = 4711;
  static final int DESTINATION_PORT = 53;

  /** A packet over IPv4. */
  public HostPacket(PlainFrames.Ip fields, int payload, int padding) {
    this(fields, payload, padding, false);
  }

  byte[] frame(MacAddress to, MacAddress from, IpAddress source, IpAddress destination) {
    boolean isOut = source.equals(TunnelStack.Side.NEAR.hostAddress(source.family()));
    byte[] datagram =
        PlainFrames.udp(
            isOut ? SOURCE_PORT : DESTINATION_PORT,
            isOut ? DESTINATION_PORT : SOURCE_PORT,
            0,
            PlainFrames.pattern(payload));
    byte[] packet = PlainFrames.ip(fields, source, destination, PlainFrames.UDP, datagram);
    byte[] frame = PlainFrames.ethernet(to, from, source.family().etherType(), packet);
    byte[] padded = Arrays.copyOf(frame, frame.length + padding);
    Arrays.fill(padded, frame.length, padded.length, (byte) 0xee);
    return padded;
  }

  /** Without padding. */
  HostPacket unpadded() {
    return new HostPacket(fields, payload, 0, isV6);
  }

  /** With another TTL. */
  HostPacket withTtl(int ttl) {
    return new HostPacket(
        new PlainFrames.Ip(fields.tos(), ttl, fields.flags(), fields.id()), payload, padding, isV6);
  }
}
