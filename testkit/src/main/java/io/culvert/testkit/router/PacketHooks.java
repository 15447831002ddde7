package io.culvert.testkit.router;

import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * Where rules see a packet on its way through the router's IP layer, as the hooks of Linux's
 * netfilter: before it is routed, between two devices, and before it leaves.
 *
 * <p>A packet is asked about at the three places in this order, as far as it gets, and no other one
 * in between; one that comes out of a tunnel is another packet than the one around it. Packets that
 * the router makes itself, the outer ones of its tunnels too, are not asked about.
 */
public interface PacketHooks {

  /** Lets everything pass as it is. */
  PacketHooks NONE = new PacketHooks() {};

  /**
   * Before routing; the header was checked.
   *
   * @param packet the IP packet, without padding; not changed
   * @param ingress index of the device that it came to the IP layer by
   * @return the packet that is routed, or what became of it
   */
  default Either<RouterOutcome, byte[]> prerouting(byte[] packet, int ingress) {
    return Either.right(packet);
  }

  /**
   * It has a route, and its TTL and length are good.
   *
   * @param packet the IP packet; not changed
   * @param ingress index of the device that it came by
   * @param egress index of the device that its route leads to
   * @return what becomes of it; none to go on
   */
  default Option<RouterOutcome> forward(byte[] packet, int ingress, int egress) {
    return Option.none();
  }

  /**
   * Before it goes into a tunnel or to a neighbour; the TTL was lowered.
   *
   * @param packet the IP packet; not changed
   * @param ingress index of the device that it came by
   * @param egress index of the device that its route leads to
   * @return the packet that is sent, or what became of it
   */
  default Either<RouterOutcome, byte[]> postrouting(byte[] packet, int ingress, int egress) {
    return Either.right(packet);
  }
}
