package io.culvert.path;

import io.culvert.wire.IpAddress;
import io.vavr.control.Option;

/**
 * A question for a route.
 *
 * @param destination where the packet goes
 * @param source where it comes from; unspecified if that is open
 * @param device the only device that the route may use; none if any will do
 */
public record RouteQuery(IpAddress destination, Option<IpAddress> source, Option<Integer> device) {
  /** A question by destination alone. */
  public static RouteQuery to(IpAddress destination) {
    return new RouteQuery(destination, Option.none(), Option.none());
  }

  /** Only through this device. */
  public RouteQuery through(int ifindex) {
    return new RouteQuery(destination, source, Option.some(ifindex));
  }
}
