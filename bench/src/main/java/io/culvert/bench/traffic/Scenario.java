package io.culvert.bench.traffic;

import io.culvert.path.Device;
import io.culvert.path.Route;
import io.culvert.wire.IpAddress;
import io.culvert.wire.Ipv4Address;
import java.util.Formatter;
import java.util.Locale;

/** A topology in the words of {@code ip -batch}. */
final class Scenario {
  private Scenario() {}

  static String of(Topology topology) {
    try (Formatter text = new Formatter(Locale.ROOT)) {
      for (Device device : topology.devices()) {
        switch (device) {
          case Device.Port port ->
              text.format(
                  "link set %s address %s mtu %d up%n", port.name(), port.address(), port.mtu());
          case Device.Virtual tunnel -> {
            IpAddress remote = tunnel.settings().address("remote").get();
            text.format(
                "link add %s type ipip local %s remote %s ecn rfc6040%n",
                tunnel.name(), new Ipv4Address(Topology.UNDERLAY_ADDRESS), remote);
            text.format("link set %s mtu %d up%n", tunnel.name(), tunnel.mtu());
          }
          case Device.OutOfScope _ -> {}
        }
      }
      text.format("addr add 192.168.0.2/24 dev eth0%n");
      text.format("addr add 192.168.1.1/24 dev eth1%n");
      text.format("addr add 192.168.100.1/24 dev tun0%n");
      topology
          .neighbours()
          .forEach(known ->
              text.format(
                  "neigh add %s lladdr %s dev %s%n",
                  known.address(), known.mac(), name(topology, known.ifindex())));
      topology.routes().stream()
          // The kernel, and the router, make those themselves when an address is added.
          .filter(entry -> !isConnected(entry))
          .forEach(entry ->
              text.format(
                  "route add %s %sdev %s%n",
                  entry.prefix(), gateway(entry.route()), name(topology, entry.route().ifindex())));
      return text.toString();
    }
  }

  private static boolean isConnected(Topology.RouteEntry entry) {
    return entry.route().gateway().isEmpty() && entry.prefix().length() == 24;
  }

  private static String gateway(Route route) {
    return route.gateway().map(via -> "via " + via + " ").getOrElse("");
  }

  private static String name(Topology topology, int ifindex) {
    return topology.device(ifindex).get().name();
  }
}
