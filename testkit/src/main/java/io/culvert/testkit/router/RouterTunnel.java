package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;
import io.vavr.control.Option;

/**
 * A virtual device that the router speaks for.
 *
 * @param device the device
 * @param codec its protocol
 */
record RouterTunnel(ScenarioDevice device, PlainTunnel codec) {

  /** True if packets of this carrier between these two may be the tunnel's. */
  boolean takes(Carrier carrier, IpAddress source, IpAddress destination) {
    return device.isUp() && codec.carriers().contains(carrier) && codec.takes(source, destination);
  }

  /** The way that it is announced by an EtherType behind an Ethernet header. */
  Option<Carrier> etherType(int number) {
    return codec
        .carriers()
        .find(c -> c instanceof Carrier.EtherTypeCarrier e && e.number() == number);
  }

  /** True if it lies behind an Ethernet header, and not behind an IP one. */
  boolean isOnEthernet() {
    return codec.outer().isEmpty();
  }
}
