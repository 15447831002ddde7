package io.culvert.flowtable.registry;

import io.culvert.flowtable.registry.Rejection.BadAnswer;
import io.culvert.spi.Carrier;
import io.culvert.spi.Transit;
import io.culvert.wire.IpFamily;
import io.culvert.wire.IpProtocol;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * The check of what a provider lets pass through. Its own protocols only: so whoever owns a carrier
 * is the only one to say this of it.
 */
final class TransitCheck {
  private static final Seq<Integer> WITH_PORTS = List.of(IpProtocol.TCP, IpProtocol.UDP);

  /** Hop-by-hop options, routing, fragment, authentication, destination options. */
  private static final Seq<Integer> EXTENSION_HEADERS = List.of(0, 43, 44, 51, 60);

  private TransitCheck() {}

  /** The first thing wrong, if any. */
  static Option<Rejection> run(Seq<Transit> transit, Seq<Carrier> claims) {
    for (Transit one : transit) {
      Carrier carrier = carrier(one);
      if (isOurs(one)) {
        return bad(carrier + " is the framework's own to read");
      }
      if (!claims.contains(carrier)) {
        return bad(one + " is not a carrier of its samples");
      }
      if (transit.count(other -> carrier(other).equals(carrier)) > 1) {
        return bad(carrier + " is there twice");
      }
    }
    return Option.none();
  }

  private static Carrier carrier(Transit one) {
    return Carrier.ipProtocol(one.family(), one.protocol());
  }

  private static boolean isOurs(Transit one) {
    return WITH_PORTS.contains(one.protocol())
        || (one.family() == IpFamily.V6 && EXTENSION_HEADERS.contains(one.protocol()));
  }

  private static Option<Rejection> bad(String why) {
    return Option.some(new BadAnswer("transit", why));
  }
}
