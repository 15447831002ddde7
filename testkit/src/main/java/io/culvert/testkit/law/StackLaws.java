package io.culvert.testkit.law;

import io.culvert.flowtable.Flow;
import io.culvert.flowtable.FlowOffer;
import io.culvert.flowtable.FlowTable;
import io.culvert.flowtable.FlowTableConfig;
import io.culvert.flowtable.FlowTuple;
import io.culvert.flowtable.OffloadError;
import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.PathDiscovery;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.path.PathError;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.Settings;
import io.culvert.testkit.golden.FrameComparison;
import io.culvert.testkit.law.TunnelStack.Side;
import io.culvert.wire.IpFamily;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.Arrays;

/** The laws of stacks, driven through path discovery, the flow table and its workers. */
public final class StackLaws {
  private StackLaws() {}

  private static String describe(TunnelStack stack, HostPacket packet) {
    return stack + "\n" + packet;
  }

  private static Either<PathError, ForwardPath> way(
      TunnelStack stack, IpFamily family, EncapRegistry registry) {
    return new PathDiscovery(registry, stack.scenario(Side.NEAR).network())
        .to(RouteQuery.to(Side.FAR.hostAddress(family)));
  }

  /**
   * Law 13, set-up: the layers of a stack are those of its parts, and overheads add.
   *
   * @param cut number of layers of the outer part
   */
  public static Option<Violation> law13OverheadsAdd(
      TunnelStack stack, int cut, EncapRegistry registry) {
    TunnelStack under = stack.part(0, cut);
    Either<PathError, ForwardPath> all = way(stack, stack.families().head(), registry);
    Either<PathError, ForwardPath> outer = way(under, under.families().head(), registry);
    TunnelStack over = stack.part(cut, stack.depth());
    Either<PathError, ForwardPath> inner = way(over, over.families().head(), registry);
    if (all.isLeft() || outer.isLeft() || inner.isLeft()) {
      return Option.some(
          Violation.byText(
              Law.COMPOSITION, stack.toString(), "a way", all + " " + outer + " " + inner, ""));
    }
    int sum = outer.get().headerLength() + inner.get().headerLength() - PlainFrames.ETHERNET;
    boolean layersAdd =
        all.get().layers().size() == outer.get().layers().size() + inner.get().layers().size();
    return layersAdd && all.get().headerLength() == sum
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.COMPOSITION,
                stack + ", cut at " + cut,
                sum + " bytes of headers",
                all.get().headerLength() + " bytes",
                "ForwardPath.headerLength"));
  }

  /**
   * Law 13, on the wire: what a stack pushes is what its inner part pushes, behind what its outer
   * part pushes around a packet like that. Identifications and the sums over them are masked.
   *
   * @param cut number of layers of the outer part, less than all
   */
  public static Option<Violation> law13TemplatesCompose(
      TunnelStack stack, int cut, HostPacket sent, EncapRegistry registry, FlowTableConfig c) {
    // The same for the parts, whatever they alone could take.
    HostPacket packet = stack.fit(sent);
    Either<String, byte[]> all = push(stack, packet, registry, c);
    Either<String, byte[]> inner = push(stack.part(cut, stack.depth()), packet, registry, c);
    if (all.isLeft() || inner.isLeft()) {
      return Option.some(
          Violation.byText(
              Law.COMPOSITION, describe(stack, packet), "pushed", all + " " + inner, ""));
    }
    IpFamily family = stack.family(packet);
    StackHeaders headers = StackHeaders.of(stack, registry, family);
    StackHeaders over = StackHeaders.of(stack.part(cut, stack.depth()), registry, family);
    byte[] frame = FrameComparison.masked(all.get(), headers.own());
    byte[] upper = FrameComparison.masked(inner.get(), over.own());
    int seam = PlainFrames.ETHERNET + headers.length() - over.length();
    if (!Arrays.equals(frame, seam, frame.length, upper, PlainFrames.ETHERNET, upper.length)) {
      return Option.some(
          Violation.byFrame(
              Law.COMPOSITION,
              all.get(),
              Violation.hex(upper),
              Violation.hex(Arrays.copyOfRange(frame, seam, frame.length)),
              "another frame inside, cut at " + cut + ": " + describe(stack, packet)));
    }
    Option<IpFamily> around =
        stack.layers().isEmpty() ? Option.some(family) : stack.layers().get(cut).outer();
    // A tag's EtherType stands in the header in front of it, and an IP packet has another.
    return around.flatMap(of -> outerPart(stack.part(0, cut), all.get(), seam, of, registry, c));
  }

  /** The outer part's headers around a packet whose header says the same as the inner part's. */
  private static Option<Violation> outerPart(
      TunnelStack outer,
      byte[] all,
      int seam,
      IpFamily family,
      EncapRegistry registry,
      FlowTableConfig c) {
    boolean isV4 = family == IpFamily.V4;
    int ttl = all[seam + (isV4 ? 8 : 7)] & 0xff;
    boolean hasLongLabel = !isV4 && (all[seam + 1] & 0xf) != 0;
    if (ttl == 255 || hasLongLabel) {
      // No router forwards a packet that has one hop more; no host packet has such a flow label.
      return Option.none();
    }
    int length = PlainFrames.u16(all, seam + (isV4 ? 2 : 4));
    PlainFrames.Ip fields =
        new PlainFrames.Ip(
            isV4 ? all[seam + 1] & 0xff : PlainFrames.u16(all, seam) >> 4 & 0xff,
            // One more, for the hop itself takes one.
            ttl + 1,
            PlainFrames.u16(all, seam + 6),
            isV4 ? 0 : PlainFrames.u16(all, seam + 2));
    int payload = length - (isV4 ? PlainFrames.IPV4 : 0) - 8;
    Either<String, byte[]> pushed =
        push(outer, new HostPacket(fields, payload, 0, !isV4), registry, c);
    if (pushed.isLeft()) {
      return Option.some(
          Violation.byFrame(Law.COMPOSITION, all, "pushed", pushed.getLeft(), "the outer part"));
    }
    // Priority is that of the hosts' packet all the way down: the one here may have another.
    StackHeaders headers = StackHeaders.of(outer, registry, family);
    byte[] whole = headers.withoutPriorities(FrameComparison.masked(all, headers.own()));
    byte[] alone = headers.withoutPriorities(FrameComparison.masked(pushed.get(), headers.own()));
    return Arrays.equals(whole, 0, seam, alone, 0, seam)
        ? Option.none()
        : Option.some(
            Violation.byFrame(
                Law.COMPOSITION, all, FrameText.of(pushed.get()), "other outer headers", ""));
  }

  private static Either<String, byte[]> push(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    return StackRouter.warm(stack, Side.NEAR, registry, config)
        .fast(TunnelStack.CLIENT_PORT, stack.fromHost(Side.NEAR, packet));
  }

  /**
   * Law 8: bytes behind the packet in its frame change nothing of what is sent. The frame comes as
   * the host sends it, and as the peer does.
   */
  public static Option<Violation> law08PaddingIsNotPayload(
      TunnelStack stack, HostPacket packet, EncapRegistry registry, FlowTableConfig config) {
    Either<String, byte[]> with = push(stack, packet, registry, config);
    Either<String, byte[]> without = push(stack, packet.unpadded(), registry, config);
    if (with.isLeft() || without.isLeft()) {
      return Option.some(
          Violation.byText(
              Law.PADDING, describe(stack, packet), "pushed", with + " " + without, ""));
    }
    return FrameComparison.difference(
            without.get(), with.get(), StackHeaders.of(stack, registry, stack.family(packet)).own())
        .map(difference ->
            Violation.byFrame(
                Law.PADDING,
                stack.fromHost(Side.NEAR, packet),
                FrameText.of(without.get()),
                FrameText.of(with.get()),
                difference));
  }

  /**
   * Law 14, the provider's part: receive is transmit with source and destination exchanged, and is
   * what the peer transmits.
   *
   * @param settings settings with {@code local} and {@code remote}
   */
  public static Option<Violation> law14TuplesMirror(EncapSubject subject, Settings settings) {
    Settings peer = PeerSettings.of(subject.provider(), settings);
    EncapTuple receive = tuple(subject, settings, Direction.RECEIVE);
    EncapTuple peerSends = tuple(subject, peer, Direction.TRANSMIT);
    EncapTuple peerReceives = tuple(subject, peer, Direction.RECEIVE);
    EncapTuple transmit = tuple(subject, settings, Direction.TRANSMIT);
    return receive.equals(peerSends) && peerReceives.equals(transmit)
        ? Option.none()
        : Option.some(
            Violation.byText(
                Law.MIRROR,
                subject.provider().name() + " " + settings,
                peerSends + " and " + transmit,
                receive + " and " + peerReceives,
                "tuple(RECEIVE) against the peer's tuple(TRANSMIT)"));
  }

  private static EncapTuple tuple(EncapSubject subject, Settings settings, Direction direction) {
    return subject.provider().tuple(settings, subject.inner(), direction).get();
  }

  /**
   * Law 14, the table's part: the reply, offered as the original, makes the same flow the other way
   * round; and a table that has one of them takes the other for the same flow.
   */
  public static Option<Violation> law14OffersMirror(
      TunnelStack stack, EncapRegistry registry, FlowTableConfig config) {
    for (IpFamily family : stack.families()) {
      Option<Violation> found = offersMirror(stack, TunnelStack.flow(family), registry, config);
      if (found.isDefined()) {
        return found;
      }
    }
    return Option.none();
  }

  private static Option<Violation> offersMirror(
      TunnelStack stack, FlowTuple tuple, EncapRegistry registry, FlowTableConfig config) {
    FlowTable there = table(stack, registry, config);
    Either<OffloadError, Flow> out = there.offer(offer(tuple, TunnelStack.CLIENT_PORT));
    if (out.isLeft()) {
      return mirror(stack, "a flow", out.getLeft().message());
    }
    FlowOffer reply = offer(tuple.reversed(), out.get().original().devices().head());
    FlowTable back = table(stack, registry, config);
    Either<OffloadError, Flow> in = back.offer(reply);
    if (in.isLeft()) {
      return mirror(stack, "the reply's flow", in.getLeft().message());
    }
    boolean mirrors =
        in.get().original().equals(out.get().reply())
            && in.get().reply().equals(out.get().original());
    if (!mirrors) {
      return mirror(stack, out.get().toString(), in.get().toString());
    }
    Either<OffloadError, Flow> again = there.offer(reply);
    boolean sameKeys = again.contains(in.get()) && there.size() == 1;
    // And back: the reverse of the reverse.
    boolean identity = there.offer(offer(tuple, TunnelStack.CLIENT_PORT)).equals(out);
    return sameKeys && identity && there.size() == 1
        ? Option.none()
        : mirror(stack, "one flow, " + in.get(), again + ", flows " + there.flows());
  }

  private static Option<Violation> mirror(TunnelStack stack, String expected, String got) {
    return Option.some(Violation.byText(Law.MIRROR, stack.toString(), expected, got, ""));
  }

  private static FlowOffer offer(FlowTuple tuple, int ingress) {
    return new FlowOffer(tuple, ingress, Duration.ZERO);
  }

  private static FlowTable table(
      TunnelStack stack, EncapRegistry registry, FlowTableConfig config) {
    FlowTable table = new FlowTable(config, registry, stack.scenario(Side.NEAR).network());
    table.addPort(TunnelStack.CLIENT_PORT);
    table.addPort(TunnelStack.TUNNEL_PORT);
    return table;
  }
}
