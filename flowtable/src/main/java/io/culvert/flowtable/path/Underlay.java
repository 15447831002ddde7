package io.culvert.flowtable.path;

import io.culvert.path.Network;
import io.culvert.path.PathError;
import io.culvert.path.Route;
import io.culvert.path.RouteQuery;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.wire.IpAddress;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * What lies between the ends of a tunnel over IP: the route of its outer packets, and the own end
 * where the tunnel leaves it to that route.
 *
 * @param network what the embedder knows
 */
public record Underlay(Network network) {

  /**
   * The route to a tunnel's other end.
   *
   * @param tuple the tunnel in either direction
   * @param direction which one
   * @param device the tunnel's name
   */
  public Either<PathError, Route> route(EncapTuple tuple, Direction direction, String device) {
    Addresses sent = sent(tuple, direction);
    IpAddress remote = sent.destination();
    if (remote.isUnspecified()) {
      return Either.left(new PathError.OutOfScope(device, "its other end is open"));
    }
    Option<IpAddress> source = Option.some(sent.source()).filter(own -> !own.isUnspecified());
    return query(new RouteQuery(remote, source, Option.none()), tuple.device())
        .flatMap(query ->
            network.route(query).toEither((PathError) new PathError.NoRoute(remote, device)));
  }

  private Either<PathError, RouteQuery> query(RouteQuery query, Option<String> bound) {
    return bound.isEmpty()
        ? Either.right(query)
        : network
            .device(bound.get())
            .toEither((PathError) new PathError.NoDevice(bound.get()))
            .map(device -> query.through(device.ifindex()));
  }

  /**
   * A tuple with both ends: an open own end is the address that the route prefers.
   *
   * @param route to the other end
   */
  public Either<PathError, EncapTuple> closed(
      EncapTuple tuple, Direction direction, Route route, String device) {
    Addresses outer = tuple.addresses().get();
    if (!outer.isOpen()) {
      return Either.right(tuple);
    }
    return route
        .source()
        .filter(own -> own.family() == outer.source().family() && !own.isUnspecified())
        .map(own -> tuple.withAddresses(outer.closed(own)))
        .toEither((PathError) new PathError.NoSource(device, sent(tuple, direction).destination()));
  }

  /** The same, by the route that there is now. A tuple without outer addresses has no ends. */
  public Either<PathError, EncapTuple> closed(
      EncapTuple tuple, Direction direction, String device) {
    return tuple.addresses().exists(Addresses::isOpen)
        ? route(tuple, direction, device).flatMap(route -> closed(tuple, direction, route, device))
        : Either.right(tuple);
  }

  private static Addresses sent(EncapTuple tuple, Direction direction) {
    Addresses outer = tuple.addresses().get();
    return direction == Direction.TRANSMIT ? outer : outer.reversed();
  }
}
