package io.culvert.testkit.contract;

import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Direction;
import io.culvert.spi.Sample;
import io.culvert.testkit.gen.Frames;
import io.culvert.testkit.gen.Stacks;
import io.culvert.testkit.law.DamageLaw;
import io.culvert.testkit.law.HeadroomLaw;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.Law;
import io.culvert.testkit.law.PeerLaws;
import io.culvert.testkit.law.RefusalLaw;
import io.culvert.testkit.law.Relay;
import io.culvert.testkit.law.RelayLaw;
import io.culvert.testkit.law.ShimBits;
import io.culvert.testkit.law.StackLaws;
import io.culvert.testkit.law.TunnelStack;
import io.culvert.testkit.law.Violation;
import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The laws of stacks, bound to jqwik: tunnels of the provider, and of others in the registry, over
 * each other and through the flow table. A provider's test extends {@link EncapContract}.
 */
public abstract class StackContract extends LayerContract {
  static final String NO_TUNNELS = "tunnels that the flow table cannot have yet";

  private static final int TRIES = 60;
  private static final int STACKS_FOR_REFUSALS = 200;

  /** Share of all stacks that may be refused: eight layers are often more than there is room. */
  private static final double MOST_REFUSED = 0.5;

  // Not before the subclass is complete.
  private final Lazy<EncapRegistry> registry = Lazy.of(this::registry);

  /** For {@link EncapContract}. */
  StackContract() {}

  /** The providers whose tunnels are stacked: the one under test; more can be added. */
  protected EncapRegistry registry() {
    return EncapRegistry.of(provider());
  }

  final EncapRegistry registered() {
    return registry.get();
  }

  @Provide
  Arbitrary<TunnelStack> stacks() {
    return Stacks.samples(registered()).isEmpty()
        ? Arbitraries.just(new TunnelStack(List.empty()))
        : Stacks.stacks(registered());
  }

  @Provide
  Arbitrary<TunnelStack> anyStacks() {
    return Stacks.samples(registered()).isEmpty()
        ? Arbitraries.just(new TunnelStack(List.empty()))
        : Stacks.anyStacks(registered());
  }

  @Provide
  Arbitrary<Relay> relays() {
    return Stacks.samples(registered()).isEmpty()
        ? Arbitraries.just(Relay.of(new TunnelStack(List.empty()), new TunnelStack(List.empty())))
        : Stacks.relays(registered());
  }

  @Provide
  Arbitrary<HostPacket> hostPackets() {
    return Frames.hostPackets();
  }

  /** A small table, whose hash secrets are always the same. */
  static FlowTableConfig config(MatchMode mode) {
    return new FlowTableConfig(mode, 64, 32, 64, new SplittableRandom(42));
  }

  private void judge(Law law, TunnelStack stack, Supplier<Option<Violation>> judge) {
    if (registered().report().rejected().nonEmpty()) {
      throw new AssertionError("a provider is refused at admission: " + registered().report());
    }
    if (stack.depth() == 0) {
      nothing(law, NO_TUNNELS);
    } else {
      holds(law, judge.get());
    }
  }

  /** Law 8, on the wire. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law08_paddingIsNotSent(
      @ForAll("stacks") TunnelStack stack, @ForAll("hostPackets") HostPacket packet) {
    judge(
        Law.PADDING,
        stack,
        () ->
            StackLaws.law08PaddingIsNotPayload(
                stack, packet, registered(), config(MatchMode.EXACT)));
  }

  /** Law 9. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law09_dirtyHeadroomNeverShows(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll @IntRange(max = 63) int misalign) {
    judge(
        Law.HEADROOM,
        stack,
        () ->
            HeadroomLaw.law09DirtyHeadroomNeverShows(
                stack, packet, misalign, registered(), config(MatchMode.EXACT)));
  }

  /** Law 13, set-up. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law13_overheadsAdd(
      @ForAll("stacks") TunnelStack stack, @ForAll @IntRange(max = Stacks.MOST_LAYERS) int cut) {
    judge(
        Law.COMPOSITION,
        stack,
        () -> StackLaws.law13OverheadsAdd(stack, cut % (stack.depth() + 1), registered()));
  }

  /** Law 13, on the wire. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law13_templatesCompose(
      @ForAll("stacks") TunnelStack stack,
      @ForAll @IntRange(max = Stacks.MOST_LAYERS) int cut,
      @ForAll("hostPackets") HostPacket packet) {
    // The inner part must leave a header for the outer part to wrap.
    judge(
        Law.COMPOSITION,
        stack,
        () ->
            StackLaws.law13TemplatesCompose(
                stack, cut % stack.depth(), packet, registered(), config(MatchMode.EXACT)));
  }

  /** Law 14, of flows. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law14_theReverseOfTheReverseIsTheIdentity(
      @ForAll("stacks") TunnelStack stack, @ForAll MatchMode mode) {
    judge(Law.MIRROR, stack, () -> StackLaws.law14OffersMirror(stack, registered(), config(mode)));
  }

  /** Law 15. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law15_anIndependentParserAcceptsWhatWasPushed(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode) {
    judge(
        Law.INDEPENDENT_PARSER,
        stack,
        () -> PeerLaws.law15IndependentParserAccepts(stack, packet, registered(), config(mode)));
  }

  /** Law 16. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law16_pushAndPopUndoEachOther(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode) {
    judge(
        Law.INVERSE,
        stack,
        () -> PeerLaws.law16PushAndPopUndoEachOther(stack, packet, registered(), config(mode)));
  }

  /** Law 18: what a table cannot have, and nothing else, is refused. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law18_stacksAreRefusedForALimit(
      @ForAll("anyStacks") TunnelStack stack) {
    judge(
        Law.REFUSAL,
        stack,
        () ->
            RefusalLaw.law18StacksAreRefusedForALimit(
                stack, registered(), config(MatchMode.EXACT)));
  }

  /** Law 18: of all stacks that can be laid, few. */
  @Example
  public final void required_law18_mostStacksAreTaken() {
    Seq<TunnelStack> stacks =
        List.ofAll(anyStacks().sampleStream().limit(STACKS_FOR_REFUSALS))
            .filter(stack -> stack.depth() > 0);
    ledger(
        RefusalLaw.refused(stacks, registered()).mkString("(", ", ", ")")
            + " of "
            + stacks.size()
            + " stacks refused");
    holds(Law.REFUSAL, RefusalLaw.law18MostStacksAreTaken(stacks, registered(), MOST_REFUSED));
  }

  /** Law 20. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law20_flowsOutOfTunnelsAreHit(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode) {
    judge(
        Law.HIT,
        stack,
        () -> PeerLaws.law20FlowsOutOfTunnelsAreHit(stack, packet, registered(), config(mode)));
  }

  /** Law 19, between two stacks. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law19_fastIsSlowBetweenTwoStacks(
      @ForAll("relays") Relay relay,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode) {
    judge(
        Law.FAST_IS_SLOW,
        relay.access(),
        () -> RelayLaw.law19FastIsSlowBetweenStacks(relay, packet, registered(), config(mode)));
  }

  /** Law 20, between two stacks: the reply has another one than the original. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law20_flowsBetweenTwoStacksAreHit(
      @ForAll("relays") Relay relay,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode) {
    judge(
        Law.HIT,
        relay.access(),
        () -> RelayLaw.law20FlowsBetweenStacksAreHit(relay, packet, registered(), config(mode)));
  }

  /** Law 21; HASH16 is left out, for which one stack in 65,536 is another by design. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  public final void required_law21_damagedFramesComeBack(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("hostPackets") HostPacket packet,
      @ForAll MatchMode mode,
      @ForAll long choice) {
    judge(
        Law.DAMAGE,
        stack,
        () ->
            DamageLaw.law21DamagedFramesComeBack(
                stack,
                packet,
                choice,
                this::stated,
                registered(),
                config(mode == MatchMode.HASH16 ? MatchMode.EXACT : mode)));
  }

  /** What the test states of a shim that comes in; nothing of other providers' shims. */
  private Option<ShimBits> stated(Sample sample) {
    boolean isOurs =
        provider().linkTypes().exists(t -> t.name().equals(sample.settings().linkType()));
    return Option.when(isOurs, () -> bits(sample, Direction.RECEIVE));
  }
}
