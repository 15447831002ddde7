package io.culvert.testkit.law;

import io.culvert.spi.Match;
import io.culvert.spi.Patch;
import io.culvert.testkit.law.EncapSubject.Layer;
import io.culvert.testkit.law.MatchProbe.Answer;
import io.culvert.testkit.law.MatchProbe.Place;
import io.vavr.control.Option;
import java.util.Arrays;

/** Law 8 of one layer: what a shim says about its length is what counts. */
public final class LengthLaws {
  private static final int MOST_TRAILER = 255;
  private static final Place PLACE = new Place(8, 8, 0xa5);

  private LengthLaws() {}

  /**
   * Law 8, one layer: bytes behind a packet whose shim tells its length are a trailer, or the
   * packet is refused; without a length nothing is known to be padding.
   *
   * @param padding number of bytes behind the packet, 1..255
   */
  public static Option<Violation> law08PaddingIsNoPayload(
      EncapSubject subject, byte[] payload, int padding) {
    return LayerLaws.with(
        Law.PADDING,
        subject,
        layer -> {
          byte[] packet = layer.push(payload);
          byte[] padded = Arrays.copyOf(packet, packet.length + padding);
          Answer answer = new MatchProbe(layer.encap()).ask(padded, PLACE);
          boolean tellsLength = length(layer).isDefined();
          int expected = tellsLength ? padding : 0;
          boolean isRefused = tellsLength && !Match.isHit(answer.code());
          return isRefused
                  || (Match.isHit(answer.code()) && Match.trailerLength(answer.code()) == expected)
              ? Option.none()
              : violation(
                  subject,
                  padded,
                  "a hit with a trailer of "
                      + expected
                      + " bytes"
                      + (tellsLength ? ", or a refusal" : ""),
                  answer,
                  padding + " bytes of padding behind " + packet.length);
        });
  }

  /**
   * Law 8, one layer: a length in the shim that ends before the shim does, or behind the packet, is
   * refused; one that ends between them leaves the rest as a trailer, or is refused.
   *
   * @param value what the length field says, 0..65535; a shim without one is not judged
   */
  public static Option<Violation> law08TheLengthTells(
      EncapSubject subject, byte[] payload, int value) {
    return LayerLaws.with(
        Law.PADDING,
        subject,
        layer -> {
          Option<Patch.Length> field = length(layer);
          if (field.isEmpty()) {
            return Option.none();
          }
          byte[] packet = layer.push(payload);
          PlainFrames.put16(packet, field.get().at(), value);
          Answer answer = new MatchProbe(layer.encap()).ask(packet, PLACE);
          int trailer = packet.length - field.get().from() - value;
          boolean canBe =
              trailer >= 0
                  && trailer <= MOST_TRAILER
                  && packet.length - trailer >= layer.shim().length();
          boolean isRefused = answer.thrown().isEmpty() && !Match.isHit(answer.code());
          return isRefused || (canBe && Match.trailerLength(answer.code()) == trailer)
              ? Option.none()
              : violation(
                  subject,
                  packet,
                  canBe ? "a hit with a trailer of " + trailer + " bytes" : "a refusal",
                  answer,
                  "the length field says "
                      + value
                      + ", of a packet of "
                      + packet.length
                      + " bytes");
        });
  }

  private static Option<Patch.Length> length(Layer layer) {
    return layer
        .shim()
        .patches()
        .find(Patch.Length.class::isInstance)
        .map(Patch.Length.class::cast);
  }

  private static Option<Violation> violation(
      EncapSubject subject, byte[] bytes, String expected, Answer got, String hint) {
    return Option.some(Violation.byPacket(Law.PADDING, subject, bytes, expected, got.text(), hint));
  }
}
