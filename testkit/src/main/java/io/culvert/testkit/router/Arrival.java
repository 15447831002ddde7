package io.culvert.testkit.router;

import io.culvert.testkit.codec.PlainPriority;
import io.culvert.wire.MacAddress;

/**
 * How a packet came to the layer that looks at it.
 *
 * @param port index of the port that the frame came in by
 * @param device index of the device that the packet came by: a virtual one, or the port
 * @param cast whom the link layer addressed
 * @param source MAC address of the sender, of the last Ethernet header
 * @param destination MAC address that it went to
 * @param priority how it is to be treated
 * @param packet the IP packet as it came to the IP layer; empty in front of it
 */
@SuppressWarnings("ArrayRecordComponent") // A step of a computation, never compared.
record Arrival(
    int port,
    int device,
    Cast cast,
    MacAddress source,
    MacAddress destination,
    PlainPriority priority,
    byte[] packet) {

  /** Whom the link layer addressed: {@code skb->pkt_type}. */
  enum Cast {
    /** Us. */
    HOST,
    /** A broadcast or multicast address. */
    GROUP,
    /** Somebody else. */
    OTHER
  }

  private static final MacAddress NOBODY = new MacAddress(0);
  private static final byte[] NO_PACKET = {};

  /** A frame as it stands before a port. */
  static Arrival at(int port) {
    return new Arrival(port, port, Cast.HOST, NOBODY, NOBODY, PlainPriority.BEST_EFFORT, NO_PACKET);
  }

  /** True if the link layer addressed it to us; false for a broadcast or multicast. */
  boolean isToUs() {
    return cast == Cast.HOST;
  }

  /** A frame of this Ethernet header. */
  Arrival framed(int by, Cast to, MacAddress from, MacAddress at) {
    return new Arrival(port, by, to, from, at, priority, NO_PACKET);
  }

  /** The same frame's packet behind a tunnel: whatever the link said, it is for us now. */
  Arrival through(int tunnel, PlainPriority newPriority) {
    return new Arrival(port, tunnel, Cast.HOST, source, destination, newPriority, NO_PACKET);
  }

  /** The same frame behind a tag or a session, which share its Ethernet header. */
  Arrival on(int virtual, Cast to, PlainPriority newPriority) {
    return new Arrival(port, virtual, to, source, destination, newPriority, NO_PACKET);
  }

  /** It has come to the IP layer. */
  Arrival received(byte[] ipPacket) {
    return new Arrival(port, device, cast, source, destination, priority, ipPacket);
  }

  /** The decision to send it on by a device. */
  Forwarding forwarding(int egress, byte[] sent) {
    return new Forwarding(port, device, egress, packet, sent);
  }
}
