package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.vavr.control.Option;

/**
 * An address of the router.
 *
 * @param device name of its device
 * @param prefix the router's own address, and the length of its subnet
 * @param peer the other end of a point-to-point link, with the length of the connected route
 * @param broadcast a broadcast address that was named
 * @param hasPrefixRoute true if its subnet is reached through the device
 */
public record ScenarioAddress(
    String device,
    IpPrefix prefix,
    Option<IpPrefix> peer,
    Option<IpAddress> broadcast,
    boolean hasPrefixRoute) {

  /** An address with its subnet. */
  public static ScenarioAddress of(String device, IpPrefix prefix) {
    return new ScenarioAddress(device, prefix, Option.none(), Option.none(), true);
  }

  /** The subnet behind the device. */
  public IpPrefix subnet() {
    return peer.getOrElse(prefix);
  }
}
