package io.culvert.testkit.router;

import io.culvert.testkit.scenario.RouteTable;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** What the parts of the router share: the scenario, and the little that changes. */
final class RouterState {
  /** Linux raises what is learned to this ({@code ip_rt_min_pmtu}). */
  private static final int LEAST_LEARNED_MTU = 552;

  private final Scenario scenario;
  private final RouteTable routes;
  private final Seq<RouterTunnel> tunnels;
  private final Map<IpAddress, Integer> learnedMtu = new HashMap<>();
  private int changes;
  private int nextId;

  RouterState(Scenario scenario, Seq<RouterTunnel> tunnels) {
    this.scenario = scenario;
    this.tunnels = tunnels;
    routes = new RouteTable(scenario);
  }

  Scenario scenario() {
    return scenario;
  }

  RouteTable routes() {
    return routes;
  }

  Seq<RouterTunnel> tunnels() {
    return tunnels;
  }

  ScenarioDevice device(int ifindex) {
    return scenario
        .device(ifindex)
        .getOrElseThrow(() -> new IllegalArgumentException("no device: ifindex=" + ifindex));
  }

  Option<RouterTunnel> tunnel(int ifindex) {
    return tunnels.find(t -> t.device().ifindex() == ifindex);
  }

  Option<MacAddress> neighbour(ScenarioDevice device, IpAddress nextHop) {
    return scenario
        .neighbours()
        .find(n -> n.device().equals(device.name()) && n.address().equals(nextHop))
        .map(n -> n.mac());
  }

  /** True if a device out of scope may take packets of this IP protocol. */
  boolean isOutOfScope(int protocol) {
    return outOfScopeDevices().exists(d -> TunnelProtocols.of(d.words().head()).contains(protocol));
  }

  Seq<ScenarioDevice> outOfScopeDevices() {
    return scenario
        .devices()
        .filter(d -> d.kind() == ScenarioDevice.Kind.OUT_OF_SCOPE && d.words().nonEmpty());
  }

  /** A smaller path MTU was reported for a destination. */
  void learnMtu(IpAddress destination, int mtu) {
    int most = Math.max(mtu, LEAST_LEARNED_MTU);
    if (most < learnedMtu(destination)) {
      learnedMtu.put(destination, most);
      changes++;
    }
  }

  /** How often something was learned: forwarding may be different since. */
  int changes() {
    return changes;
  }

  /** The path MTU that was reported for a destination; no limit if none was. */
  int learnedMtu(IpAddress destination) {
    return learnedMtu.getOrDefault(destination, Integer.MAX_VALUE);
  }

  /** The identification of the next packet of our own; nobody may depend on its value. */
  int nextId() {
    nextId = nextId + 1 & 0xffff;
    return nextId;
  }
}
