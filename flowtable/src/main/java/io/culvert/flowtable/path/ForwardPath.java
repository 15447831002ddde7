package io.culvert.flowtable.path;

import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Shim;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;

/**
 * One way out of the router: the tunnel layers, and the port at their end.
 *
 * @param layers outermost first; empty if the packet leaves as it is
 * @param port the real port's index
 * @param portName its name
 * @param source source MAC address: the port's
 * @param destination destination MAC address: the last next hop's
 * @param inner what is sent: an IP packet of this type
 * @param mtu longest inner packet in bytes that passes every device and route on the way
 */
public record ForwardPath(
    Seq<Layer> layers,
    int port,
    String portName,
    MacAddress source,
    MacAddress destination,
    InnerType inner,
    int mtu) {

  /**
   * One virtual device on the way.
   *
   * @param ifindex its index
   * @param device its name
   * @param transmit the layer as we push it
   * @param receive the layer as the peer's packets carry it: the mirror image
   * @param shim the shim's bytes and patches
   * @param inner what it carries
   */
  public record Layer(
      int ifindex,
      String device,
      EncapTuple transmit,
      EncapTuple receive,
      Shim shim,
      InnerType inner) {

    /** Bytes that this layer adds: the carrier's header and the shim. */
    public int overhead() {
      return transmit.addresses().map(a -> a.source().family().headerLength()).getOrElse(0)
          + shim.length();
    }
  }

  /**
   * Header bytes in front of the inner packet, Ethernet included: the headroom that a push needs.
   */
  public int headerLength() {
    return 14 + layers.map(Layer::overhead).sum().intValue();
  }

  /** All devices on the way, the port last, innermost first. */
  public Seq<Integer> devices() {
    return layers.reverse().map(Layer::ifindex).append(port);
  }
}
