package io.culvert.testkit.law;

import io.culvert.spi.Match;
import io.culvert.spi.RxCheck;
import io.culvert.testkit.law.EncapSubject.Layer;
import io.culvert.testkit.law.MatchProbe.Answer;
import io.culvert.testkit.law.MatchProbe.Place;
import io.culvert.testkit.law.ShimBits.Kind;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * The laws of a shim's bits: what turning one over does. They judge against {@link ShimBits}, which
 * the test states by itself; each takes every single bit of its kind, and one set of several.
 */
public final class BitLaws {
  private static final Place PLACE = new Place(5, 7, 0xa5);

  private BitLaws() {}

  /**
   * Law 5: turning a guard bit over refuses the packet: {@code match} does, or a check of bits of
   * the layer ({@link io.culvert.spi.RxCheck.Bits}).
   *
   * @param payload an inner packet of the subject's inner type
   * @param choice bits of the shim; the guard bits among them are turned over together, too
   */
  public static Option<Violation> law05GuardBitsGuard(
      EncapSubject subject, byte[] payload, byte[] choice) {
    return flips(
        Law.GUARD,
        subject,
        payload,
        Kind.GUARD,
        choice,
        (_, packet, answer, where) ->
            answer.thrown().isEmpty() && (!Match.isHit(answer.code()) || answer.failsCheck())
                ? Option.none()
                : violation(Law.GUARD, subject, packet, "a refusal", answer, where));
  }

  /**
   * Law 6: turning an identity bit over gives another tuple, a different one for each bit; what
   * stands behind the shim stays the same. A value that the protocol reserves may be refused.
   *
   * @param payload an inner packet of the subject's inner type
   * @param choice bits of the shim; the identity bits among them are turned over together, too
   */
  public static Option<Violation> law06IdentityBitsTell(
      EncapSubject subject, byte[] payload, byte[] choice) {
    Map<Seq<Long>, String> seen = new HashMap<>();
    return flips(
        Law.IDENTITY,
        subject,
        payload,
        Kind.IDENTITY,
        choice,
        (original, packet, answer, where) -> {
          seen.putIfAbsent(original.words(), "nothing turned over");
          if (answer.thrown().isEmpty() && !Match.isHit(answer.code())) {
            return Option.none();
          }
          @org.jspecify.annotations.Nullable String twin = seen.putIfAbsent(answer.words(), where);
          return answer.thrown().isEmpty() && answer.code() == original.code() && twin == null
              ? Option.none()
              : violation(
                  Law.IDENTITY,
                  subject,
                  packet,
                  Match.describe(original.code()) + " with words of its own",
                  answer,
                  where + (twin == null ? "" : ": the same words as with " + twin));
        });
  }

  /**
   * Law 7: turning a free bit over changes nothing, and passes the layer's checks of bits.
   *
   * @param payload an inner packet of the subject's inner type
   * @param choice bits of the shim; the free bits among them are turned over together, too
   */
  public static Option<Violation> law07FreeBitsAreFree(
      EncapSubject subject, byte[] payload, byte[] choice) {
    return flips(
        Law.FREE,
        subject,
        payload,
        Kind.FREE,
        choice,
        (original, packet, answer, where) ->
            answer.answer().sameAs(original) && !answer.failsCheck()
                ? Option.none()
                : violation(Law.FREE, subject, packet, original.text(), answer, where));
  }

  /** Law 6, the inner type: turning a type bit over gives another inner type, or is refused. */
  public static Option<Violation> law06TypeBitsTell(
      EncapSubject subject, byte[] payload, byte[] choice) {
    return flips(
        Law.IDENTITY,
        subject,
        payload,
        Kind.TYPE,
        choice,
        (original, packet, answer, where) -> {
          boolean isOther =
              !Match.isHit(answer.code())
                  || !Match.innerType(answer.code()).equals(Match.innerType(original.code()));
          return answer.thrown().isEmpty() && isOther
              ? Option.none()
              : violation(
                  Law.IDENTITY, subject, packet, "another inner type, or a refusal", answer, where);
        });
  }

  /**
   * Law 6, flags: turning over a bit that tells which fields follow gives other words, or is
   * refused; the shim's length may be another one.
   */
  public static Option<Violation> law06FormBitsTell(
      EncapSubject subject, byte[] payload, byte[] choice) {
    return flips(
        Law.IDENTITY,
        subject,
        payload,
        Kind.FORM,
        choice,
        (original, packet, answer, where) -> {
          boolean isOther = !Match.isHit(answer.code()) || !answer.words().equals(original.words());
          return answer.thrown().isEmpty() && isOther
              ? Option.none()
              : violation(
                  Law.IDENTITY, subject, packet, "other words, or a refusal", answer, where);
        });
  }

  /**
   * Law 6, between devices: two shims that differ in more than free, derived and type bits belong
   * to two tuples. So an absent key is another word than key 0.
   *
   * @param one a layer
   * @param other a layer of the same provider and direction
   */
  public static Option<Violation> law06OtherShimsOtherTuples(EncapSubject one, EncapSubject other) {
    return LayerLaws.with(
        Law.IDENTITY,
        one,
        mine ->
            LayerLaws.with(
                Law.IDENTITY,
                other,
                theirs ->
                    isSame(one, mine, other, theirs)
                            || !mine.tuple().words().equals(theirs.tuple().words())
                            || !mine.tuple().carrier().equals(theirs.tuple().carrier())
                        ? Option.none()
                        : Option.some(
                            Violation.byText(
                                Law.IDENTITY,
                                one + "\n" + other,
                                "other words for another shim: "
                                    + Violation.hex(mine.shim().bytes())
                                    + " and "
                                    + Violation.hex(theirs.shim().bytes()),
                                "words " + MatchProbe.text(mine.tuple().words()) + " for both",
                                "EncapProvider.tuple; an absent key is another word than key 0"))));
  }

  /** True if two shims are of one length, and the bits that tell in both are the same. */
  private static boolean isSame(EncapSubject one, Layer mine, EncapSubject other, Layer theirs) {
    byte[] ours = mine.shim().bytes();
    byte[] others = theirs.shim().bytes();
    Seq<Integer> both = telling(one).filter(telling(other)::contains);
    return ours.length == others.length
        && both.filter(bit -> bit / 8 < ours.length)
            .forAll(bit -> ShimBits.isSet(ours, bit) == ShimBits.isSet(others, bit));
  }

  /** The bits of a shim that tell whose it is. */
  private static Seq<Integer> telling(EncapSubject subject) {
    ShimBits layout = subject.bits().getOrElse(ShimBits.NONE);
    return layout
        .bits(Kind.GUARD)
        .appendAll(layout.bits(Kind.IDENTITY))
        .appendAll(layout.bits(Kind.FORM));
  }

  /**
   * What a receive side says about a packet, and the check of bits that it does not pass.
   *
   * @param answer the answer of match
   * @param failed the check
   */
  private record Judged(Answer answer, Option<RxCheck> failed) {
    long code() {
      return answer.code();
    }

    Seq<Long> words() {
      return answer.words();
    }

    String thrown() {
      return answer.thrown();
    }

    boolean failsCheck() {
      return failed.isDefined();
    }

    String text() {
      return answer.text() + failed.map(check -> ", and fails " + check).getOrElse("");
    }
  }

  /** Judges the answer about a packet with bits turned over. */
  @FunctionalInterface
  private interface Judge {
    Option<Violation> of(Answer original, byte[] packet, Judged answer, String where);
  }

  private static Option<Violation> flips(
      Law law, EncapSubject subject, byte[] payload, Kind kind, byte[] choice, Judge judge) {
    return LayerLaws.with(
        law,
        subject,
        layer -> {
          ShimBits bits = subject.bits().getOrElse(ShimBits.NONE);
          if (bits.length() != layer.shim().length()) {
            return Option.some(
                Violation.byText(
                    law,
                    subject + "\nbits: " + bits,
                    layer.shim().length() + " bytes, as the shim has",
                    bits.length() + " bytes",
                    "the layout that the test states, or the shim"));
          }
          return flips(layer, bits, payload, kind, choice, judge);
        });
  }

  private static Option<Violation> flips(
      Layer layer, ShimBits bits, byte[] payload, Kind kind, byte[] choice, Judge judge) {
    MatchProbe probe = new MatchProbe(layer.encap());
    byte[] packet = layer.push(payload);
    Answer original = probe.ask(packet, PLACE);
    byte[] together = packet;
    Seq<Integer> chosen =
        bits.bits(kind).filter(bit -> bit / 8 < choice.length && ShimBits.isSet(choice, bit));
    for (int bit : bits.bits(kind)) {
      byte[] flipped = ShimBits.flip(packet, bit);
      Option<Violation> found =
          judge.of(
              original, flipped, judged(layer, probe, flipped), bits.place(bit) + " turned over");
      if (found.isDefined()) {
        return found;
      }
      together = chosen.contains(bit) ? ShimBits.flip(together, bit) : together;
    }
    return chosen.size() < 2
        ? Option.none()
        : judge.of(
            original,
            together,
            judged(layer, probe, together),
            chosen.map(bits::place).mkString(", ") + " turned over together");
  }

  private static Judged judged(Layer layer, MatchProbe probe, byte[] packet) {
    return new Judged(probe.ask(packet, PLACE), PlainPatches.wrongBits(layer.checks(), packet));
  }

  private static Option<Violation> violation(
      Law law, EncapSubject subject, byte[] packet, String expected, Judged got, String where) {
    return Option.some(Violation.byPacket(law, subject, packet, expected, got.text(), where));
  }
}
