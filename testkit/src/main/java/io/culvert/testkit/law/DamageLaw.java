package io.culvert.testkit.law;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowCounters;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.worker.FrameBurst;
import io.culvert.flowtable.worker.Reason;
import io.culvert.flowtable.worker.Worker;
import io.culvert.spi.Direction;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.testkit.law.StackHeaders.Part;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.testkit.router.ReferenceRouter;
import io.culvert.testkit.router.RouterOutcome;
import io.culvert.testkit.scenario.ScenarioDevice;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/** Law 21: frames of an offloaded flow as a hostile or broken peer would send them. */
public final class DamageLaw {
  private static final int HEADROOM = 640;
  private static final int MOST_DAMAGES = 120;

  private final TunnelStack stack;
  private final EncapRegistry registry;
  private final IpFamily family;
  private final ReferenceRouter peer;
  private final ReferenceRouter slow;
  private final FlowTable table;
  private final byte[] fromPeer;
  private final Seq<Part> sent;
  private final Seq<Part> awaited;
  private final Envelope envelope;

  /**
   * A frame, and what must become of it.
   *
   * @param what what it is
   * @param bytes the frame
   * @param wanted what the fast path must send; none if the frame must come back
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  private record Frame(String what, byte[] bytes, Option<byte[]> wanted) {}

  private DamageLaw(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    this.stack = stack;
    this.registry = registry;
    family = stack.family(packet);
    fromPeer = stack.fromHost(Side.FAR, packet);
    peer = ReferenceRouter.of(stack.scenario(Side.FAR), registry);
    slow = router();
    table = new FlowTable(config, registry, stack.scenario(Side.NEAR).network());
    table.addPort(TunnelStack.CLIENT_PORT);
    table.addPort(TunnelStack.TUNNEL_PORT);
    StackHeaders headers = StackHeaders.of(stack, registry, family, Side.FAR, Direction.TRANSMIT);
    sent = headers.parts();
    awaited = StackHeaders.of(stack, registry, family, Side.NEAR, Direction.RECEIVE).parts();
    envelope = Envelope.of(headers);
  }

  private ReferenceRouter router() {
    return ReferenceRouter.of(stack.scenario(Side.NEAR), registry);
  }

  /**
   * Law 21: a frame of an offloaded flow that is damaged in one way, in whatever layer, comes back
   * byte for byte, with a reason, and the flow's counters stay as they are; so does one that comes
   * again, where sequence numbers are checked. The next good frame is fast, and is sent as the
   * reference router sends it.
   *
   * <p>A damage counts if the receiver's settings check for it, if the headers' own lengths, ends
   * and sums show it, if the test states that the bits guard or tell, or if the reference router
   * does not forward the frame.
   *
   * @param choice chooses among the damages
   * @param bits what each bit of a shim that we receive is for, of the layers for which a test
   *     states it
   */
  public static Option<Violation> law21DamagedFramesComeBack(
      TunnelStack stack,
      HostPacket packet,
      long choice,
      Function<Sample, Option<ShimBits>> bits,
      EncapRegistry registry,
      FlowTableConfig config) {
    return new DamageLaw(stack, packet, registry, config).judge(new Random(choice), bits);
  }

  private Option<Violation> judge(Random random, Function<Sample, Option<ShimBits>> bits) {
    FlowTuple tuple = TunnelStack.flow(family);
    Either<?, Flow> flow =
        table.offer(new FlowOffer(tuple, TunnelStack.CLIENT_PORT, Duration.ZERO));
    Either<String, Seq<Frame>> good = good(3);
    if (flow.isLeft() || good.isLeft()) {
      String why = flow.isLeft() ? flow.getLeft().toString() : good.getLeft();
      return violation(fromPeer, "a flow, and frames of the peer", why, "");
    }
    // The flow is known by a good frame before: what the table remembers of it must not help.
    Frame first = good.get().get(0);
    Frame second = good.get().get(1);
    Option<String> unfit = WireCheck.problem(second.bytes(), new StackHeaders(sent), family);
    if (unfit.isDefined()) {
      return violation(
          second.bytes(), "a frame that fits the stack", unfit.get(), "the peer's frame");
    }
    Seq<Frame> damaged =
        new Damages(second.bytes(), envelope, awaited, stated(bits), random)
            .some(MOST_DAMAGES)
            .filter(damage -> damage.isSure() || isRefused(damage.frame()))
            .map(damage -> new Frame(damage.what(), damage.frame(), Option.none()));
    return run(
        damaged.prepend(first).appendAll(sequence(first, second, good.get().get(2))), flow.get());
  }

  /** Frames of the peer, with what the slow path makes of them. */
  private Either<String, Seq<Frame>> good(int count) {
    Seq<Frame> frames = List.empty();
    for (int i = 0; i < count; i++) {
      Either<String, byte[]> frame = PeerLaws.slow(peer, TunnelStack.CLIENT_PORT, fromPeer);
      Either<String, byte[]> wanted =
          frame.flatMap(bytes -> PeerLaws.slow(slow, TunnelStack.TUNNEL_PORT, bytes));
      if (wanted.isLeft()) {
        return Either.left(wanted.getLeft());
      }
      frames = frames.append(new Frame("a good frame", frame.get(), wanted.toOption()));
    }
    return Either.right(frames);
  }

  /** What the test states of the layers' shims. */
  private Seq<Option<ShimBits>> stated(Function<Sample, Option<ShimBits>> bits) {
    Seq<ScenarioDevice> devices =
        stack
            .scenario(Side.NEAR)
            .devices()
            .filter(device -> device.kind() == ScenarioDevice.Kind.VIRTUAL);
    return awaited.zipWith(
        devices, (part, device) -> bits.apply(new Sample(device.settings(), part.inner())));
  }

  /** True if the slow path does not forward a frame, after some others that it took. */
  private boolean isRefused(byte[] frame, byte[]... before) {
    ReferenceRouter router = router();
    for (byte[] one : before) {
      router.process(TunnelStack.TUNNEL_PORT, one);
    }
    return !(router.process(TunnelStack.TUNNEL_PORT, frame) instanceof RouterOutcome.Forwarded);
  }

  /** Two good frames: where sequence numbers are checked, with old ones around them. */
  private Seq<Frame> sequence(Frame first, Frame second, Frame third) {
    for (int i = 0; i < sent.size(); i++) {
      int layer = i;
      Option<Integer> number =
          sent.get(i)
              .shim()
              .patches()
              .find(Patch.Sequence.class::isInstance)
              .map(patch -> envelope.places().get(layer).shim() + patch.at());
      if (number.isDefined()
          && (awaited.get(i).shim().checks().exists(RxCheck.Sequence.class::isInstance)
              || isRefused(first.bytes(), first.bytes()))) {
        return List.of(again(first), second, again(second), tooOld(third, number.get()), third);
      }
    }
    return List.of(second, third);
  }

  private static Frame again(Frame frame) {
    return new Frame("the same frame again", frame.bytes(), Option.none());
  }

  /** A number 2^31 from the one expected is as far behind it as one can be (RFC 2890 §2.2). */
  private Frame tooOld(Frame frame, int number) {
    byte[] bytes = ShimBits.flip(frame.bytes(), 8 * number);
    envelope.seal(bytes, envelope.depth());
    return new Frame("a sequence number 2^31 behind", bytes, Option.none());
  }

  /** Runs frames in one burst. */
  private Option<Violation> run(Seq<Frame> frames, Flow flow) {
    int longest = frames.map(frame -> frame.bytes().length).max().get();
    int slot = HEADROOM + longest + 64 & ~63;
    MemorySegment pool = Arena.ofAuto().allocate((long) slot * frames.size(), 64);
    pool.fill((byte) 0xa5);
    FrameBurst burst = new FrameBurst(pool, frames.size());
    Worker worker = table.newWorker(pool);
    for (int i = 0; i < frames.size(); i++) {
      byte[] bytes = frames.get(i).bytes();
      long at = (long) slot * i + HEADROOM;
      MemorySegment.copy(bytes, 0, pool, ValueLayout.JAVA_BYTE, at, bytes.length);
      burst.add((long) slot * i, at, bytes.length, TunnelStack.TUNNEL_PORT, i);
    }
    MemorySegment before = MemorySegment.ofArray(pool.toArray(ValueLayout.JAVA_BYTE));
    worker.process(burst);
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      long from = (long) slot * i;
      boolean isWritten =
          MemorySegment.mismatch(before, from, from + slot, pool, from, from + slot) >= 0;
      Option<Violation> wrong =
          frame.wanted().isDefined()
              ? forwarded(frame, burst, i)
              : cameBack(frame, burst, i, from + HEADROOM, isWritten);
      if (wrong.isDefined()) {
        return wrong;
      }
    }
    return counted(frames.filter(frame -> frame.wanted().isDefined()), flow);
  }

  private Option<Violation> cameBack(
      Frame frame, FrameBurst burst, int i, long offset, boolean isWritten) {
    Reason reason = burst.reason(i);
    boolean isMoved = burst.offset(i) != offset || burst.length(i) != frame.bytes().length;
    if (reason != Reason.NONE && burst.port(i) == 0 && !isMoved && !isWritten) {
      return Option.none();
    }
    String got =
        reason == Reason.NONE
            ? "forwarded to port " + burst.port(i)
            : reason.label()
                + (isWritten ? ", written to" : "")
                + (isMoved ? ", moved" : "")
                + ", port "
                + burst.port(i);
    return violation(frame.bytes(), "back as it was, with a reason", got, frame.what());
  }

  private Option<Violation> forwarded(Frame frame, FrameBurst burst, int i) {
    byte[] wanted = frame.wanted().get();
    if (burst.reason(i) != Reason.NONE) {
      return violation(
          frame.bytes(), FrameText.of(wanted), burst.reason(i).label(), "a good frame behind them");
    }
    byte[] got =
        burst.pool().asSlice(burst.offset(i), burst.length(i)).toArray(ValueLayout.JAVA_BYTE);
    return burst.port(i) == TunnelStack.CLIENT_PORT && Arrays.equals(wanted, got)
        ? Option.none()
        : violation(
            frame.bytes(),
            FrameText.of(wanted),
            "port " + burst.port(i) + ": " + FrameText.of(got),
            frame.what());
  }

  /** The flow has counted the good frames, and no others. */
  private Option<Violation> counted(Seq<Frame> good, Flow flow) {
    long bytes = good.map(frame -> frame.bytes().length - envelope.inner()).sum().longValue();
    FlowCounters counted = new FlowCounters(0, 0, good.size(), bytes);
    FlowCounters got = table.counters(flow);
    return counted.equals(got)
        ? Option.none()
        : violation(
            good.head().bytes(), counted.toString(), got.toString(), "behind damaged frames");
  }

  private Option<Violation> violation(byte[] frame, String expected, String got, String hint) {
    return Option.some(Violation.byFrame(Law.DAMAGE, frame, expected, got, hint + "\n" + stack));
  }
}
