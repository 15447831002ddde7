package io.culvert.testkit.router;

import io.culvert.spi.Carrier;
import io.culvert.testkit.codec.PlainTunnel;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpAddress;

/**
 * A virtual device that the router speaks for.
 *
 * @param device the device
 * @param codec its protocol
 * @param outer how its outer headers are filled
 */
record RouterTunnel(ScenarioDevice device, PlainTunnel codec, OuterSettings outer) {

  /** True if packets of this carrier between these two are the tunnel's. */
  boolean takes(Carrier carrier, IpAddress source, IpAddress destination) {
    return device.isUp()
        && codec.carrier().equals(carrier)
        && outer.local().equals(destination)
        && outer.remote().equals(source);
  }
}
