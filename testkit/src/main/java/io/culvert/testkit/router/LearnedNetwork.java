package io.culvert.testkit.router;

import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/**
 * A network whose routes carry the path MTUs that the router has learned, and whose sessions are
 * down when they are over.
 *
 * @param network what the scenario says
 * @param state what was learned
 */
record LearnedNetwork(Network network, RouterState state) implements Network {
  @Override
  public Option<Device> device(int ifindex) {
    return network.device(ifindex).map(this::now);
  }

  @Override
  public Option<Device> device(String name) {
    return network.device(name).map(this::now);
  }

  private Device now(Device device) {
    return device instanceof Device.Virtual v && state.isClosed(v.ifindex())
        ? new Device.Virtual(v.ifindex(), v.name(), v.settings(), v.mtu(), false, v.address())
        : device;
  }

  @Override
  public Option<Route> route(RouteQuery query) {
    int learned = state.learnedMtu(query.destination());
    return network
        .route(query)
        .map(route ->
            learned == Integer.MAX_VALUE
                ? route
                : new Route(
                    route.ifindex(),
                    route.gateway(),
                    Option.some(Math.min(learned, route.mtu().getOrElse(learned))),
                    route.source()));
  }

  @Override
  public Option<MacAddress> neighbour(int ifindex, IpAddress nextHop) {
    return network.neighbour(ifindex, nextHop);
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return network.isLocal(address);
  }

  @Override
  public boolean isBroadcast(IpAddress address) {
    return network.isBroadcast(address);
  }
}
