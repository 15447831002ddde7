package io.culvert.encap.ipip;

import static io.culvert.encap.ipip.IpipFixture.REGISTRY;
import static io.culvert.encap.ipip.IpipFixture.config;
import static io.culvert.encap.ipip.IpipFixture.holds;

import io.culvert.flowtable.MatchMode;
import io.culvert.spi.Settings;
import io.culvert.testkit.gen.Frames;
import io.culvert.testkit.law.HeadroomLaw;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.PeerLaws;
import io.culvert.testkit.law.StackLaws;
import io.culvert.testkit.law.TunnelStack;
import io.vavr.collection.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The laws of stacks, for IPIP over IPIP, one to eight layers. */
class IpipStackProperties {
  private static final int MOST = 8;
  private static final int TRIES = 100;

  /** Attributes of a tunnel without its ends. */
  static Arbitrary<Settings> layers() {
    Arbitrary<Integer> ttl =
        Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(1, 254));
    Arbitrary<Integer> tos =
        Arbitraries.oneOf(
            Arbitraries.just(0), Arbitraries.just(1), Arbitraries.integers().between(0, 255));
    Arbitrary<Boolean> pmtudisc = Arbitraries.of(true, false);
    Arbitrary<String> ecn = Arbitraries.of("rfc6040", "rfc3168", "compatibility");
    return Combinators.combine(ttl, tos, pmtudisc, ecn)
        .as((ttlValue, tosValue, df, mode) -> {
          Settings settings = Settings.of("ipip").with("tos", tosValue).with("ecn", mode);
          return ttlValue == 0
              ? settings.with("pmtudisc", df)
              : settings.with("ttl", ttlValue.longValue());
        });
  }

  @Provide
  Arbitrary<TunnelStack> stacks() {
    return layers().list().ofMinSize(1).ofMaxSize(MOST).map(l -> new TunnelStack(List.ofAll(l)));
  }

  @Provide
  Arbitrary<HostPacket> packets() {
    return Frames.hostPackets();
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law08_paddingIsNotPayload(
      @ForAll("stacks") TunnelStack stack, @ForAll("packets") HostPacket packet) {
    holds(StackLaws.law08PaddingIsNotPayload(stack, packet, REGISTRY, config(MatchMode.EXACT)));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law09_dirtyHeadroomNeverShows(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll @IntRange(max = 63) int misalign) {
    holds(
        HeadroomLaw.law09DirtyHeadroomNeverShows(
            stack, packet, misalign, REGISTRY, config(MatchMode.EXACT)));
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 300)
  void required_law13_overheadsAdd(
      @ForAll("stacks") TunnelStack stack, @ForAll @IntRange(max = MOST) int cut) {
    holds(StackLaws.law13OverheadsAdd(stack, cut % (stack.depth() + 1), REGISTRY));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law13_templatesCompose(
      @ForAll("stacks") TunnelStack stack,
      @ForAll @IntRange(max = MOST) int cut,
      @ForAll("packets") HostPacket packet) {
    // The inner part must leave a header for the outer part to wrap.
    holds(
        StackLaws.law13TemplatesCompose(
            stack, cut % stack.depth(), packet, REGISTRY, config(MatchMode.EXACT)));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law14_theReverseOfTheReverseIsTheIdentity(
      @ForAll("stacks") TunnelStack stack, @ForAll MatchMode mode) {
    holds(StackLaws.law14OffersMirror(stack, REGISTRY, config(mode)));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law15_anIndependentParserAcceptsWhatWasPushed(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode) {
    holds(PeerLaws.law15IndependentParserAccepts(stack, packet, REGISTRY, config(mode)));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law16_pushAndPopUndoEachOther(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode) {
    holds(PeerLaws.law16PushAndPopUndoEachOther(stack, packet, REGISTRY, config(mode)));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law20_flowsOutOfTunnelsAreHit(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode) {
    holds(PeerLaws.law20FlowsOutOfTunnelsAreHit(stack, packet, REGISTRY, config(mode)));
  }
}
