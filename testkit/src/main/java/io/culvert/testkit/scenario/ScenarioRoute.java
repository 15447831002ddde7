package io.culvert.testkit.scenario;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpPrefix;
import io.vavr.control.Option;

/**
 * A route of the main table.
 *
 * @param kind what it does with a packet
 * @param destination the packets it is for
 * @param gateway the next hop; none if the destinations are on the link
 * @param device name of the device; none only for routes that send nothing
 * @param mtu its own MTU in bytes
 * @param metric among routes of one prefix the lowest counts
 */
public record ScenarioRoute(
    Kind kind,
    IpPrefix destination,
    Option<IpAddress> gateway,
    Option<String> device,
    Option<Integer> mtu,
    long metric) {

  /** What a route does with a packet. */
  public enum Kind {
    /** Sends it on. */
    UNICAST,
    /** Discards it. */
    BLACKHOLE,
    /** Answers with ICMP host unreachable. */
    UNREACHABLE,
    /** Answers with ICMP administratively prohibited. */
    PROHIBIT
  }

  /** A route to a subnet on the link. */
  public static ScenarioRoute onLink(IpPrefix destination, String device) {
    return new ScenarioRoute(
        Kind.UNICAST, destination, Option.none(), Option.some(device), Option.none(), 0);
  }

  /** A route through a gateway. */
  public static ScenarioRoute via(IpPrefix destination, IpAddress gateway, String device) {
    return new ScenarioRoute(
        Kind.UNICAST, destination, Option.some(gateway), Option.some(device), Option.none(), 0);
  }
}
