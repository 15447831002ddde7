package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import java.time.Duration;

/**
 * An offloaded flow, both directions. A value: {@link FlowTable#flow} gives the present one.
 *
 * @param tuple the original direction's tuple
 * @param ingress device by which the original direction reaches the IP layer
 * @param original the original direction's way out
 * @param reply the reply direction's way out
 * @param idleTimeout zero for never
 */
public record Flow(
    FlowTuple tuple, int ingress, ForwardPath original, ForwardPath reply, Duration idleTimeout) {

  /** True if a device is on either way. */
  boolean passes(int ifindex) {
    return original.devices().contains(ifindex) || reply.devices().contains(ifindex);
  }

  /** True if a layer of either way belongs to a provider. */
  boolean uses(String provider) {
    return original
        .layers()
        .appendAll(reply.layers())
        .exists(layer -> layer.transmit().provider().equals(provider));
  }
}
