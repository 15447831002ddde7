package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.testkit.codec.Octets;
import io.culvert.testkit.scenario.RouteTable;
import io.culvert.testkit.scenario.Scenario;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the parts of the router share: the scenario, and the little that changes. */
final class RouterState {
  /** Linux raises what is learned to this ({@code ip_rt_min_pmtu}). */
  private static final int LEAST_LEARNED_MTU = 552;

  private static final int LEAST_IPV6_MTU = 1280;

  private final Scenario scenario;
  private final RouteTable routes;
  private final boolean tracksConnections;
  private final Seq<RouterTunnel> tunnels;
  private PacketHooks hooks = PacketHooks.NONE;
  private final Map<IpAddress, Integer> learnedMtu = new HashMap<>();
  private final Map<IpAddress, Integer> learnedInner = new HashMap<>();
  private final Set<Integer> closed = new HashSet<>();
  private int changes;
  private int nextId;

  RouterState(Scenario scenario, Seq<RouterTunnel> tunnels, boolean tracksConnections) {
    this.scenario = scenario;
    this.tracksConnections = tracksConnections;
    this.tunnels = tunnels;
    routes = new RouteTable(scenario);
  }

  Scenario scenario() {
    return scenario;
  }

  /** What rules say. */
  PacketHooks hooks() {
    return hooks;
  }

  void hooks(PacketHooks newHooks) {
    hooks = newHooks;
  }

  /** True if fragments are put together wherever they come from, as connection tracking does. */
  boolean tracksConnections() {
    return tracksConnections;
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

  /** The MAC address of a device; that of the device below for a tag without its own. */
  Option<MacAddress> address(ScenarioDevice device) {
    return scenario.address(device);
  }

  /** The device that a tag or a session lies on. */
  Option<ScenarioDevice> below(RouterTunnel tunnel) {
    return tunnel.device().link().flatMap(scenario::device);
  }

  /** The tags and sessions on a device that are announced by this EtherType. */
  Seq<RouterTunnel> above(int ifindex, int etherType) {
    return on(ifindex).filter(t -> t.etherType(etherType).isDefined());
  }

  /** The tags and sessions on a device. */
  Seq<RouterTunnel> on(int ifindex) {
    String name = device(ifindex).name();
    return tunnels.filter(t ->
        t.isOnEthernet() && t.device().link().contains(name) && !isClosed(t.device().ifindex()));
  }

  /** A session is over: nothing goes into it, and nothing comes out. */
  void close(RouterTunnel session) {
    closed.add(session.device().ifindex());
    changes++;
  }

  /** True if the session of a device is over. */
  boolean isClosed(int ifindex) {
    return closed.contains(ifindex);
  }

  /** True if a device out of scope may receive on this UDP port. */
  boolean isUdpPortOutOfScope(int port) {
    return scenario.udpTunnelPorts().contains(port)
        || outOfScopeDevices()
            .filter(d -> TunnelProtocols.of(d.words().head()).contains(TunnelProtocols.UDP))
            .exists(d ->
                d.wordAfter("dstport")
                    .orElse(() -> d.wordAfter("port"))
                    .getOrElse(Integer.toString(TunnelProtocols.defaultPort(d.words().head())))
                    .equals(Integer.toString(port)));
  }

  boolean isOutOfScope(Carrier carrier) {
    return carrier instanceof Carrier.IpProtocolCarrier c && isOutOfScope(c.number());
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

  /**
   * An inner packet did not fit: IPv6 forwards no more packets of more bytes to its destination.
   */
  void learnInnerMtu(Outgoing inner, int mtu) {
    if (inner.family() == IpFamily.V6 && mtu >= LEAST_IPV6_MTU) {
      learnedInner.put(Octets.destination(inner.packet(), IpFamily.V6), mtu);
    }
  }

  /** The MTU that a tunnel left for an inner destination; no limit if it never told. */
  int learnedInnerMtu(IpAddress destination) {
    return learnedInner.getOrDefault(destination, Integer.MAX_VALUE);
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
