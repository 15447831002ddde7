package io.culvert.flowtable.status;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.spi.EncapTuple;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A flow at one moment. Immutable; the two directions' counters are read one after the other, while
 * workers may count.
 *
 * @param flow the flow with its ways
 * @param counters what was forwarded
 * @param isValid false if it is of an older generation: its packets go to the slow path until it is
 *     offered again
 * @param isClosing true if the end of its TCP connection was seen
 * @param limitMs milliseconds without a packet after which it expires, as it is now: its idle
 *     timeout, or a shorter one for a closing flow; 0 for never
 * @param generation the generation in which it was offered or confirmed; 0 if it was invalidated
 * @param ageMs milliseconds since it was first taken
 * @param idleMs milliseconds since the last packet of either direction, or the last offer
 * @param worker number of the worker that saw it last; none if that is not known
 */
public record FlowStatus(
    Flow flow,
    FlowCounters counters,
    boolean isValid,
    boolean isClosing,
    long limitMs,
    int generation,
    long ageMs,
    long idleMs,
    Option<Integer> worker) {

  /**
   * One direction.
   *
   * @param tuple its tuple as its packets come in
   * @param way how they come in: the other direction's way out, looked at from its far end
   * @param wayOut how they go out
   * @param packets packets forwarded
   * @param bytes their bytes: inner IP packets
   */
  public record Direction(FlowTuple tuple, Way way, Way wayOut, long packets, long bytes) {}

  /**
   * A port and the tunnel stack at it.
   *
   * @param ifindex the port's index
   * @param port the port's name
   * @param stack the layers as they stand on the wire in this direction, outermost first
   */
  public record Way(int ifindex, String port, Seq<StackLayer> stack) {
    static Way received(ForwardPath wayBack) {
      return new Way(
          wayBack.port(),
          wayBack.portName(),
          wayBack.layers().map(layer -> StackLayer.of(layer, layer.receive())));
    }

    static Way sent(ForwardPath way) {
      return new Way(
          way.port(),
          way.portName(),
          way.layers().map(layer -> StackLayer.of(layer, layer.transmit())));
    }

    /** Name of the device that the IP layer sees: the innermost tunnel's, or the port's. */
    public String device() {
      return stack.lastOption().map(StackLayer::device).getOrElse(port);
    }
  }

  /**
   * One layer of a stack.
   *
   * @param ifindex its device's index
   * @param device its device's name
   * @param tuple provider, outer addresses, identity words, peer
   */
  public record StackLayer(int ifindex, String device, EncapTuple tuple) {
    static StackLayer of(Layer layer, EncapTuple tuple) {
      return new StackLayer(layer.ifindex(), layer.device(), tuple);
    }
  }

  /** The original direction. */
  public Direction original() {
    return new Direction(
        flow.tuple(),
        Way.received(flow.reply()),
        Way.sent(flow.original()),
        counters.originalPackets(),
        counters.originalBytes());
  }

  /** The reply direction. */
  public Direction reply() {
    return new Direction(
        flow.replyTuple(),
        Way.received(flow.original()),
        Way.sent(flow.reply()),
        counters.replyPackets(),
        counters.replyBytes());
  }

  /** Name of the device by which the original direction reaches the IP layer. */
  public String ingressDevice() {
    return Way.received(flow.reply()).device();
  }

  /** Milliseconds until it expires if it sees no packet, 0 or more; none if it never does. */
  public Option<Long> timeoutLeftMs() {
    return Option.when(limitMs != 0, Math.max(0, limitMs - idleMs));
  }

  /** {@code valid}, {@code closing} or {@code stale}. */
  public String state() {
    return isValid ? (isClosing ? "closing" : "valid") : "stale";
  }
}
