package io.culvert.testkit.law;

import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.spi.Direction;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.replay.OffloadedRouter;
import io.culvert.testkit.replay.OffloadedRouter.Offload;
import io.culvert.testkit.replay.OffloadedRouter.Step;
import io.culvert.testkit.router.OwnHeader;
import io.culvert.testkit.router.ReferenceRouter;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.Arrays;

/**
 * The laws of flows whose reply has another stack than the original, through the router between two
 * stacks.
 */
public final class RelayLaw {
  private final Relay relay;
  private final HostPacket packet;
  private final EncapRegistry registry;
  private final ReferenceRouter near;
  private final ReferenceRouter far;
  private final ReferenceRouter slow;
  private final OffloadedRouter fast;

  private RelayLaw(Relay relay, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    this.relay = relay;
    this.packet = packet;
    this.registry = registry;
    near = ReferenceRouter.of(relay.near(), registry);
    far = ReferenceRouter.of(relay.far(), registry);
    slow = ReferenceRouter.of(relay.scenario(), registry);
    ReferenceRouter own = ReferenceRouter.of(relay.scenario(), registry);
    FlowTable table = new FlowTable(config, registry, own.network());
    fast = new OffloadedRouter(own, Option.some(table), Offload.FIRST, Duration.ZERO);
  }

  /**
   * Law 20: from the second packet on, a flow between two stacks is fast in both directions, and
   * its packets arrive as if there were no tunnel.
   *
   * @param packet what the hosts send; nothing is judged if the stacks share no family
   */
  public static Option<Violation> law20FlowsBetweenStacksAreHit(
      Relay relay, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    return relay
        .fit(packet)
        .flatMap(fitting -> new RelayLaw(relay, fitting, registry, config).hits());
  }

  /** Law 19: what is fast between two stacks is what the router would have sent. */
  public static Option<Violation> law19FastIsSlowBetweenStacks(
      Relay relay, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    return relay
        .fit(packet)
        .flatMap(fitting -> new RelayLaw(relay, fitting, registry, config).equal());
  }

  private Option<Violation> hits() {
    // Unpadded and short, as a first packet may be.
    through(Side.NEAR, new HostPacket(packet.fields(), 1, 0, packet.isV6()));
    return hit(Side.NEAR).orElse(() -> hit(Side.FAR)).orElse(() -> hit(Side.NEAR));
  }

  private Option<Violation> hit(Side from) {
    byte[] sent = relay.fromHost(from, packet);
    Either<String, byte[]> arrived =
        through(from, packet)
            .flatMap(frame ->
                PeerLaws.slow(from == Side.NEAR ? far : near, TunnelStack.TUNNEL_PORT, frame));
    byte[] expected = plain(from);
    return arrived.exists(frame -> Arrays.equals(expected, frame))
        ? Option.none()
        : Option.some(
            Violation.byFrame(
                Law.HIT,
                sent,
                FrameText.of(expected),
                arrived.fold(why -> why, FrameText::of),
                "from the " + from + " host\n" + relay));
  }

  /** What the fast path sends of a host's packet; or what became of it. */
  private Either<String, byte[]> through(Side from, HostPacket of) {
    return incoming(from, of)
        .flatMap(frame -> {
          Step step = fast.process(port(from), frame, 0);
          return step.kind() == Step.Kind.FAST
              ? Either.right(step.out().head().frame())
              : Either.left(
                  "not fast: " + step.reason() + fast.refusals().keySet().mkString("; ", "; ", ""));
        });
  }

  /** The frame in which a host's packet reaches the relay. */
  private Either<String, byte[]> incoming(Side from, HostPacket of) {
    return PeerLaws.slow(
        from == Side.NEAR ? near : far, TunnelStack.CLIENT_PORT, relay.fromHost(from, of));
  }

  /** The relay's port towards a side. */
  private static int port(Side side) {
    return side == Side.NEAR ? TunnelStack.CLIENT_PORT : TunnelStack.TUNNEL_PORT;
  }

  /** What arrives if the three routers are connected without tunnels. */
  private byte[] plain(Side from) {
    RelayLaw none =
        new RelayLaw(Relay.plain(), packet, EncapRegistry.of(), FlowTableConfig.defaults());
    return none.incoming(from, packet)
        .flatMap(frame -> PeerLaws.slow(none.slow, port(from), frame))
        .flatMap(frame ->
            PeerLaws.slow(from == Side.NEAR ? none.far : none.near, TunnelStack.TUNNEL_PORT, frame))
        .getOrElseThrow(why -> new IllegalStateException("plain routing failed: " + why));
  }

  private Option<Violation> equal() {
    through(Side.NEAR, packet);
    return equal(Side.NEAR).orElse(() -> equal(Side.FAR));
  }

  private Option<Violation> equal(Side from) {
    Either<String, byte[]> frame = incoming(from, packet);
    if (frame.isLeft()) {
      return violation(relay.fromHost(from, packet), "a frame", frame.getLeft(), "");
    }
    Step step = fast.process(port(from), frame.get(), 0);
    Either<String, byte[]> wanted = PeerLaws.slow(slow, port(from), frame.get());
    if (wanted.isLeft() || step.out().isEmpty()) {
      return violation(frame.get(), wanted.fold(why -> why, FrameText::of), "" + step.reason(), "");
    }
    byte[] got = step.out().head().frame();
    return FrameComparison.difference(wanted.get(), got, own(from))
        .flatMap(difference ->
            violation(
                frame.get(), FrameText.of(wanted.get()), FrameText.of(got), difference + "; "));
  }

  /** The headers that the relay makes of what comes from a side. */
  private Seq<OwnHeader> own(Side from) {
    var family = relay.core().family(packet);
    return (from == Side.NEAR
            ? StackHeaders.of(relay.core(), registry, family, Side.NEAR, Direction.TRANSMIT)
            : StackHeaders.of(relay.access(), registry, family, Side.FAR, Direction.TRANSMIT))
        .own();
  }

  private Option<Violation> violation(byte[] frame, String expected, String got, String hint) {
    return Option.some(
        Violation.byFrame(
            Law.FAST_IS_SLOW, frame, expected, got, hint + "between two stacks\n" + relay));
  }
}
