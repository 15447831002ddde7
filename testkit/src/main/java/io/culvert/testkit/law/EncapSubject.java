package io.culvert.testkit.law;

import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * One layer as the laws see it: a provider with the settings of a device.
 *
 * @param provider the provider
 * @param settings settings that it works with
 * @param inner what is carried
 * @param direction whose packets: those that we send, or those of the peer
 * @param bits what each bit of the shim is for, if that was stated
 */
public record EncapSubject(
    EncapProvider provider,
    Settings settings,
    InnerType inner,
    Direction direction,
    Option<ShimBits> bits) {

  /** The packets that we send, whose bits are not stated. */
  public EncapSubject(EncapProvider provider, Settings settings, InnerType inner) {
    this(provider, settings, inner, Direction.TRANSMIT, Option.none());
  }

  /** A sample of the provider, with what each bit of its shim is for. */
  public static EncapSubject of(
      EncapProvider provider, Sample sample, Direction direction, ShimBits bits) {
    return new EncapSubject(
        provider, sample.settings(), sample.inner(), direction, Option.some(bits));
  }

  /**
   * What the provider makes of the settings.
   *
   * @param tuple the layer in the subject's direction
   * @param shim the shim of its packets
   * @param encap the receive side behind its carrier
   * @param checks what the receiver of the packets asks of them: we, or the other end
   */
  public record Layer(EncapTuple tuple, Shim shim, Encap encap, Seq<RxCheck> checks) {

    /**
     * A shim with its fields filled in, in front of a payload: what stands behind the carrier.
     *
     * @throws IllegalStateException if a patch does not lie in the shim
     */
    public byte[] push(byte[] payload) {
      return PlainPatches.push(shim, payload);
    }
  }

  /** Sets the layer up. */
  public Either<Seq<EncapError>, Layer> layer() {
    return provider
        .tuple(settings, inner, direction)
        .toEither()
        .flatMap(tuple ->
            provider
                .shim(tuple, inner)
                .mapLeft(error -> (Seq<EncapError>) List.of(error))
                .map(
                    shim -> new Layer(tuple, shim, provider.encap(tuple.carrier()), checks(shim))));
  }

  private Seq<RxCheck> checks(Shim shim) {
    return direction == Direction.RECEIVE
        ? shim.checks()
        : provider
            .tuple(PeerSettings.of(provider, settings), inner, Direction.RECEIVE)
            .toEither()
            .flatMap(tuple ->
                provider
                    .shim(tuple, inner)
                    .mapLeft(error -> (Seq<EncapError>) List.<EncapError>of(error)))
            .map(Shim::checks)
            .getOrElse(shim.checks());
  }

  /** What stands behind the carrier, in words: the shim's fields, and the packet in it. */
  String decode(byte[] packet) {
    if (bits.isEmpty()) {
      return packet.length + " bytes behind the carrier";
    }
    ShimBits layout = bits.get();
    String shim = layout.length() == 0 ? "no shim" : "shim " + layout.decode(packet);
    return packet.length <= layout.length()
        ? shim + ", " + packet.length + " bytes in all"
        : shim + "\n" + FrameText.inner(inner, packet, layout.length());
  }

  @Override
  public String toString() {
    return provider.name()
        + " "
        + settings.values().map(value -> value._1 + " " + value._2).mkString(" ")
        + " carrying "
        + inner
        + (direction == Direction.RECEIVE ? ", the peer's packets" : "");
  }
}
