package io.culvert.testkit.scenario;

import io.culvert.path.Network;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/**
 * A router: its devices, addresses, neighbours and routes. Immutable.
 *
 * @param devices devices in the order of their indices
 * @param addresses addresses
 * @param neighbours neighbours
 * @param routes routes of the main table, in the order in which they were added
 * @param udpTunnelPorts UDP ports that a device out of scope (FOU, GUE) receives on
 */
public record Scenario(
    Seq<ScenarioDevice> devices,
    Seq<ScenarioAddress> addresses,
    Seq<ScenarioNeighbour> neighbours,
    Seq<ScenarioRoute> routes,
    Set<Integer> udpTunnelPorts) {

  /** The device with this name. */
  public Option<ScenarioDevice> device(String name) {
    return devices.find(d -> d.name().equals(name));
  }

  /** The device with this index. */
  public Option<ScenarioDevice> device(int ifindex) {
    return devices.find(d -> d.ifindex() == ifindex);
  }

  /** The real devices. */
  public Seq<ScenarioDevice> ports() {
    return devices.filter(d -> d.kind() == ScenarioDevice.Kind.PORT);
  }

  /**
   * The MAC address of a device; one that shares the Ethernet header of another, as a tag does, has
   * that one's unless it was given its own.
   */
  public Option<MacAddress> address(ScenarioDevice device) {
    boolean isShared = device.isEthernet() && device.kind() == ScenarioDevice.Kind.VIRTUAL;
    return device
        .address()
        .orElse(() ->
            isShared ? device.link().flatMap(this::device).flatMap(this::address) : Option.none());
  }

  /** What path discovery asks. */
  public Network network() {
    return new ScenarioNetwork(this);
  }

  /**
   * What keeps the router from running, though the text can be read: devices of unknown address,
   * which could neither tell their frames from others' nor send any.
   */
  public Seq<String> problems() {
    return ports()
        .appendAll(
            devices.filter(d ->
                d.kind() == ScenarioDevice.Kind.VIRTUAL && d.isEthernet() && d.master().isEmpty()))
        .filter(p -> address(p).isEmpty())
        .map(p ->
            "device "
                + p.name()
                + " has no address; expected: link set "
                + p.name()
                + " address MAC");
  }
}
