package io.culvert.flowtable.path;

import io.culvert.flowtable.path.ForwardPath.EthernetInside;
import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * Walks the virtual devices from the one that a route names down to a real port, as {@code
 * dev_fill_forward_path} does in Linux: each device adds one layer and names the one below.
 *
 * <p>Refused: a device met twice, more than {@link #MAX_LAYERS} layers, devices that are down or
 * out of scope, a missing route or neighbour, and ways through which not even the smallest packet
 * fits.
 */
public final class PathDiscovery {
  /** Most tunnel layers of a way. */
  public static final int MAX_LAYERS = 8;

  private static final int LEAST_MTU_4 = 68; // RFC 791 §3.2
  private static final int LEAST_MTU_6 = 1280; // RFC 8200 §5

  private final EncapRegistry registry;
  private final Network network;
  private final Underlay underlay;
  private final PathMtus pathMtus;

  /** A discovery over what the registry serves and the network says. */
  public PathDiscovery(EncapRegistry registry, Network network) {
    this(registry, network, new PathMtus());
  }

  /** The same with path MTUs that are learned, of what tunnels send. */
  public PathDiscovery(EncapRegistry registry, Network network, PathMtus pathMtus) {
    this.pathMtus = pathMtus;
    this.registry = registry;
    this.network = network;
    underlay = new Underlay(network);
  }

  /** The way that an IP packet takes to an address, routed by the network. */
  public Either<PathError, ForwardPath> to(RouteQuery query) {
    return route(query, "the flow")
        .flatMap(route -> along(route, query.destination(), query.destination().family()));
  }

  private Either<PathError, ForwardPath> along(Route route, IpAddress to, IpFamily family) {
    Walk start = Walk.start(InnerType.of(family), route.mtu());
    return step(start, route.ifindex(), route.nextHop(to))
        .filterOrElse(
            path -> path.mtu() >= leastMtu(family),
            path -> new PathError.MtuTooSmall(path.portName(), path.mtu(), leastMtu(family)));
  }

  /** Bytes that every link of a version takes. */
  public static int leastMtu(IpFamily family) {
    return family == IpFamily.V4 ? LEAST_MTU_4 : LEAST_MTU_6;
  }

  private Either<PathError, ForwardPath> step(Walk before, int ifindex, IpAddress nextHop) {
    Option<Device> found = network.device(ifindex);
    if (found.isEmpty()) {
      return Either.left(new PathError.NoDevice("with index " + ifindex));
    }
    Device device = found.get();
    if (before.seen().contains(device.name())) {
      return Either.left(new PathError.Loop(before.seen().append(device.name())));
    }
    if (!device.isUp()) {
      return Either.left(new PathError.DeviceDown(device.name()));
    }
    // IPv6 runs on links that take 1,280 bytes (RFC 8200 §5), whatever is in the packet.
    if (before.carried().equals(InnerType.IPV6) && device.mtu() < LEAST_MTU_6) {
      return Either.left(new PathError.MtuTooSmall(device.name(), device.mtu(), LEAST_MTU_6));
    }
    Walk walk = before.through(device);
    return switch (device) {
      case Device.Port port -> leave(walk, port, nextHop);
      case Device.Virtual virtual -> descend(walk, virtual, nextHop);
      case Device.OutOfScope other ->
          Either.left(new PathError.OutOfScope(other.name(), other.why()));
    };
  }

  private Either<PathError, ForwardPath> leave(Walk walk, Device.Port port, IpAddress nextHop) {
    if (!walk.source().forAll(port.address()::equals)) {
      return Either.left(foreignAddress(walk, port.name()));
    }
    return destination(walk, port, nextHop)
        .map(mac ->
            new ForwardPath(
                walk.layers(),
                port.ifindex(),
                port.name(),
                port.address(),
                mac,
                walk.inner(),
                walk.mtu()));
  }

  /** Frames of a device above with an address of its own: the port would not take the answers. */
  private static PathError foreignAddress(Walk walk, String device) {
    return new PathError.OutOfScope(
        device, "a device above it has another MAC address: " + walk.source().get());
  }

  /** Where a frame that leaves by this device goes: what is known already, or the next hop's. */
  private Either<PathError, MacAddress> destination(Walk walk, Device device, IpAddress nextHop) {
    return walk.destination()
        .orElse(() -> network.neighbour(device.ifindex(), nextHop))
        .toEither((PathError) new PathError.NoNeighbour(nextHop, device.name()));
  }

  private Either<PathError, ForwardPath> descend(
      Walk walk, Device.Virtual device, IpAddress nextHop) {
    if (walk.layers().size() == MAX_LAYERS) {
      return Either.left(new PathError.TooDeep(walk.seen(), MAX_LAYERS));
    }
    String type = device.settings().linkType();
    return registry
        .providerOf(type)
        .toEither((PathError) new PathError.OutOfScope(device.name(), "no provider for " + type))
        .flatMap(provider ->
            isL2(provider, device)
                ? ethernet(walk, provider, device, nextHop)
                : layer(provider, device, walk.carried(), Option.none())
                    .flatMap(layer -> below(walk, device, layer, nextHop)));
  }

  private static boolean isL2(Guarded provider, Device.Virtual device) {
    return provider
        .linkTypes()
        .getOrElse(List.empty())
        .exists(type ->
            type.name().equals(device.settings().linkType()) && type.layer() == LinkType.Layer.L2);
  }

  /** A device that carries Ethernet frames: it has an address, and neighbours. */
  private Either<PathError, ForwardPath> ethernet(
      Walk walk, Guarded provider, Device.Virtual device, IpAddress nextHop) {
    if (device.address().isEmpty()) {
      return Either.left(new PathError.OutOfScope(device.name(), "its MAC address is not known"));
    }
    if (!walk.source().forAll(device.address().get()::equals)) {
      return Either.left(foreignAddress(walk, device.name()));
    }
    return destination(walk, device, nextHop)
        .flatMap(mac -> {
          Walk between = walk.between(device.address(), Option.some(mac));
          return isTag(provider, device)
              ? layer(provider, device, walk.carried(), Option.none())
                  .map(Laid::layer)
                  .flatMap(layer -> onFrame(between.tag(layer), device, layer, nextHop))
              : layer(
                      provider,
                      device,
                      InnerType.ETHERNET,
                      Option.some(new EthernetInside(device.address().get(), mac)))
                  .flatMap(layer -> below(between, device, layer, nextHop));
        });
  }

  /** True if the device's layer is part of the frame, and carries none. */
  private static boolean isTag(Guarded provider, Device.Virtual device) {
    return provider
        .carriers(device.settings())
        .getOrElse(List.empty())
        .exists(Carrier.EtherTypeCarrier.class::isInstance);
  }

  /**
   * A device's layer, and the way of its outer packets.
   *
   * @param layer the layer, with both ends
   * @param route to the other end; none for a layer behind an EtherType
   */
  private record Laid(Layer layer, Option<Route> route) {}

  private Either<PathError, Laid> layer(
      Guarded provider, Device.Virtual device, InnerType inner, Option<EthernetInside> ethernet) {
    return tuple(provider, device, inner, Direction.TRANSMIT)
        .flatMap(transmit ->
            tuple(provider, device, inner, Direction.RECEIVE)
                .flatMap(receive ->
                    lay(transmit, receive, device.name())
                        .flatMap(ends ->
                            ends.layer(provider, device, inner, ethernet)
                                .mapLeft(errors ->
                                    (PathError) new PathError.Refused(device.name(), errors))
                                .map(layer -> new Laid(layer, ends.route())))));
  }

  private static Either<PathError, EncapTuple> tuple(
      Guarded provider, Device.Virtual device, InnerType inner, Direction direction) {
    return provider
        .tuple(device.settings(), inner, direction)
        .mapLeft(errors -> new PathError.Refused(device.name(), errors));
  }

  /** Both tuples of a device with both ends. */
  private record Ends(EncapTuple transmit, EncapTuple receive, Option<Route> route) {
    Either<Seq<EncapError>, Layer> layer(
        Guarded provider, Device.Virtual device, InnerType inner, Option<EthernetInside> ethernet) {
      return provider
          .shim(transmit, inner)
          .flatMap(shim ->
              provider
                  .shim(receive, inner)
                  .map(receiveShim ->
                      new Layer(
                          device.ifindex(),
                          device.name(),
                          transmit,
                          receive,
                          shim,
                          receiveShim,
                          inner,
                          ethernet)));
    }
  }

  private Either<PathError, Ends> lay(EncapTuple transmit, EncapTuple receive, String device) {
    if (transmit.addresses().isEmpty()) {
      return Either.right(new Ends(transmit, receive, Option.none()));
    }
    return underlay
        .route(transmit, Direction.TRANSMIT, device)
        .flatMap(route ->
            underlay
                .closed(transmit, Direction.TRANSMIT, route, device)
                .flatMap(sent ->
                    underlay
                        .closed(receive, Direction.RECEIVE, route, device)
                        .map(taken -> new Ends(sent, taken, Option.some(route)))));
  }

  /** Goes on to the device that carries the layer. */
  private Either<PathError, ForwardPath> below(
      Walk walk, Device.Virtual device, Laid laid, IpAddress nextHop) {
    if (laid.route().isEmpty()) {
      return onFrame(walk.shim(laid.layer()), device, laid.layer(), nextHop);
    }
    Route route = laid.route().get();
    IpAddress remote = laid.layer().transmit().addresses().get().destination();
    Walk pushed = walk.push(laid.layer()).routed(route).limited(pathMtus.of(remote));
    return step(pushed, route.ifindex(), route.nextHop(remote));
  }

  /** A layer behind an EtherType: it goes to the device that its settings name. */
  private Either<PathError, ForwardPath> onFrame(
      Walk walk, Device.Virtual device, Layer layer, IpAddress nextHop) {
    return layer
        .transmit()
        .device()
        .toEither((PathError) new PathError.OutOfScope(device.name(), "no device below is named"))
        .flatMap(name -> network.device(name).toEither((PathError) new PathError.NoDevice(name)))
        .flatMap(lower -> step(walk, lower.ifindex(), nextHop));
  }

  private Either<PathError, Route> route(RouteQuery query, String asking) {
    return network
        .route(query)
        .toEither((PathError) new PathError.NoRoute(query.destination(), asking));
  }
}
