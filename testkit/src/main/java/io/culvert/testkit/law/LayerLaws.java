package io.culvert.testkit.law;

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

/**
 * The laws of one layer: what a provider pushes and what it matches.
 *
 * <p>A payload is an inner packet of the subject's inner type. Other bytes are what a network may
 * bring behind the subject's carrier: anything.
 */
public final class LayerLaws {
  private static final int[] FILLS = {0x00, 0xa5, 0xff};
  private static final Place ALONE = new Place(0, 0, 0);

  private LayerLaws() {}

  /** Runs a check on the subject's layer; a subject that cannot be set up breaks the law. */
  static Option<Violation> with(
      Law law, EncapSubject subject, Function<Layer, Option<Violation>> check) {
    Either<Seq<EncapError>, Layer> layer = subject.layer();
    if (layer.isLeft()) {
      return Option.some(
          Violation.byText(
              law,
              subject.toString(),
              "settings that work",
              layer.getLeft().map(EncapError::message).mkString("; "),
              "the law needs a layer to judge"));
    }
    Option<String> problem = PlainPatches.problem(layer.get().shim());
    return problem.isEmpty()
        ? check.apply(layer.get())
        : Option.some(
            Violation.byText(
                law,
                subject.toString(),
                "patches and checks within the shim, over bytes that are zero",
                problem.get(),
                "EncapProvider.shim"));
  }

  /**
   * Law 1: what was pushed is matched, with its words, shim length and inner type; the payload
   * behind it is untouched, and the checks of receipt accept it.
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
          return roundTrip(subject, layer, packet, payload, answer);
        });
  }

  private static Option<Violation> roundTrip(
      EncapSubject subject, Layer layer, byte[] packet, byte[] payload, Answer answer) {
    long hit =
        Match.hit(layer.shim().length(), subject.inner().namespace(), subject.inner().number());
    boolean matched =
        answer.thrown().isEmpty()
            && Match.isHit(answer.code())
            && (answer.code() & 0xff_ffff_ffffL) == hit;
    if (!matched || !answer.keptKey()) {
      return violation(
          Law.ROUND_TRIP, subject, packet, Match.describe(hit), answer, "the result of match");
    }
    if (!answer.words().equals(List.ofAll(layer.tuple().words()))) {
      return violation(
          Law.ROUND_TRIP,
          subject,
          packet,
          "words " + MatchProbe.text(layer.tuple().words()),
          answer,
          "the words that match adds are those of the tuple, in its order");
    }
    int from = Match.shimLength(answer.code());
    int to = packet.length - Match.trailerLength(answer.code());
    if (!Arrays.equals(packet, from, to, payload, 0, payload.length)) {
      return violation(
          Law.ROUND_TRIP, subject, packet, Violation.hex(payload), answer, "the payload");
    }
    return PlainPatches.failed(layer.shim(), packet)
        .flatMap(check ->
            violation(
                Law.ROUND_TRIP,
                subject,
                packet,
                "a packet that passes the shim's own checks",
                answer,
                check + " refuses it: patches and checks of the shim do not agree"));
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
                String where = length + " of " + layer.shim().length() + " bytes of the shim";
                return violation(Law.PREFIX, subject, prefix, "TRUNCATED", answer, where);
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
  public static Option<Violation> law03TheEndIsTheEnd(EncapSubject subject, byte[] bytes) {
    return with(
        Law.END,
        subject,
        layer -> {
          MatchProbe probe = new MatchProbe(layer.encap());
          Answer alone = probe.ask(bytes, ALONE);
          if (!alone.thrown().isEmpty()) {
            String hint = "a read outside of at..end, or an exception of its own";
            return violation(Law.END, subject, bytes, "an answer", alone, hint);
          }
          for (int fill : FILLS) {
            Answer inside = probe.ask(bytes, new Place(32, 64, fill));
            if (!inside.sameAs(alone)) {
              String hint =
                  String.format(
                      "with bytes 0x%02x around: a read in front of at, or behind end", fill);
              return violation(Law.END, subject, bytes, alone.text(), inside, hint);
            }
          }
          return Option.none();
        });
  }

  /** Law 4: any bytes give one of the codes, or a hit that fits; never an exception. */
  public static Option<Violation> law04AnyBytesGiveACodeOrAHitThatFits(
      EncapSubject subject, byte[] bytes, int at) {
    return with(
        Law.TOTAL,
        subject,
        layer -> {
          Answer answer = new MatchProbe(layer.encap()).ask(bytes, new Place(at, 0, 0xa5));
          String hint = unfit(answer, bytes.length);
          return hint.isEmpty()
              ? Option.none()
              : violation(
                  Law.TOTAL,
                  subject,
                  bytes,
                  "a code of Match, or a hit within " + bytes.length + " bytes",
                  answer,
                  hint);
        });
  }

  private static String unfit(Answer answer, int length) {
    long code = answer.code();
    if (!answer.thrown().isEmpty() || !answer.keptKey()) {
      return answer.keptKey() ? "an exception" : "match may only add words to the key";
    }
    if (!Match.isHit(code)) {
      return code >= Match.MALFORMED ? "" : "no code that Match names";
    }
    boolean fits = Match.shimLength(code) + Match.trailerLength(code) <= length;
    return !fits
        ? "shim and trailer are longer than the packet"
        : Match.namespace(code) == 0 || code >>> 48 != 0 ? "a hit is made by Match.hit" : "";
  }

  /** Law 10: the same bytes give the same answer at any place in memory. */
  public static Option<Violation> law10PositionDoesNotMatter(EncapSubject subject, byte[] bytes) {
    return with(
        Law.POSITION,
        subject,
        layer -> {
          MatchProbe probe = new MatchProbe(layer.encap());
          Answer first = probe.ask(bytes, ALONE);
          for (int front = 1; front <= 65; front += front < 9 ? 1 : 8) {
            Answer answer = probe.ask(bytes, new Place(front, 0, 0));
            if (!answer.sameAs(first)) {
              String hint = "at offset " + front + " in place of 0";
              return violation(Law.POSITION, subject, bytes, first.text(), answer, hint);
            }
          }
          return Option.none();
        });
  }

  /**
   * Law 10, in time: the same bytes give the same answer whatever was matched before, and a carrier
   * has one receive side.
   *
   * @param packets what comes in, in this order and then backwards
   */
  public static Option<Violation> law10ThePastDoesNotMatter(
      EncapSubject subject, Seq<byte[]> packets) {
    return with(
        Law.POSITION,
        subject,
        layer -> {
          MatchProbe probe = new MatchProbe(layer.encap());
          Seq<Answer> first = packets.map(bytes -> probe.ask(bytes, ALONE));
          for (int i = packets.size() - 1; i >= 0; i--) {
            Answer again = probe.ask(packets.get(i), ALONE);
            if (!again.sameAs(first.get(i))) {
              String hint =
                  "asked again after " + (packets.size() - 1 - i) + " others: it keeps state";
              return violation(
                  Law.POSITION, subject, packets.get(i), first.get(i).text(), again, hint);
            }
          }
          return sameReceiveSide(subject, layer);
        });
  }

  @SuppressWarnings("ReferenceEquality") // The same object is what the SPI asks for.
  private static Option<Violation> sameReceiveSide(EncapSubject subject, Layer layer) {
    return subject.provider().encap(layer.tuple().carrier()) == layer.encap()
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.POSITION,
                subject.toString(),
                "the same object each time",
                "another one",
                "EncapProvider.encap(" + layer.tuple().carrier() + ")"));
  }

  /** Law 11: matching changes no byte, neither of the packet nor around it. */
  public static Option<Violation> law11MatchReadsOnly(EncapSubject subject, byte[] bytes) {
    return with(
        Law.READ_ONLY,
        subject,
        layer -> {
          Answer answer = new MatchProbe(layer.encap()).ask(bytes, new Place(16, 16, 0xa5));
          String hint = "byte " + (answer.changed() - 16) + ", counted from the shim, was written";
          return answer.changed() < 0
              ? Option.none()
              : violation(Law.READ_ONLY, subject, bytes, "no byte changed", answer, hint);
        });
  }

  private static Option<Violation> violation(
      Law law, EncapSubject subject, byte[] bytes, String expected, Answer got, String hint) {
    return Option.some(Violation.byPacket(law, subject, bytes, expected, got.text(), hint));
  }
}
