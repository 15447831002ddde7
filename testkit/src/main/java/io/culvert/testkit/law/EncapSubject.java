package io.culvert.testkit.law;

import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.Patch;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;

/**
 * One layer as the laws see it: a provider with the settings of a device.
 *
 * @param provider the provider
 * @param settings settings that it works with
 * @param inner what is carried
 */
public record EncapSubject(EncapProvider provider, Settings settings, InnerType inner) {

  /**
   * What the provider makes of the settings.
   *
   * @param tuple the layer on transmit
   * @param shim its shim
   * @param encap its receive side
   */
  public record Layer(EncapTuple tuple, Shim shim, Encap encap) {

    /** A shim with its lengths filled in, in front of a payload: what stands behind the carrier. */
    public byte[] push(byte[] payload) {
      byte[] packet = new byte[shim.length() + payload.length];
      System.arraycopy(shim.bytes(), 0, packet, 0, shim.length());
      System.arraycopy(payload, 0, packet, shim.length(), payload.length);
      for (Patch patch : shim.patches()) {
        if (patch instanceof Patch.Length(int at, int from)) {
          int length = packet.length - from;
          packet[at] = (byte) (length >>> 8);
          packet[at + 1] = (byte) length;
        }
      }
      return packet;
    }
  }

  /** Sets the layer up for transmit. */
  public Either<Seq<EncapError>, Layer> layer() {
    return provider
        .tuple(settings, inner, Direction.TRANSMIT)
        .toEither()
        .flatMap(tuple ->
            provider
                .shim(tuple, inner)
                .mapLeft(error -> (Seq<EncapError>) List.of(error))
                .map(shim -> new Layer(tuple, shim, provider.encap(tuple.carrier()))));
  }

  @Override
  public String toString() {
    return provider.name() + " " + settings.values().mkString(" ") + " carrying " + inner;
  }
}
