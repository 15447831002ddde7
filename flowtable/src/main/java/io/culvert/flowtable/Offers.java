package io.culvert.flowtable;

import io.culvert.flowtable.path.ForwardPath;
import io.culvert.flowtable.path.PathDiscovery;
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

/** Turns an offer into what the table stores: both ways, both receive keys, both templates. */
final class Offers {
  private final EncapRegistry registry;
  private final Network network;
  private final PathDiscovery discovery;
  private final PacketState state;
  private final Slots slots;
  private final Sequences sequences;

  Offers(
      EncapRegistry registry,
      Network network,
      PacketState state,
      Slots slots,
      Sequences sequences) {
    this.sequences = sequences;
    this.registry = registry;
    this.network = network;
    this.state = state;
    this.slots = slots;
    discovery = new PathDiscovery(registry, network);
  }

  /**
   * What an offer comes to.
   *
   * @param flow the flow with its ways
   * @param originalKey receive key of the original direction
   * @param replyKey receive key of the reply direction
   * @param originalTemplate headers of the original direction's way out
   * @param replyTemplate headers of the reply direction's way out
   */
  record Prepared(
      Flow flow,
      FlowRecord.Key originalKey,
      FlowRecord.Key replyKey,
      Template originalTemplate,
      Template replyTemplate) {

    /** True if a packet could not tell the directions apart. */
    boolean isSelfConnected() {
      return originalKey.port() == replyKey.port()
          && originalKey.tuple().equals(replyKey.tuple())
          && flow.original().layers().equals(flow.reply().layers());
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

  Either<OffloadError, Prepared> prepare(FlowOffer offer) {
    FlowTuple tuple = offer.tuple();
    return protocol(tuple)
        .flatMap(_ -> addresses(tuple, offer.replyTuple()))
        .flatMap(far -> path("original", query(tuple.source(), far)))
        .flatMap(original ->
            path("reply", query(offer.replyTuple().source(), tuple.source()))
                .filterOrElse(
                    reply -> reply.devices().head() == offer.ingress(),
                    reply -> asymmetric(tuple.source(), offer.ingress(), reply))
                .filterOrElse(
                    _ -> original.devices().head() != offer.ingress(),
                    _ -> new OffloadError.Hairpin(tuple.destination(), deviceName(offer.ingress())))
                .flatMap(reply ->
                    assemble(
                        new Flow(
                            tuple,
                            offer.replyTuple(),
                            offer.ingress(),
                            original,
                            reply,
                            offer.idleTimeout()))));
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
        || (!hasPorts && !replyTuple.equals(tuple.reversed()))) {
      return Either.left(new OffloadError.Untranslatable(tuple, replyTuple));
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
  private OffloadError asymmetric(IpAddress source, int ingress, ForwardPath reply) {
    return new OffloadError.Asymmetric(
        source, deviceName(ingress), deviceName(reply.devices().head()));
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

  private Either<OffloadError, Prepared> assemble(Flow flow) {
    // Each direction is received as the other one's way out looks from its far end.
    return key(flow.tuple(), flow.reply(), "original")
        .flatMap(originalKey ->
            key(flow.replyTuple(), flow.original(), "reply")
                .flatMap(replyKey ->
                    template(flow.original(), "original")
                        .flatMap(originalTemplate ->
                            template(flow.reply(), "reply")
                                .map(replyTemplate ->
                                    new Prepared(
                                        flow,
                                        originalKey,
                                        replyKey,
                                        originalTemplate,
                                        replyTemplate)))));
  }

  private Either<OffloadError, FlowRecord.Key> key(
      FlowTuple tuple, ForwardPath wayBack, String direction) {
    return slots
        .key(registry, wayBack.layers())
        .bimap(
            errors -> (OffloadError) new OffloadError.NotComposable(direction, errors.head()),
            stack -> stack)
        .flatMap(stack ->
            RxComposer.compose(wayBack, sequences)
                .<OffloadError>mapLeft(error -> new OffloadError.NotComposable(direction, error))
                .map(received ->
                    new FlowRecord.Key(
                        tuple, wayBack.port(), stack, wayBack.layers().size(), received)));
  }

  private Either<OffloadError, Template> template(ForwardPath path, String direction) {
    return TemplateComposer.compose(path, sequences)
        .mapLeft(error -> new OffloadError.NotComposable(direction, error));
  }
}
