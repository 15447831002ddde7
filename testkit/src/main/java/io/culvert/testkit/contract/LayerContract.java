package io.culvert.testkit.contract;

import io.culvert.spi.Direction;
import io.culvert.testkit.law.BitLaws;
import io.culvert.testkit.law.EncapSubject;
import io.culvert.testkit.law.ExhaustiveLaw;
import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.LayerLaws;
import io.culvert.testkit.law.LengthLaws;
import io.culvert.testkit.law.ShimBits;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of one layer, bound to jqwik; a provider's test extends {@link EncapContract}. */
public abstract class LayerContract extends SetUpContract {
  /** For {@link EncapContract}. */
  LayerContract() {}

  @Provide
  Arbitrary<Integer> lengths() {
    return Subjects.lengths();
  }

  /** Law 1. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law01_whatIsPushedIsMatched(
      @ForAll("packets") Packet packet, @ForAll @IntRange(max = 100) int at) {
    holds(Law.ROUND_TRIP, LayerLaws.law01RoundTrip(packet.subject(), packet.payload(), at));
  }

  /** Law 2. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law02_everyStrictPrefixIsTruncated(@ForAll("packets") Packet packet) {
    holds(Law.PREFIX, LayerLaws.law02EveryPrefixIsTruncated(packet.subject(), packet.payload()));
  }

  /** Law 3. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law03_theEndIsTheEnd(@ForAll("received") Received received) {
    holds(Law.END, LayerLaws.law03TheEndIsTheEnd(received.subject(), received.bytes()));
  }

  /** Law 4. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law04_anyBytesGiveACodeOrAHitThatFits(
      @ForAll("received") Received received, @ForAll @IntRange(max = 100) int at) {
    holds(
        Law.TOTAL,
        LayerLaws.law04AnyBytesGiveACodeOrAHitThatFits(received.subject(), received.bytes(), at));
  }

  /** Law 5. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law05_guardBitsGuard(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.GUARD, ShimBits.Kind.GUARD)) {
      holds(Law.GUARD, BitLaws.law05GuardBitsGuard(packet.subject(), packet.payload(), choice));
    }
  }

  /** Law 6. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law06_identityBitsTell(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.IDENTITY, ShimBits.Kind.IDENTITY)) {
      holds(
          Law.IDENTITY, BitLaws.law06IdentityBitsTell(packet.subject(), packet.payload(), choice));
    }
  }

  /** Law 6, between devices. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law06_otherShimsOtherTuples(
      @ForAll("packets") Packet one, @ForAll("packets") Packet other) {
    if (one.subject().direction() == other.subject().direction()) {
      holds(Law.IDENTITY, BitLaws.law06OtherShimsOtherTuples(one.subject(), other.subject()));
    }
  }

  /** Law 6, between devices: every sample beside every other, whatever chance brings. */
  @Example
  public final void required_law06_otherSamplesOtherTuples() {
    for (Direction direction : Direction.values()) {
      Seq<EncapSubject> subjects = Subjects.each(provider(), samples(), direction, this::bits);
      subjects
          .crossProduct()
          .forEach(
              pair -> holds(Law.IDENTITY, BitLaws.law06OtherShimsOtherTuples(pair._1, pair._2)));
    }
  }

  /** Law 6, the inner type. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law06_typeBitsTell(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.IDENTITY, ShimBits.Kind.TYPE)) {
      holds(Law.IDENTITY, BitLaws.law06TypeBitsTell(packet.subject(), packet.payload(), choice));
    }
  }

  /** Law 6, flags. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law06_formBitsTell(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.IDENTITY, ShimBits.Kind.FORM)) {
      holds(Law.IDENTITY, BitLaws.law06FormBitsTell(packet.subject(), packet.payload(), choice));
    }
  }

  /** Law 6, all values, of every form of the shim that a sample has. */
  @Example
  public final void required_law06_everyValueTells() {
    for (EncapSubject subject : Subjects.forms(provider(), samples(), this::bits)) {
      byte[] payload = Subjects.payload(subject.inner());
      holds(Law.IDENTITY, ExhaustiveLaw.law06EveryValueTells(subject, payload));
    }
  }

  /** Law 7. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law07_freeBitsAreFree(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.FREE, ShimBits.Kind.FREE)) {
      holds(Law.FREE, BitLaws.law07FreeBitsAreFree(packet.subject(), packet.payload(), choice));
    }
  }

  private boolean has(Packet packet, Law law, ShimBits.Kind kind) {
    boolean has = packet.subject().bits().exists(bits -> bits.bits(kind).nonEmpty());
    if (!has) {
      String shim = "a shim of " + packet.subject().settings().linkType() + " without ";
      nothing(law, shim + kind.name().toLowerCase(Locale.ROOT) + " bits");
    }
    return has;
  }

  /** Law 8, one layer. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law08_paddingIsNoPayload(
      @ForAll("packets") Packet packet, @ForAll @IntRange(min = 1, max = 255) int padding) {
    holds(
        Law.PADDING,
        LengthLaws.law08PaddingIsNoPayload(packet.subject(), packet.payload(), padding));
  }

  /** Law 8, lengths that are not the packet's. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law08_theLengthTells(
      @ForAll("packets") Packet packet, @ForAll("lengths") int length) {
    holds(Law.PADDING, LengthLaws.law08TheLengthTells(packet.subject(), packet.payload(), length));
  }

  /** Law 10. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law10_positionDoesNotMatter(@ForAll("received") Received received) {
    holds(Law.POSITION, LayerLaws.law10PositionDoesNotMatter(received.subject(), received.bytes()));
  }

  /** Law 10, in time. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  public final void required_law10_thePastDoesNotMatter(
      @ForAll @Size(min = 2, max = 12) java.util.List<@From("received") Received> received) {
    holds(
        Law.POSITION,
        LayerLaws.law10ThePastDoesNotMatter(
            received.getFirst().subject(), List.ofAll(received).map(Received::bytes)));
  }

  /** Law 11. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law11_matchReadsOnly(@ForAll("received") Received received) {
    holds(Law.READ_ONLY, LayerLaws.law11MatchReadsOnly(received.subject(), received.bytes()));
  }
}
