package io.culvert.testkit.law;

import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.Match;
import io.culvert.testkit.law.EncapSubject.Layer;
import io.culvert.testkit.law.MatchProbe.Answer;
import io.culvert.testkit.law.MatchProbe.Place;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.Function;

/** The laws of one layer: what a provider pushes and what it matches. */
public final class LayerLaws {
  private static final int[] FILLS = {0x00, 0xa5, 0xff};

  private LayerLaws() {}

  private static Option<Violation> with(
      Law law, EncapSubject subject, Function<Layer, Option<Violation>> check) {
    Either<Seq<EncapError>, Layer> layer = subject.layer();
    return layer.isRight()
        ? check.apply(layer.get())
        : Option.some(
            Violation.byText(
                law,
                subject.toString(),
                "settings that work",
                layer.getLeft().map(EncapError::message).mkString("; "),
                "the law needs a layer to judge"));
  }

  private static Option<Violation> violation(
      Law law, byte[] bytes, String expected, Answer got, String hint) {
    return Option.some(Violation.byBytes(law, bytes, expected, got.text(), hint));
  }

  /**
   * Law 1: what was pushed is matched, with its words, shim length and inner type; the payload
   * behind it is untouched.
   *
   * @param payload an inner packet of the subject's inner type
   * @param at where the shim lies
   */
  public static Option<Violation> law01RoundTrip(EncapSubject subject, byte[] payload, int at) {
    return with(
        Law.ROUND_TRIP,
        subject,
        layer -> {
          byte[] packet = layer.push(payload);
          Answer answer = new MatchProbe(layer.encap()).ask(packet, new Place(at, 16, 0xa5));
          long hit =
              Match.hit(
                  layer.shim().length(), subject.inner().namespace(), subject.inner().number());
          boolean matched =
              answer.thrown().isEmpty()
                  && Match.isHit(answer.code())
                  && (answer.code() & 0xff_ffff_ffffL) == hit;
          if (!matched || !answer.keptKey()) {
            return violation(
                Law.ROUND_TRIP, packet, Match.describe(hit), answer, "the result of match");
          }
          if (!answer.words().equals(List.ofAll(layer.tuple().words()))) {
            return violation(
                Law.ROUND_TRIP,
                packet,
                "words " + layer.tuple().words().mkString("[", ",", "]"),
                answer,
                "the words that match adds are those of the tuple, in its order");
          }
          int from = Match.shimLength(answer.code());
          int to = packet.length - Match.trailerLength(answer.code());
          return Arrays.equals(packet, from, to, payload, 0, payload.length)
              ? Option.none()
              : violation(Law.ROUND_TRIP, packet, Violation.hex(payload), answer, "the payload");
        });
  }

  /**
   * Law 2: every strict prefix of a shim is truncated; for a shim of no bytes, an empty payload is.
   */
  public static Option<Violation> law02EveryPrefixIsTruncated(
      EncapSubject subject, byte[] payload) {
    return with(
        Law.PREFIX,
        subject,
        layer -> {
          byte[] packet = layer.push(payload);
          MatchProbe probe = new MatchProbe(layer.encap());
          for (int length = 0; length < Math.max(1, layer.shim().length()); length++) {
            // Once with the rest of the shim behind the end, once with the memory's end there.
            byte[] prefix = Arrays.copyOf(packet, length);
            for (Answer answer :
                List.of(
                    probe.ask(packet, length, new Place(3, 8, 0)),
                    probe.ask(prefix, new Place(3, 0, 0)))) {
              if (answer.code() != Match.TRUNCATED || !answer.thrown().isEmpty()) {
                return violation(
                    Law.PREFIX,
                    prefix,
                    "TRUNCATED",
                    answer,
                    length + " of " + layer.shim().length() + " bytes of the shim");
              }
            }
          }
          return Option.none();
        });
  }

  /**
   * Law 3: the end given is the end. The same bytes give the same answer whatever lies around them,
   * also if nothing does.
   */
  public static Option<Violation> law03TheEndIsTheEnd(Encap encap, byte[] bytes) {
    MatchProbe probe = new MatchProbe(encap);
    Answer alone = probe.ask(bytes, new Place(0, 0, 0));
    if (!alone.thrown().isEmpty()) {
      return violation(
          Law.END, bytes, "an answer", alone, "a read outside the range, or an exception");
    }
    for (int fill : FILLS) {
      Answer inside = probe.ask(bytes, new Place(32, 64, fill));
      if (!inside.sameAs(alone)) {
        return violation(
            Law.END, bytes, alone.text(), inside, "with bytes 0x" + fill(fill) + " around");
      }
    }
    return Option.none();
  }

  private static String fill(int fill) {
    return Integer.toHexString(fill);
  }

  /** Law 4: any bytes give one of the codes, or a hit that fits; never an exception. */
  public static Option<Violation> law04AnyBytesGiveACodeOrAHitThatFits(
      Encap encap, byte[] bytes, int at) {
    Answer answer = new MatchProbe(encap).ask(bytes, new Place(at, 0, 0xa5));
    if (!answer.thrown().isEmpty() || !answer.keptKey()) {
      return violation(Law.TOTAL, bytes, "no exception, words only added", answer, "");
    }
    if (!Match.isHit(answer.code())) {
      return answer.code() >= Match.MALFORMED
          ? Option.none()
          : violation(Law.TOTAL, bytes, "one of the codes of Match", answer, "");
    }
    int taken = Match.shimLength(answer.code()) + Match.trailerLength(answer.code());
    boolean fits = taken <= bytes.length && Match.namespace(answer.code()) != 0;
    return fits && answer.code() >>> 48 == 0
        ? Option.none()
        : violation(
            Law.TOTAL, bytes, "a hit within " + bytes.length + " bytes", answer, "its lengths");
  }

  /** Law 10: the same bytes give the same answer at any place in memory. */
  public static Option<Violation> law10PositionDoesNotMatter(Encap encap, byte[] bytes) {
    MatchProbe probe = new MatchProbe(encap);
    Answer first = probe.ask(bytes, new Place(0, 0, 0));
    for (int front = 1; front <= 65; front += front < 9 ? 1 : 8) {
      Answer answer = probe.ask(bytes, new Place(front, 0, 0));
      if (!answer.sameAs(first)) {
        return violation(Law.POSITION, bytes, first.text(), answer, "at offset " + front);
      }
    }
    return Option.none();
  }

  /** Law 11: matching changes no byte, neither of the packet nor around it. */
  public static Option<Violation> law11MatchReadsOnly(Encap encap, byte[] bytes) {
    Answer answer = new MatchProbe(encap).ask(bytes, new Place(16, 16, 0xa5));
    return answer.changed() < 0
        ? Option.none()
        : violation(
            Law.READ_ONLY,
            bytes,
            "no byte changed",
            answer,
            "byte " + (answer.changed() - 16) + ", counted from the shim, was written");
  }
}
