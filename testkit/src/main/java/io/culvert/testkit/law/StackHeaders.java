package io.culvert.testkit.law;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * What stands in front of a packet that went into a stack, as an independent reader needs it.
 *
 * @param protocols protocol number of each outer IPv4 header, outermost first
 * @param shims bytes of each shim
 */
record StackHeaders(Seq<Integer> protocols, Seq<Integer> shims) {

  /** The headers of a stack whose providers take its settings. */
  static StackHeaders of(TunnelStack stack, EncapRegistry registry) {
    Seq<Settings> settings =
        stack
            .scenario(Side.NEAR)
            .devices()
            .filter(device -> device.kind() == ScenarioDevice.Kind.VIRTUAL)
            .map(ScenarioDevice::settings);
    Seq<Integer> protocols = List.empty();
    Seq<Integer> shims = List.empty();
    for (Settings layer : settings) {
      var provider = registry.providerOf(layer.linkType()).get();
      EncapTuple tuple = provider.tuple(layer, InnerType.IPV4, Direction.TRANSMIT).get();
      protocols =
          protocols.append(
              tuple.carrier() instanceof Carrier.IpProtocolCarrier c ? c.number() : -1);
      shims = shims.append(provider.shim(tuple, InnerType.IPV4).get().length());
    }
    return new StackHeaders(protocols, shims);
  }

  /** The outer headers as a comparison of frames wants them. */
  Seq<OwnHeader> own() {
    return OwnHeader.ipv4Stack(PlainFrames.ETHERNET, shims);
  }

  /** Number of tunnels. */
  int depth() {
    return shims.size();
  }

  /** Bytes of all headers. */
  int length() {
    return depth() * PlainFrames.IPV4 + shims.sum().intValue();
  }
}
