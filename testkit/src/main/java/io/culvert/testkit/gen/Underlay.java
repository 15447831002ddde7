package io.culvert.testkit.gen;

import io.culvert.testkit.law.StackLayer;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A device of a generated router on which others can lie, with how frames that come through it
 * look.
 *
 * @param name its name
 * @param device its index
 * @param mtu longest packet that it takes
 * @param gatewayMtu longest packet that the routes through its gateway take
 * @param port index of the port at the end
 * @param layer what it is; none for a port
 * @param address its MAC address, if it has one
 * @param net4 its IPv4 network, without the host's number
 * @param net6 its IPv6 network, likewise
 * @param sender MAC address of the neighbour who sends the frames that come in by the port
 * @param outers layers around the packets that come in, outermost first
 */
record Underlay(
    String name,
    int device,
    int mtu,
    int gatewayMtu,
    int port,
    Option<StackLayer> layer,
    Option<MacAddress> address,
    String net4,
    String net6,
    MacAddress sender,
    Seq<Outer> outers) {

  boolean isPort() {
    return layer.isEmpty();
  }

  boolean isEthernet() {
    return layer.forAll(StackLayer::isEthernet);
  }

  boolean carries(IpFamily family) {
    return Stacks.carries(layer, family) && (family == IpFamily.V4 || mtu >= 1280);
  }

  boolean canCarry(StackLayer above) {
    boolean isWide = !above.outer().contains(IpFamily.V6) || mtu >= 1280;
    return isWide && layer.forAll(above::canLieOn);
  }

  String net(IpFamily family) {
    return family == IpFamily.V4 ? net4 : net6;
  }

  /** With another station that sends by this device, if it has stations. */
  Underlay from(MacAddress mac) {
    if (!isEthernet()) {
      return this;
    }
    List<Outer> kept = List.ofAll(outers);
    int at = kept.length() - 1;
    while (at >= 0 && kept.get(at).isTag()) {
      at--;
    }
    // The Ethernet header of its frames is in a tunnel, or the very first one.
    return at < 0 ? with(mac, outers) : with(sender, kept.update(at, kept.get(at).from(mac)));
  }

  private Underlay with(MacAddress newSender, Seq<Outer> newOuters) {
    return new Underlay(
        name, device, mtu, gatewayMtu, port, layer, address, net4, net6, newSender, newOuters);
  }
}
