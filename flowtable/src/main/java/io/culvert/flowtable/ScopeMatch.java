package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/** What a {@link FlowScope} means for a way and for the ends of a flow. */
final class ScopeMatch {
  private ScopeMatch() {}

  /** True if all flows by a way are concerned. */
  static boolean concerns(FlowScope scope, ForwardPath path) {
    return switch (scope) {
      case FlowScope.Device(int ifindex) -> path.devices().contains(ifindex);
      case FlowScope.Route(IpPrefix network) ->
          path.layers().exists(layer -> farEnd(layer).exists(network::contains));
      case FlowScope.NextHop(int ifindex, MacAddress address) -> isNextHop(path, ifindex, address);
      case FlowScope.FarEnd(IpAddress address) ->
          path.layers().exists(layer -> farEnd(layer).contains(address));
      case FlowScope.Address(IpAddress address) ->
          path.layers()
              .exists(layer -> farEnd(layer).contains(address) || ownEnd(layer).contains(address));
    };
  }

  private static Option<IpAddress> farEnd(Layer layer) {
    return layer.transmit().addresses().map(ends -> ends.destination());
  }

  private static Option<IpAddress> ownEnd(Layer layer) {
    return layer.transmit().addresses().map(ends -> ends.source());
  }

  private static boolean isNextHop(ForwardPath path, int ifindex, MacAddress address) {
    return (path.port() == ifindex && path.destination().equals(address))
        || path.layers()
            .exists(layer ->
                layer.ifindex() == ifindex
                    && layer.ethernet().exists(inside -> inside.destination().equals(address)));
  }

  /** True if a scope may be about the ends of flows, whatever their ways. */
  static boolean looksAtEnds(FlowScope scope) {
    return scope instanceof FlowScope.Route || scope instanceof FlowScope.Address;
  }

  /** True if a flow is concerned by its ends. */
  static boolean concerns(FlowScope scope, FlowTuple original, FlowTuple reply) {
    return switch (scope) {
      case FlowScope.Route(IpPrefix network) ->
          network.contains(reply.source()) || network.contains(original.source());
      case FlowScope.Address(IpAddress address) ->
          original.source().equals(address)
              || original.destination().equals(address)
              || reply.source().equals(address)
              || reply.destination().equals(address);
      case FlowScope.Device _, FlowScope.NextHop _, FlowScope.FarEnd _ -> false;
    };
  }
}
