package io.culvert.bench.tunnel;

import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Puts a described stack of tunnels on frames. Not for several threads. */
public final class Wrapper {
  private final Seq<WrapLayer> innermostFirst;
  private final Option<MacAddress> to;
  private final Option<MacAddress> from;

  /**
   * A stack.
   *
   * @param layers outermost first
   * @param to destination of the frames made; none for the peer's that the outermost layer names,
   *     or the frame's own
   * @param from source of the frames made; none for the frame's own
   */
  Wrapper(Seq<WrapLayer> layers, Option<MacAddress> to, Option<MacAddress> from) {
    innermostFirst = layers.reverse();
    this.to = to;
    this.from = from;
  }

  /** The frame with the stack on it, or why it is left alone. */
  public Either<String, byte[]> wrap(byte[] bytes) {
    Either<String, PlainFrame> frame =
        PlainFrame.parse(bytes).toEither("shorter than an Ethernet header");
    int entropy = frame.map(InnerHeader::entropy).getOrElse(0);
    for (WrapLayer layer : innermostFirst) {
      frame = frame.flatMap(f -> layer.put(f, entropy));
    }
    return frame.map(f -> f.withAddresses(to.getOrElse(f.to()), from.getOrElse(f.from())).bytes());
  }
}
