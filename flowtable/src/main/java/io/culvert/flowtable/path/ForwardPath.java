package io.culvert.flowtable.path;

import io.culvert.spi.Carrier;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Shim;
import io.culvert.wire.EthernetHeader;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.culvert.wire.UdpHeader;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * One way out of the router: the tunnel layers, and the port at their end.
 *
 * @param layers outermost first; empty if the packet leaves as it is
 * @param port the real port's index
 * @param portName its name
 * @param source source MAC address: the port's
 * @param destination destination MAC address: the last next hop's, or that of the peer of a layer
 *     directly in the port's frames
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
   * The Ethernet header that a tunnel carries in front of its inner packet.
   *
   * @param source the tunnel device's own MAC address
   * @param destination the next hop's behind the tunnel
   */
  public record EthernetInside(MacAddress source, MacAddress destination) {}

  /**
   * One virtual device on the way.
   *
   * @param ifindex its index
   * @param device its name
   * @param transmit the layer as we push it
   * @param receive the layer as the peer's packets carry it: the mirror image
   * @param shim the shim's bytes and patches as we push it
   * @param receiveShim the shim as the peer pushes it, and what is done with it on receipt
   * @param inner what it carries
   * @param ethernet the Ethernet header in it, if it carries Ethernet frames
   */
  public record Layer(
      int ifindex,
      String device,
      EncapTuple transmit,
      EncapTuple receive,
      Shim shim,
      Shim receiveShim,
      InnerType inner,
      Option<EthernetInside> ethernet) {

    /** Bytes that this layer adds: the carrier's headers, the shim, an Ethernet header inside. */
    public int overhead() {
      return overhead(transmit.carrier(), shim);
    }

    /** Bytes of this layer in a packet of the peer. */
    public int receivedOverhead() {
      return overhead(receive.carrier(), receiveShim);
    }

    private int overhead(Carrier carrier, Shim shim) {
      return carrierHeader(carrier)
          + shim.length()
          + (ethernet.isDefined() ? EthernetHeader.LENGTH : 0);
    }

    /** Bytes of the headers that the framework owns in front of a shim. */
    public static int carrierHeader(Carrier carrier) {
      return switch (carrier) {
        case Carrier.EtherTypeCarrier _ -> 0;
        case Carrier.IpProtocolCarrier(IpFamily family, int _) -> family.headerLength();
        case Carrier.UdpPortCarrier(IpFamily family, int _) ->
            family.headerLength() + UdpHeader.LENGTH;
      };
    }

    /** The type that the header in front of this layer announces it by. */
    public InnerType announcedBy() {
      return switch (transmit.carrier()) {
        case Carrier.EtherTypeCarrier(int number, boolean _) ->
            new InnerType(InnerType.ETHERTYPE, number);
        case Carrier.IpProtocolCarrier(IpFamily family, int _) -> InnerType.of(family);
        case Carrier.UdpPortCarrier(IpFamily family, int _) -> InnerType.of(family);
      };
    }
  }

  /**
   * Header bytes in front of the inner packet, Ethernet included: the headroom that a push needs.
   */
  public int headerLength() {
    return EthernetHeader.LENGTH + layers.map(Layer::overhead).sum().intValue();
  }

  /** All devices on the way, the port last, innermost first. */
  public Seq<Integer> devices() {
    return layers.reverse().map(Layer::ifindex).append(port);
  }
}
