package io.culvert.flowtable.path;

import io.culvert.flowtable.path.ForwardPath.Layer;
import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.Guarded;
import io.culvert.path.Device;
import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
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
  private static final int MOST_MTU = 65535; // the total length field, whatever a device says
  private static final int LEAST_MTU_6 = 1280; // RFC 8200 §5

  private final EncapRegistry registry;
  private final Network network;

  /** A discovery over what the registry serves and the network says. */
  public PathDiscovery(EncapRegistry registry, Network network) {
    this.registry = registry;
    this.network = network;
  }

  /** The way that an IP packet takes to an address, routed by the network. */
  public Either<PathError, ForwardPath> to(RouteQuery query) {
    return route(query, "the flow")
        .flatMap(route -> along(route, query.destination(), query.destination().family()));
  }

  private Either<PathError, ForwardPath> along(Route route, IpAddress to, IpFamily family) {
    InnerType inner = InnerType.of(family);
    Walk start =
        new Walk(
            List.empty(), List.empty(), route.mtu().getOrElse(Integer.MAX_VALUE), 0, inner, inner);
    return step(start, route.ifindex(), route.nextHop(to))
        .filterOrElse(
            path -> path.mtu() >= leastMtu(family),
            path -> new PathError.MtuTooSmall(path.portName(), path.mtu(), leastMtu(family)));
  }

  private static int leastMtu(IpFamily family) {
    return family == IpFamily.V4 ? LEAST_MTU_4 : LEAST_MTU_6;
  }

  /**
   * The walk so far.
   *
   * @param layers outermost first
   * @param seen names of the devices, in order
   * @param mtu longest innermost packet so far
   * @param overhead bytes added so far
   * @param inner what was sent at the start
   * @param carried what the next device is given
   */
  private record Walk(
      List<Layer> layers,
      List<String> seen,
      int mtu,
      int overhead,
      InnerType inner,
      InnerType carried) {

    Walk through(Device device) {
      return new Walk(
          layers,
          seen.append(device.name()),
          Math.min(mtu, Math.min(device.mtu(), MOST_MTU) - overhead),
          overhead,
          inner,
          carried);
    }

    Walk push(Layer layer, InnerType nowCarried) {
      return new Walk(
          layers.prepend(layer), seen, mtu, overhead + layer.overhead(), inner, nowCarried);
    }

    Walk routed(Route route) {
      int limit = route.mtu().map(m -> m - overhead).getOrElse(Integer.MAX_VALUE);
      return new Walk(layers, seen, Math.min(mtu, limit), overhead, inner, carried);
    }
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
    Walk walk = before.through(device);
    return switch (device) {
      case Device.Port port -> leave(walk, port, nextHop);
      case Device.Virtual virtual -> descend(walk, virtual);
      case Device.OutOfScope other ->
          Either.left(new PathError.OutOfScope(other.name(), other.why()));
    };
  }

  private Either<PathError, ForwardPath> leave(Walk walk, Device.Port port, IpAddress nextHop) {
    return network
        .neighbour(port.ifindex(), nextHop)
        .toEither((PathError) new PathError.NoNeighbour(nextHop, port.name()))
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

  private Either<PathError, ForwardPath> descend(Walk walk, Device.Virtual device) {
    if (walk.layers().size() == MAX_LAYERS) {
      return Either.left(new PathError.TooDeep(walk.seen(), MAX_LAYERS));
    }
    String type = device.settings().linkType();
    return registry
        .providerOf(type)
        .toEither((PathError) new PathError.OutOfScope(device.name(), "no provider for " + type))
        .flatMap(provider -> layer(provider, device, walk.carried()))
        .flatMap(layer -> below(walk, device, layer));
  }

  private static Either<PathError, Layer> layer(
      Guarded provider, Device.Virtual device, InnerType inner) {
    Either<Seq<EncapError>, Layer> layer =
        provider
            .tuple(device.settings(), inner, Direction.TRANSMIT)
            .flatMap(transmit ->
                provider
                    .tuple(device.settings(), inner, Direction.RECEIVE)
                    .flatMap(receive ->
                        provider
                            .shim(transmit, inner)
                            .map(shim ->
                                new Layer(
                                    device.ifindex(),
                                    device.name(),
                                    transmit,
                                    receive,
                                    shim,
                                    inner))));
    return layer.mapLeft(errors -> new PathError.Refused(device.name(), errors));
  }

  /** Goes on to the device that carries the layer: by the underlay's route to the outer address. */
  private Either<PathError, ForwardPath> below(Walk walk, Device.Virtual device, Layer layer) {
    if (layer.transmit().addresses().isEmpty()) {
      return Either.left(
          new PathError.OutOfScope(device.name(), layer.transmit().carrier() + " is not served"));
    }
    EncapTuple.Addresses outer = layer.transmit().addresses().get();
    Walk pushed = walk.push(layer, InnerType.of(outer.source().family()));
    return underlay(outer, layer.transmit().device())
        .flatMap(query -> route(query, device.name()))
        .flatMap(route ->
            step(pushed.routed(route), route.ifindex(), route.nextHop(outer.destination())));
  }

  private Either<PathError, RouteQuery> underlay(EncapTuple.Addresses outer, Option<String> bound) {
    RouteQuery query =
        new RouteQuery(outer.destination(), Option.some(outer.source()), Option.none());
    if (bound.isEmpty()) {
      return Either.right(query);
    }
    return network
        .device(bound.get())
        .toEither((PathError) new PathError.NoDevice(bound.get()))
        .map(device -> query.through(device.ifindex()));
  }

  private Either<PathError, Route> route(RouteQuery query, String asking) {
    return network
        .route(query)
        .toEither((PathError) new PathError.NoRoute(query.destination(), asking));
  }
}
