package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.PathDiscovery;
import io.culvert.flowtable.path.PathMtus;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.table.PacketState;
import io.culvert.flowtable.table.Template;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpProtocol;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;

/** Turns an offer into what the table stores, and finds ways. */
final class Offers {
  private final EncapRegistry registry;
  private final Network network;
  private final PathDiscovery discovery;
  private final PacketState state;
  private final Slots slots;
  private final Sequences sequences;
  private final WaysInUse inUse;
  private final Invalidations invalidations;
  private final Timeouts timeouts;
  private final Object table;

  /**
   * For one table.
   *
   * @param table what its ways belong to
   */
  Offers(
      Object table,
      EncapRegistry registry,
      Network network,
      PacketState state,
      Slots slots,
      Sequences sequences,
      WaysInUse inUse,
      Invalidations invalidations,
      PathMtus pathMtus,
      Timeouts timeouts) {
    this.table = table;
    this.inUse = inUse;
    this.invalidations = invalidations;
    this.timeouts = timeouts;
    this.sequences = sequences;
    this.registry = registry;
    this.network = network;
    this.state = state;
    this.slots = slots;
    discovery = new PathDiscovery(registry, network, pathMtus);
  }

  /**
   * What an offer comes to.
   *
   * @param tuple the original direction's tuple
   * @param replyTuple the reply direction's tuple
   * @param original the original direction's way out
   * @param reply the reply direction's way out
   * @param timeoutMs milliseconds without a packet after which it expires; 0 for never
   */
  record Prepared(FlowTuple tuple, FlowTuple replyTuple, Way original, Way reply, int timeoutMs) {
    /** The device by which the original direction comes in. */
    int ingress() {
      return reply.device();
    }

    /** The flow as it will be. */
    Flow flow() {
      return new Flow(
          tuple,
          replyTuple,
          ingress(),
          original.path(),
          reply.path(),
          Duration.ofMillis(timeoutMs));
    }

    /** True if a packet could not tell the directions apart. */
    boolean isSelfConnected() {
      return original.path().port() == reply.path().port()
          && tuple.equals(replyTuple)
          && original.path().layers().equals(reply.path().layers());
    }
  }

  /** Index of a device. */
  Either<OffloadError, Integer> ingress(String name) {
    return network
        .device(name)
        .map(Device::ifindex)
        .toEither(new OffloadError.NoPath("ingress", new PathError.NoDevice(name)));
  }

  /**
   * The device that packets of the original direction leave by, by their route alone; none without
   * a route.
   */
  Option<Integer> egress(FlowOffer offer) {
    return network
        .route(query(offer.tuple().source(), offer.replyTuple().source()))
        .map(Route::ifindex);
  }

  /** True if a way is this table's. */
  @SuppressWarnings("ReferenceEquality") // A table is itself.
  boolean isOwn(Way way) {
    return way.table() == table;
  }

  /** Finds the ways of an offer. */
  Either<OffloadError, Prepared> prepare(FlowOffer offer) {
    FlowTuple tuple = offer.tuple();
    FlowTuple back = offer.replyTuple();
    return checked(tuple, back)
        .flatMap(far -> path("original", query(tuple.source(), far)))
        .flatMap(original ->
            path("reply", query(back.source(), tuple.source()))
                .filterOrElse(
                    reply -> reply.devices().head() == offer.ingress(),
                    reply -> asymmetric(tuple.source(), offer.ingress(), reply.devices().head()))
                .filterOrElse(
                    _ -> original.devices().head() != offer.ingress(),
                    _ -> new OffloadError.Hairpin(tuple.destination(), deviceName(offer.ingress())))
                .flatMap(reply -> assemble(offer, original, reply)));
  }

  private Either<OffloadError, Prepared> assemble(
      FlowOffer offer, ForwardPath original, ForwardPath reply) {
    return way(original, "original", "reply")
        .flatMap(out -> way(reply, "reply", "original").map(back -> prepared(offer, out, back)));
  }

  private Prepared prepared(FlowOffer offer, Way original, Way reply) {
    return new Prepared(
        offer.tuple(),
        offer.replyTuple(),
        original,
        reply,
        timeouts.millis(offer.idleTimeout(), offer.tuple().protocol()));
  }

  /** Checks an offer whose ways are known already. */
  Either<OffloadError, Prepared> prepare(RoutedOffer offer) {
    FlowOffer flow = offer.flow();
    if (flow.ingress() != offer.reply().device()) {
      return Either.left(asymmetric(flow.tuple().source(), flow.ingress(), offer.reply().device()));
    }
    if (flow.ingress() == offer.original().device()) {
      return Either.left(
          new OffloadError.Hairpin(flow.tuple().destination(), deviceName(flow.ingress())));
    }
    return checked(flow.tuple(), flow.replyTuple())
        .map(_ -> prepared(flow, offer.original(), offer.reply()));
  }

  /** The way that packets take, as the network has it now. */
  Either<OffloadError, Way> way(IpAddress from, IpAddress to) {
    return path("way", query(from, to)).flatMap(path -> way(path, "way", "way"));
  }

  /**
   * A path's way; of one that flows use, what is known of it.
   *
   * @param out the direction that leaves by it
   * @param in the direction that comes in by it
   */
  private Either<OffloadError, Way> way(ForwardPath path, String out, String in) {
    WayInUse known = inUse.find(path);
    if (known != null) {
      return Either.right(fresh(known.path(), known.way().template(), known.way().received()));
    }
    // Each direction is received as the other one's way out looks from its far end.
    return received(path, in)
        .flatMap(received -> template(path, out).map(template -> fresh(path, template, received)));
  }

  private Way fresh(ForwardPath path, Template template, Received received) {
    return new Way(table, path, template, received, state.generation(), invalidations.count());
  }

  /** Checks a flow's protocol and addresses; the one that its packets go to in the end. */
  private Either<OffloadError, IpAddress> checked(FlowTuple tuple, FlowTuple replyTuple) {
    return protocol(tuple).flatMap(_ -> addresses(tuple, replyTuple));
  }

  private Either<OffloadError, FlowTuple> protocol(FlowTuple tuple) {
    int number = tuple.protocol();
    if (number == IpProtocol.TCP || number == IpProtocol.UDP) {
      return Either.right(tuple);
    }
    Seq<Integer> withoutPorts = slots.withoutPorts(tuple.family());
    if (!withoutPorts.contains(number)) {
      return Either.left(new OffloadError.Protocol(tuple.family(), number, withoutPorts));
    }
    return (tuple.sourcePort() | tuple.destinationPort()) == 0
        ? Either.right(tuple)
        : Either.left(new OffloadError.Ports(number, tuple.sourcePort(), tuple.destinationPort()));
  }

  /**
   * Checks the four addresses of a flow; returns the one that its packets go to in the end. That
   * one and the source are other hosts', the two that a translation hides them behind are mostly
   * the router's own.
   */
  private Either<OffloadError, IpAddress> addresses(FlowTuple tuple, FlowTuple replyTuple) {
    boolean hasPorts = tuple.protocol() == IpProtocol.TCP || tuple.protocol() == IpProtocol.UDP;
    if (tuple.family() != replyTuple.family()
        || tuple.protocol() != replyTuple.protocol()
        || (!hasPorts && TupleWords.isTranslated(tuple, replyTuple))) {
      return Either.left(new OffloadError.Untranslatable(tuple, replyTuple));
    }
    if (!TupleWords.isTranslated(tuple, replyTuple)) {
      return host(tuple.source()).flatMap(_ -> host(tuple.destination()));
    }
    return host(tuple.source())
        .flatMap(_ -> unicast(tuple.destination()))
        .flatMap(_ -> unicast(replyTuple.destination()))
        .flatMap(_ -> host(replyTuple.source()));
  }

  /**
   * A direction is routed between its destinations being translated and its source, so by the
   * source that it came with: {@code ip_route_input} stands behind prerouting, and in front of
   * postrouting.
   */
  private static RouteQuery query(IpAddress from, IpAddress to) {
    return new RouteQuery(to, Option.some(from), Option.none());
  }

  /**
   * The reply would take another way than the original came: its packets are not ours to foresee.
   */
  private OffloadError asymmetric(IpAddress source, int ingress, int egress) {
    return new OffloadError.Asymmetric(source, deviceName(ingress), deviceName(egress));
  }

  private String deviceName(int ifindex) {
    return network.device(ifindex).map(Device::name).getOrElse("device " + ifindex);
  }

  private Either<OffloadError, IpAddress> host(IpAddress address) {
    return AddressKind.of(address, network)
        .<Either<OffloadError, IpAddress>>map(
            kind -> Either.left(new OffloadError.NotUnicast(address, kind)))
        .getOrElse(() -> Either.right(address));
  }

  private Either<OffloadError, IpAddress> unicast(IpAddress address) {
    return AddressKind.of(address, network)
        .filter(kind -> kind != AddressKind.LOCAL)
        .<Either<OffloadError, IpAddress>>map(
            kind -> Either.left(new OffloadError.NotUnicast(address, kind)))
        .getOrElse(() -> Either.right(address));
  }

  private Either<OffloadError, ForwardPath> path(String direction, RouteQuery query) {
    return discovery
        .to(query)
        .mapLeft(error -> (OffloadError) new OffloadError.NoPath(direction, error))
        .filterOrElse(
            path -> state.portMac(path.port()) != 0,
            path -> new OffloadError.ForeignPort(path.portName()));
  }

  private Either<OffloadError, Received> received(ForwardPath path, String direction) {
    return slots
        .key(registry, path.layers())
        .mapLeft(errors -> (OffloadError) new OffloadError.NotComposable(direction, errors.head()))
        .flatMap(stack ->
            RxComposer.compose(path, stack, sequences)
                .mapLeft(error -> new OffloadError.NotComposable(direction, error)));
  }

  private Either<OffloadError, Template> template(ForwardPath path, String direction) {
    return TemplateComposer.compose(path, sequences)
        .mapLeft(error -> new OffloadError.NotComposable(direction, error));
  }
}
