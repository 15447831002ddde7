package io.culvert.testkit.gen;

import io.culvert.spi.Carrier;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.testkit.codec.PlainPacket;
import io.culvert.testkit.codec.PlainPayload;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.law.PlainFrames;
import io.vavr.control.Option;

/**
 * One tunnel around a packet that comes in.
 *
 * @param ends outer addresses as they stand on the wire
 * @param tunnel what stands between the outer header and the packet; none for nothing at all
 */
public record Outer(Addresses ends, Option<PlainTunnel> tunnel) {
  private static final int IPV6_PROTOCOL = 41;

  /** Somebody's IP in IP. */
  static Outer plain(Addresses ends) {
    return new Outer(ends, Option.none());
  }

  /** With other addresses. */
  Outer with(Addresses newEnds) {
    return new Outer(newEnds, tunnel);
  }

  /** The packet in its tunnel; as a peer would who does not care what the tunnel carries. */
  byte[] around(PlainPacket packet, PlainFrames.Ip fields, boolean isV6) {
    int bare = isV6 ? IPV6_PROTOCOL : PlainFrames.IPIP_PROTOCOL;
    byte[] payload = packet.bytes();
    int protocol = bare;
    Option<PlainPayload> encoded =
        tunnel.filter(t -> t.carries(packet.type())).flatMap(t -> t.encode(packet).toOption());
    if (encoded.isDefined()) {
      payload = encoded.get().bytes();
      protocol = encoded.get().carrier() instanceof Carrier.IpProtocolCarrier c ? c.number() : bare;
    }
    return PlainFrames.ip(fields, ends.source(), ends.destination(), protocol, payload);
  }
}
