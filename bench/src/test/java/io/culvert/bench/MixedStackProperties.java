package io.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.MatchMode;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.gen.Frames;
import io.culvert.testkit.gen.Stacks;
import io.culvert.testkit.law.DamageLaw;
import io.culvert.testkit.law.HostPacket;
import io.culvert.testkit.law.PeerLaws;
import io.culvert.testkit.law.TunnelStack;
import io.vavr.control.Option;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Laws of stacks, for stacks of all shipped modules: each module's own contract knows no other one.
 */
class MixedStackProperties {
  private static final EncapRegistry REGISTRY = EncapRegistry.load();
  private static final int TRIES = 60;

  @Provide
  Arbitrary<TunnelStack> stacks() {
    return Stacks.stacks(REGISTRY);
  }

  @Provide
  Arbitrary<HostPacket> packets() {
    return Frames.hostPackets();
  }

  /** HASH16 is left out, for which one stack in 65,536 is another by design. */
  private static FlowTableConfig config(MatchMode mode) {
    return new FlowTableConfig(
        mode == MatchMode.HASH16 ? MatchMode.EXACT : mode, 64, 32, 64, new SplittableRandom(42));
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law15_anIndependentParserAcceptsWhatWasPushed(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode) {
    assertThat(PeerLaws.law15IndependentParserAccepts(stack, packet, REGISTRY, config(mode)))
        .isEmpty();
  }

  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law16_pushAndPopUndoEachOther(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode) {
    assertThat(PeerLaws.law16PushAndPopUndoEachOther(stack, packet, REGISTRY, config(mode)))
        .isEmpty();
  }

  /** What the bits of shims are for is stated in the modules' contracts alone. */
  @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
  void required_law21_damagedFramesComeBack(
      @ForAll("stacks") TunnelStack stack,
      @ForAll("packets") HostPacket packet,
      @ForAll MatchMode mode,
      @ForAll long choice) {
    assertThat(
            DamageLaw.law21DamagedFramesComeBack(
                stack, packet, choice, _ -> Option.none(), REGISTRY, config(mode)))
        .isEmpty();
  }
}
