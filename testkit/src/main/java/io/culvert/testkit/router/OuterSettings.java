package io.culvert.testkit.router;

import io.culvert.spi.Settings;
import io.culvert.wire.IpAddress;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * The settings of ip(8) for an outer IP header, read by ourselves.
 *
 * @param local own end
 * @param remote other end
 * @param device the only device for outer packets
 * @param ttl fixed TTL; 0 takes the inner packet's
 * @param tos fixed TOS; its ECN bits do not count
 * @param inheritsTos true to take the inner packet's TOS instead
 * @param df true if outer packets always carry DF
 * @param ecn {@code rfc3168}, {@code rfc6040} or {@code compatibility}
 */
record OuterSettings(
    IpAddress local,
    IpAddress remote,
    Option<String> device,
    int ttl,
    int tos,
    boolean inheritsTos,
    boolean df,
    String ecn) {

  static Either<String, OuterSettings> of(Settings settings) {
    Option<IpAddress> local = settings.address("local");
    Option<IpAddress> remote = settings.address("remote");
    if (local.isEmpty() || remote.isEmpty()) {
      return Either.left("local or remote is missing");
    }
    int ttl = settings.number("ttl").getOrElse(0L).intValue();
    int tos = settings.number("tos").getOrElse(0L).intValue();
    return Either.right(
        new OuterSettings(
            local.get(),
            remote.get(),
            settings.word("dev"),
            ttl,
            tos & 0xfe,
            settings.word("tos").contains("inherit") || (tos & 1) == 1,
            // The kernel sets DF with any fixed TTL, whatever else was asked for.
            settings.flag("pmtudisc", true) || ttl != 0,
            settings.word("ecn").getOrElse("rfc6040")));
  }

  /** The outer TOS byte of a packet whose own is {@code inner}. */
  int tos(int inner) {
    int dscp = (inheritsTos ? inner : tos) & 0xfc;
    int mark = inner & 3;
    return dscp
        | switch (ecn) {
          // INET_ECN_encapsulate: congestion that the inner packet saw is not told the outer path.
          case "rfc3168" -> mark == 3 ? 2 : mark;
          case "compatibility" -> 0;
          default -> mark;
        };
  }
}
