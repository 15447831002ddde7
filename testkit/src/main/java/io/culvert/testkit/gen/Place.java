package io.culvert.testkit.gen;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * Somewhere hosts are, seen from the router: how their packets come in.
 *
 * @param name what it is
 * @param device index of the device by which their packets reach the router's IP layer
 * @param port index of the port that their frames come in by
 * @param portMac its address
 * @param sender MAC address of the neighbour who sends the frames
 * @param outers tunnels that their frames come in by, outermost first
 * @param hosts their addresses
 * @param mtu longest packet that passes on the way to them, in bytes
 */
public record Place(
    String name,
    int device,
    int port,
    MacAddress portMac,
    MacAddress sender,
    Seq<Outer> outers,
    Seq<IpAddress> hosts,
    int mtu) {

  /** True if a host of this family is here. */
  public boolean has(IpFamily family) {
    return hosts.exists(h -> h.family() == family);
  }

  /** True if hosts of one family are here and there. */
  boolean sharesFamily(Place other) {
    return List.of(IpFamily.values()).exists(f -> has(f) && other.has(f));
  }

  /** One of the hosts of a family. */
  IpAddress host(IpFamily family, int choice) {
    Seq<IpAddress> all = hosts.filter(h -> h.family() == family);
    return all.get(Math.floorMod(choice, all.size()));
  }
}
