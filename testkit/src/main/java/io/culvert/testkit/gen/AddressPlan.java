package io.culvert.testkit.gen;

import io.culvert.testkit.scenario.ScenarioRoute;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpPrefix;
import io.culvert.wire.MacAddress;
import io.vavr.control.Option;

/**
 * The addresses and routes of generated routers, in both families: port p is 10.0.p.0/24 with the
 * gateway .2 to 10.(50+p)/16, virtual device i is 10.200.i.0/24 and leads to 10.(100+i)/16.
 */
final class AddressPlan {
  private AddressPlan() {}

  static String port(int p, IpFamily family) {
    return family == IpFamily.V4 ? "10.0." + p + "." : "2001:db8:" + p + "::";
  }

  static String device(int i, IpFamily family) {
    return family == IpFamily.V4 ? "10.200." + i + "." : "2001:db8:200:" + i + "::";
  }

  /** What a virtual device leads to. */
  static String behind(int i, IpFamily family) {
    return family == IpFamily.V4
        ? "10." + (100 + i) + ".0.0/16"
        : "2001:db8:" + (100 + i) + "::/48";
  }

  /** What lies behind the gateway of a port. */
  static String beyond(int p, IpFamily family) {
    return family == IpFamily.V4 ? "10." + (50 + p) + ".0.0/16" : "2001:db8:" + (50 + p) + "::/48";
  }

  /** A host behind the gateway of a port. */
  static String beyond(int p, IpFamily family, int host) {
    return (family == IpFamily.V4 ? "10." + (50 + p) + ".9." : "2001:db8:" + (50 + p) + ":9::")
        + host;
  }

  static ScenarioRoute nothing(ScenarioRoute.Kind kind, String destination) {
    return new ScenarioRoute(
        kind, prefix(destination), Option.none(), Option.none(), Option.none(), 0);
  }

  static ScenarioRoute via(String destination, String gateway, String device, Option<Integer> mtu) {
    return new ScenarioRoute(
        ScenarioRoute.Kind.UNICAST,
        prefix(destination),
        Option.some(address(gateway)),
        Option.some(device),
        mtu,
        0);
  }

  static MacAddress mac(int role, int number) {
    return new MacAddress(0x02_00_00_00_00_00L | (long) role << 8 | number);
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text).get();
  }

  static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).get();
  }
}
