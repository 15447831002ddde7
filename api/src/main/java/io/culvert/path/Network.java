package io.culvert.path;

import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/**
 * What the embedder's control plane knows. Asked when flows are offered, never per packet.
 *
 * <p>After an answer has changed, the embedder tells the flow table (its {@code invalidate} calls):
 * entries made from the old answer go to the slow path.
 */
public interface Network {

  /** The device with this index. */
  Option<Device> device(int ifindex);

  /** The device with this name. */
  Option<Device> device(String name);

  /** The route that the query would take: longest prefix, then the embedder's own rules. */
  Option<Route> route(RouteQuery query);

  /**
   * The MAC address of a next hop behind a device that carries Ethernet frames, real or virtual, if
   * it is known and valid.
   */
  Option<MacAddress> neighbour(int ifindex, IpAddress nextHop);

  /** True if packets to this address are delivered to the router itself. */
  boolean isLocal(IpAddress address);

  /**
   * True for the broadcast address of a subnet of the router: the last one of a prefix of up to 30
   * bits, or another that was given. Flows from or to it are not offloaded. Without an answer of
   * your own only 255.255.255.255 is known, and your slow path must not offer such a flow.
   */
  default boolean isBroadcast(IpAddress address) {
    return false;
  }
}
