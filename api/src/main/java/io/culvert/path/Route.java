package io.culvert.path;

import io.culvert.wire.IpAddress;
import io.vavr.control.Option;

/**
 * A unicast route.
 *
 * @param ifindex the device that it leaves by
 * @param gateway the next hop; none if the destination is on the link
 * @param mtu the route's own MTU in bytes; none if the device's counts
 */
public record Route(int ifindex, Option<IpAddress> gateway, Option<Integer> mtu) {
  /** The address that the link's neighbour is looked up by. */
  public IpAddress nextHop(IpAddress destination) {
    return gateway.getOrElse(destination);
  }
}
