package io.culvert.testkit.scenario;

import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/** A scenario as path discovery sees it. */
final class ScenarioNetwork implements Network {
  private final Scenario scenario;
  private final RouteTable routes;

  ScenarioNetwork(Scenario scenario) {
    this.scenario = scenario;
    routes = new RouteTable(scenario);
  }

  @Override
  public Option<Device> device(int ifindex) {
    return scenario.device(ifindex).flatMap(d -> d.device(scenario));
  }

  @Override
  public Option<Device> device(String name) {
    return scenario.device(name).flatMap(d -> d.device(scenario));
  }

  @Override
  public Option<Route> route(RouteQuery query) {
    RouteTable.Result found = routes.output(query.destination(), query.device());
    return found.kind() == RouteTable.Kind.UNICAST
        ? Option.some(
            new Route(
                found.ifindex(),
                found.gateway(),
                found.mtu(),
                routes.source(found, query.destination())))
        : Option.none();
  }

  @Override
  public Option<MacAddress> neighbour(int ifindex, IpAddress nextHop) {
    return scenario
        .device(ifindex)
        .flatMap(d ->
            scenario
                .neighbours()
                .find(n -> n.device().equals(d.name()) && n.address().equals(nextHop)))
        .map(ScenarioNeighbour::mac);
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return routes.isLocal(address);
  }

  @Override
  public boolean isBroadcast(IpAddress address) {
    return routes.isBroadcast(address);
  }
}
