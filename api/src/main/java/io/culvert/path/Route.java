package io.culvert.path;

import io.culvert.wire.IpAddress;
import io.vavr.control.Option;

/**
 * A unicast route.
 *
 * @param ifindex the device that it leaves by
 * @param gateway the next hop; none if the destination is on the link
 * @param mtu the route's own MTU in bytes; none if the device's counts
 * @param source the address that the router's own packets come from by this route, as {@code ip
 *     route get} shows it behind {@code src}; none if that is not known. Only tunnels that are not
 *     told their own address ask for it
 */
public record Route(
    int ifindex, Option<IpAddress> gateway, Option<Integer> mtu, Option<IpAddress> source) {
  /** A route whose source address is not known. */
  public Route(int ifindex, Option<IpAddress> gateway, Option<Integer> mtu) {
    this(ifindex, gateway, mtu, Option.none());
  }

  /** With the address that the router's own packets come from. */
  public Route from(IpAddress own) {
    return new Route(ifindex, gateway, mtu, Option.some(own));
  }

  /** The address that the link's neighbour is looked up by. */
  public IpAddress nextHop(IpAddress destination) {
    return gateway.getOrElse(destination);
  }
}
