package io.culvert.flowtable;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;

/**
 * Which flows a change of the control plane is about, for {@link FlowTable#invalidate(FlowScope)}
 * and {@link FlowTable#teardown(FlowScope)}. A flow is concerned if either direction is.
 */
public sealed interface FlowScope {
  /**
   * Those that come or leave by way of a device: a port, a tunnel, a session, a tag.
   *
   * @param ifindex its index
   */
  record Device(int ifindex) implements FlowScope {}

  /**
   * Those whose packets are sent to a network, as when a route to it comes, changes or goes. Counts
   * where routing looks: the destination behind a translation, and the other end of each tunnel on
   * the way.
   *
   * @param destinations the network
   */
  record Route(IpPrefix destinations) implements FlowScope {}

  /**
   * Those whose frames are sent to a next hop: a neighbour's MAC address is another one now, or it
   * is gone.
   *
   * @param ifindex the device that it is behind: a port, or a tunnel that carries Ethernet
   * @param address the MAC address as it was
   */
  record NextHop(int ifindex, MacAddress address) implements FlowScope {}

  /**
   * Those with an address at one of their ends, before or after a translation, and those by a
   * tunnel with it at one of its ends.
   *
   * @param address the address
   */
  record Address(IpAddress address) implements FlowScope {}

  /**
   * Those by a tunnel with this other end, outermost or not: what is between the ends changed.
   *
   * @param address the tunnel's remote address
   */
  record FarEnd(IpAddress address) implements FlowScope {}
}
