package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import java.time.Duration;

/**
 * An offloaded flow, both directions. A value: {@link FlowTable#flow} gives the present one.
 *
 * @param tuple the original direction's tuple, as its packets come in
 * @param replyTuple the reply direction's tuple, as its packets come in
 * @param ingress device by which the original direction reaches the IP layer
 * @param original the original direction's way out
 * @param reply the reply direction's way out
 * @param idleTimeout zero for never
 */
public record Flow(
    FlowTuple tuple,
    FlowTuple replyTuple,
    int ingress,
    ForwardPath original,
    ForwardPath reply,
    Duration idleTimeout) {

  /** True if addresses or ports of its packets are translated. */
  public boolean isTranslated() {
    return !replyTuple.equals(tuple.reversed());
  }

  /** The tuple that packets of the original direction go out with. */
  public FlowTuple translated() {
    return replyTuple.reversed();
  }

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
