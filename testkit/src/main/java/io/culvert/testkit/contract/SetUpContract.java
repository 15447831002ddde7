package io.culvert.testkit.contract;

import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.InnerType;
import io.culvert.spi.Sample;
import io.culvert.testkit.gen.SettingsArbitraries;
import io.culvert.testkit.law.AllocationLaw;
import io.culvert.testkit.law.GoldenVector;
import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.MirrorLaw;
import io.culvert.testkit.law.SetUpLaws;
import io.culvert.testkit.law.ShimBits;
import io.culvert.testkit.law.TransitLaw;
import io.culvert.testkit.law.VectorLaw;
import io.culvert.testkit.law.Violation;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/**
 * What a provider's test states about it, and the laws of its set-up and of packets from elsewhere,
 * bound to jqwik. A provider's test extends {@link EncapContract}.
 */
public abstract class SetUpContract {
  private final LawLedger ledger = LawLedger.of(getClass());

  /** For {@link EncapContract}. */
  SetUpContract() {}

  /** The provider under test. */
  protected abstract EncapProvider provider();

  /**
   * What each bit of a shim is for, as the protocol's standard says: not as the provider's code
   * does. {@link ShimBits#NONE} for a protocol without header of its own.
   *
   * @param sample settings of a device that works, and what is carried
   */
  protected abstract ShimBits bits(Sample sample);

  /**
   * The bits of a direction's shim, for a protocol whose directions can differ, as with one key in
   * and another out; without a word the same for both.
   */
  protected ShimBits bits(Sample sample, Direction direction) {
    return bits(sample);
  }

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

  /** Takes something down that the report shows. */
  final void ledger(String note) {
    ledger.note(note);
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

  /** Law 12. */
  @Example
  public final void required_law12_goldenVectors() {
    for (GoldenVector vector : vectors()) {
      ShimBits bits = bits(new Sample(vector.settings(), vector.inner()), vector.direction());
      holds(Law.VECTORS, VectorLaw.law12GoldenVector(provider(), vector, bits));
    }
  }

  /** Law 14, one layer. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  public final void required_law14_directionsMirror(@ForAll("anySamples") Sample sample) {
    byte[] payload = Subjects.payload(sample.inner());
    holds(Law.MIRROR, MirrorLaw.law14DirectionsMirror(provider(), sample, payload));
  }

  /** Law 14, the other end. */
  @Example
  public final void required_law14_theOtherEndIsSomebody() {
    samples()
        .forEach(
            sample -> holds(Law.MIRROR, MirrorLaw.law14TheOtherEndIsSomebody(provider(), sample)));
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

  /** Law 18: what may pass through. */
  @Example
  public final void required_law18_transitIsOfItsOwnPackets() {
    holds(Law.REFUSAL, TransitLaw.law18TransitIsOfItsOwnPackets(provider(), samples()));
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
