package io.culvert.testkit.contract;

import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.gen.SettingsArbitraries;
import io.culvert.testkit.law.AllocationLaw;
import io.culvert.testkit.law.BitLaws;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.LayerLaws;
import io.culvert.testkit.law.SetUpLaws;
import io.culvert.testkit.law.ShimBits;
import io.culvert.testkit.law.VectorLaw;
import io.culvert.testkit.law.Violation;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
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
public abstract class LayerContract {
  private final LawLedger ledger = LawLedger.of(getClass());

  /** For {@link EncapContract}. */
  LayerContract() {}

  /** The provider under test. */
  protected abstract EncapProvider provider();

  /**
   * What each bit of a shim is for, as the protocol's standard says: not as the provider's code
   * does. {@link ShimBits#NONE} for a protocol without header of its own.
   *
   * @param sample settings of a device that works, and what is carried
   */
  protected abstract ShimBits bits(Sample sample);

  /** Packets from elsewhere, at least one: a standard's example, or what another system sent. */
  protected abstract Seq<GoldenVector> vectors();

  /** The provider's own samples; more can be added. */
  protected Seq<Sample> samples() {
    return provider().samples();
  }

  /** Takes a law's answer down. */
  final void holds(Law law, Option<Violation> answer) {
    ledger.holds(law, answer);
  }

  /** Takes down that a law has nothing to judge. */
  final void nothing(Law law, String why) {
    ledger.nothing(law, why);
  }

  @Provide
  Arbitrary<Sample> workingSamples() {
    return Subjects.samples(provider(), samples());
  }

  @Provide
  Arbitrary<Sample> anySamples() {
    return SettingsArbitraries.any(provider(), samples());
  }

  @Provide
  Arbitrary<Packet> packets() {
    return Subjects.packets(provider(), samples(), this::bits);
  }

  @Provide
  Arbitrary<Received> received() {
    return Subjects.received(packets());
  }

  @Provide
  Arbitrary<InnerType> innerTypes() {
    return Subjects.innerTypes();
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

  /** Law 6, the inner type. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law06_typeBitsTell(
      @ForAll("packets") Packet packet, @ForAll @Size(64) byte[] choice) {
    if (has(packet, Law.IDENTITY, ShimBits.Kind.TYPE)) {
      holds(Law.IDENTITY, BitLaws.law06TypeBitsTell(packet.subject(), packet.payload(), choice));
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
        LayerLaws.law08PaddingIsNoPayload(packet.subject(), packet.payload(), padding));
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

  /** Law 12. */
  @Example
  public final void required_law12_goldenVectors() {
    for (GoldenVector vector : vectors()) {
      ShimBits bits = bits(new Sample(vector.settings(), vector.inner()));
      holds(Law.VECTORS, VectorLaw.law12GoldenVector(provider(), vector, bits));
    }
  }

  /** Law 14, one layer. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law14_directionsMirror(@ForAll("anySamples") Sample sample) {
    holds(Law.MIRROR, SetUpLaws.law14DirectionsMirror(provider(), sample));
  }

  /** Law 17. */
  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
  public final void required_law17_matchDoesNotAllocate(
      @ForAll @Size(8) java.util.List<@From("received") Received> received) {
    for (Received one : received) {
      holds(
          Law.ALLOCATION,
          AllocationLaw.law17MatchDoesNotAllocate(one.subject(), List.of(one.bytes())));
    }
  }

  /** Law 18: what is claimed. */
  @Example
  public final void required_law18_whatIsClaimedWorks() {
    samples().forEach(sample -> holds(Law.REFUSAL, SetUpLaws.law18SamplesWork(provider(), sample)));
    holds(Law.REFUSAL, SetUpLaws.law18EveryClaimHasASample(provider(), samples()));
  }

  /** Law 18: what is not claimed. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  public final void required_law18_whatIsNotClaimedIsRefused(
      @ForAll("workingSamples") Sample sample, @ForAll("innerTypes") InnerType inner) {
    holds(Law.REFUSAL, SetUpLaws.law18WhatIsNotClaimedIsRefused(provider(), sample, inner));
  }

  /** Law 18: numbers. */
  @Example
  public final void required_law18_numbersOutOfRangeAreRefused() {
    samples()
        .forEach(sample ->
            holds(Law.REFUSAL, SetUpLaws.law18NumbersOutOfRangeAreRefused(provider(), sample)));
  }

  /** Law 18: any settings. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law18_anySettingsAreJudged(@ForAll("anySamples") Sample sample) {
    holds(Law.REFUSAL, SetUpLaws.law18AnySettingsAreJudged(provider(), sample));
  }
}
