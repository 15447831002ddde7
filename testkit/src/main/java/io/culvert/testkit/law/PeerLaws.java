package io.culvert.testkit.law;

import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.Scenario;
import io.vavr.collection.List;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * The laws that take two routers, one at each end of the tunnels. The other end is the reference
 * router with its naive codecs, or a second flow table.
 */
public final class PeerLaws {
  private static final EncapRegistry NO_TUNNELS = EncapRegistry.of();

  private PeerLaws() {}

  /**
   * Law 15: what our fast path pushes, a parser that shares no code with it finds well formed, and
   * the peer's reference router takes and delivers; and what the peer pushes, our fast path pops.
   * Either way the packet arrives as if it had been forwarded twice without any tunnel.
   */
  public static Option<Violation> law15IndependentParserAccepts(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    byte[] sent = stack.fromHost(Side.NEAR, packet);
    StackRouter ours = StackRouter.warm(stack, Side.NEAR, registry, config);
    Either<String, byte[]> pushed = ours.fast(TunnelStack.CLIENT_PORT, sent);
    if (pushed.isLeft()) {
      return violation(Law.INDEPENDENT_PARSER, sent, "pushed", pushed.getLeft(), stack);
    }
    Option<String> problem =
        WireCheck.problem(
            pushed.get(),
            StackHeaders.of(stack, registry, stack.family(packet)),
            stack.family(packet));
    if (problem.isDefined()) {
      return violation(
          Law.INDEPENDENT_PARSER, pushed.get(), "a frame that fits", problem.get(), stack);
    }
    Either<String, byte[]> arrived =
        slow(stack.scenario(Side.FAR), TunnelStack.TUNNEL_PORT, pushed.get(), registry);
    Option<Violation> there =
        compare(
            Law.INDEPENDENT_PARSER,
            sent,
            plain(Side.NEAR, packet, stack),
            arrived,
            stack,
            "pushed");
    if (there.isDefined()) {
      return there;
    }
    // The other way: the peer answers.
    byte[] reply = stack.fromHost(Side.FAR, packet);
    Either<String, byte[]> back =
        slow(stack.scenario(Side.FAR), TunnelStack.CLIENT_PORT, reply, registry)
            .flatMap(frame -> ours.fast(TunnelStack.TUNNEL_PORT, frame));
    return compare(
        Law.INDEPENDENT_PARSER, reply, plain(Side.FAR, packet, stack), back, stack, "popped");
  }

  /**
   * Law 16: with a fast path at both ends, pop after push restores the packet but for the TTL that
   * two hops took; and pushing the restored packet again gives the same tunnel frame, but for
   * identifications.
   */
  public static Option<Violation> law16PushAndPopUndoEachOther(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    byte[] sent = stack.fromHost(Side.NEAR, packet);
    StackRouter near = StackRouter.warm(stack, Side.NEAR, registry, config);
    StackRouter far = StackRouter.warm(stack, Side.FAR, registry, config);
    Either<String, byte[]> pushed = near.fast(TunnelStack.CLIENT_PORT, sent);
    Either<String, byte[]> popped =
        pushed.flatMap(frame -> far.fast(TunnelStack.TUNNEL_PORT, frame));
    Option<Violation> restored =
        compare(
            Law.INVERSE, sent, plain(Side.NEAR, packet, stack), popped, stack, "pop after push");
    if (restored.isDefined()) {
      return restored;
    }
    byte[] again = readdressed(popped.get(), sent);
    Either<String, byte[]> pushedAgain = near.fast(TunnelStack.CLIENT_PORT, again);
    return pushedAgain.isLeft()
        ? violation(Law.INVERSE, again, "pushed", pushedAgain.getLeft(), stack)
        : FrameComparison.difference(
                pushed.get(),
                pushedAgain.get(),
                StackHeaders.of(stack, registry, stack.family(packet)).own())
            .map(difference ->
                Violation.byFrame(
                    Law.INVERSE,
                    again,
                    FrameText.of(pushed.get()),
                    FrameText.of(pushedAgain.get()),
                    "push after pop: " + difference + "\n" + stack));
  }

  /**
   * Law 20: a flow that is first seen behind the tunnels is offloaded as well: its second packet is
   * fast.
   */
  public static Option<Violation> law20FlowsOutOfTunnelsAreHit(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    byte[] sent = stack.fromHost(Side.FAR, packet);
    // One router for both packets: the second one has another number, if they have any.
    ReferenceRouter far = ReferenceRouter.of(stack.scenario(Side.FAR), registry);
    StackRouter near = StackRouter.cold(stack, Side.NEAR, registry, config);
    slow(far, TunnelStack.CLIENT_PORT, sent).forEach(f -> near.any(TunnelStack.TUNNEL_PORT, f));
    Either<String, byte[]> second =
        slow(far, TunnelStack.CLIENT_PORT, sent)
            .flatMap(f -> near.fast(TunnelStack.TUNNEL_PORT, f));
    return compare(Law.HIT, sent, plain(Side.FAR, packet, stack), second, stack, "second packet");
  }

  /** The arrived packet as its sender sent it: its MAC addresses, and the TTL before two hops. */
  private static byte[] readdressed(byte[] arrived, byte[] sent) {
    byte[] frame = arrived.clone();
    System.arraycopy(sent, 0, frame, 0, 12);
    boolean isV4 = frame[PlainFrames.ETHERNET] >> 4 == 4;
    int ttl = PlainFrames.ETHERNET + (isV4 ? 8 : 7);
    frame[ttl] = (byte) (frame[ttl] + 2);
    if (isV4) {
      PlainFrames.fixHeaderChecksum(frame, PlainFrames.ETHERNET);
    }
    return frame;
  }

  /** What arrives if the two routers are connected without tunnels: two plain hops. */
  private static byte[] plain(Side from, HostPacket packet, TunnelStack stack) {
    TunnelStack none = TunnelStack.of(List.empty());
    byte[] frame = none.fromHost(from, stack.fit(packet));
    return slow(none.scenario(from), TunnelStack.CLIENT_PORT, frame, NO_TUNNELS)
        .flatMap(f -> slow(none.scenario(from.other()), TunnelStack.TUNNEL_PORT, f, NO_TUNNELS))
        .getOrElseThrow(why -> new IllegalStateException("plain routing failed: " + why));
  }

  private static Either<String, byte[]> slow(
      Scenario scenario, int port, byte[] frame, EncapRegistry registry) {
    return slow(ReferenceRouter.of(scenario, registry), port, frame);
  }

  /** What a router sends; or why it sends nothing. */
  static Either<String, byte[]> slow(ReferenceRouter router, int port, byte[] frame) {
    RouterOutcome outcome = router.process(port, frame);
    return outcome instanceof RouterOutcome.Forwarded forwarded
        ? Either.right(forwarded.frames().head().bytes())
        : Either.left("the peer's router refused it: " + outcome.word());
  }

  private static Option<Violation> compare(
      Law law,
      byte[] sent,
      byte[] expected,
      Either<String, byte[]> got,
      TunnelStack stack,
      String what) {
    if (got.isLeft()) {
      return violation(law, sent, FrameText.of(expected), got.getLeft(), stack);
    }
    return Arrays.equals(expected, got.get())
        ? Option.none()
        : violation(
            law,
            sent,
            FrameText.of(expected),
            FrameText.of(got.get()),
            stack,
            what
                + ": "
                + FrameComparison.difference(expected, got.get(), List.empty()).getOrElse(""));
  }

  private static Option<Violation> violation(
      Law law, byte[] frame, String expected, String got, TunnelStack stack, String... more) {
    return Option.some(
        Violation.byFrame(law, frame, expected, got, String.join("\n", more) + "\n" + stack));
  }
}
