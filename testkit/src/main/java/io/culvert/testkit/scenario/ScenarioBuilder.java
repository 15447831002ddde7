package io.culvert.testkit.scenario;

import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;

/**
 * Makes a {@link Scenario} step by step, in code. Names and indices are checked, the rest is as
 * given. Not for several threads.
 */
public final class ScenarioBuilder {
  private Seq<ScenarioDevice> devices = List.empty();
  private Seq<ScenarioAddress> addresses = List.empty();
  private Seq<ScenarioNeighbour> neighbours = List.empty();
  private Seq<ScenarioRoute> routes = List.empty();
  private Set<Integer> udpTunnelPorts = HashSet.empty();

  /** A builder without anything. */
  public ScenarioBuilder() {}

  /** A real device that is up, with MTU 1500 and without link-local address. */
  public ScenarioBuilder port(String name, MacAddress address) {
    return device(
        create(name, ScenarioDevice.Kind.PORT)
            .withAddress(address)
            .withUp(true)
            .withLinkLocal(false));
  }

  /** A virtual device that is up, with this MTU. */
  public ScenarioBuilder tunnel(String name, Settings settings, int mtu) {
    return device(
        create(name, ScenarioDevice.Kind.VIRTUAL)
            .withSettings(settings)
            .withMtu(mtu)
            .withUp(true)
            .withLinkLocal(false));
  }

  /** A virtual device that carries Ethernet frames and is up, with this MTU and own MAC address. */
  public ScenarioBuilder ethernetTunnel(
      String name, Settings settings, int mtu, MacAddress address) {
    return tunnel(name, settings, mtu).change(name, d -> d.withEthernet(true).withAddress(address));
  }

  /**
   * A virtual device on another one, with its MTU: a tag, which carries frames and has the address
   * of the device below, or a session, which carries packets. It is up.
   */
  public ScenarioBuilder above(
      String name, String link, Settings settings, int mtu, boolean isEthernet) {
    known(link);
    return tunnel(name, settings.with("link", link), mtu)
        .change(name, d -> d.withEthernet(isEthernet).withLink(Option.some(link)));
  }

  /** A device that gets the next index; not yet part of the router. */
  ScenarioDevice create(String name, ScenarioDevice.Kind kind) {
    return ScenarioDevice.of(devices.size() + 1, name, kind);
  }

  /** A device with the next index. */
  public ScenarioBuilder device(ScenarioDevice device) {
    if (device.ifindex() != devices.size() + 1 || find(device.name()).isDefined()) {
      throw new IllegalArgumentException("device: " + device.name() + " " + device.ifindex());
    }
    devices = devices.append(device);
    return this;
  }

  /** Changes a device that exists. */
  public ScenarioBuilder change(String name, UnaryOperator<ScenarioDevice> change) {
    known(name);
    devices = devices.map(d -> d.name().equals(name) ? change.apply(d) : d);
    return this;
  }

  /** An address of a device that exists. */
  public ScenarioBuilder address(ScenarioAddress address) {
    known(address.device());
    addresses = addresses.append(address);
    return this;
  }

  /** An address with its subnet. */
  public ScenarioBuilder address(String device, IpPrefix prefix) {
    return address(ScenarioAddress.of(device, prefix));
  }

  /** Takes away the addresses of a device that a test accepts. */
  ScenarioBuilder removeAddresses(java.util.function.Predicate<ScenarioAddress> test) {
    addresses = addresses.reject(test);
    return this;
  }

  /** A neighbour; it replaces one of the same address on the device. */
  public ScenarioBuilder neighbour(String device, IpAddress address, MacAddress mac) {
    known(device);
    removeNeighbour(device, address);
    neighbours = neighbours.append(new ScenarioNeighbour(device, address, mac));
    return this;
  }

  ScenarioBuilder removeNeighbour(String device, IpAddress address) {
    neighbours = neighbours.reject(n -> n.device().equals(device) && n.address().equals(address));
    return this;
  }

  /** A route behind those that exist. */
  public ScenarioBuilder route(ScenarioRoute route) {
    route.device().forEach(this::known);
    routes = routes.append(route);
    return this;
  }

  /** Takes away the route with this prefix and metric. */
  ScenarioBuilder removeRoute(IpPrefix destination, long metric) {
    routes = routes.reject(r -> r.destination().equals(destination) && r.metric() == metric);
    return this;
  }

  ScenarioBuilder udpTunnelPort(int port) {
    udpTunnelPorts = udpTunnelPorts.add(port);
    return this;
  }

  /** The device with this name. */
  public Option<ScenarioDevice> find(String name) {
    return devices.find(d -> d.name().equals(name));
  }

  Seq<ScenarioDevice> devices() {
    return devices;
  }

  Seq<ScenarioRoute> routes() {
    return routes;
  }

  private void known(String device) {
    if (find(device).isEmpty()) {
      throw new IllegalArgumentException("no device: name=" + device);
    }
  }

  /** The router as it is now. */
  public Scenario build() {
    return new Scenario(devices, addresses, neighbours, routes, udpTunnelPorts);
  }
}
