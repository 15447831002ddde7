package io.culvert.testkit.codec;

import io.culvert.spi.InnerType;
import io.culvert.spi.OuterPolicy.EcnMode;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainOuter.Sender;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** GRE over IPv4 and IPv6 with IP packets or Ethernet frames inside (RFC 2784, 2890). */
public final class GreCodec implements PlainCodec {
  /** Called by the service loader. */
  public GreCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("gre", "gretap", "ip6gre", "ip6gretap");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    Option<String> beyond = PlainScope.beyond(settings);
    if (beyond.isDefined()) {
      return Either.left(beyond.get());
    }
    boolean isV6 = settings.linkType().startsWith("ip6");
    Seq<InnerType> carried =
        settings.linkType().endsWith("tap")
            ? List.of(InnerType.ETHERNET)
            : List.of(InnerType.IPV4, InnerType.IPV6);
    Option<PlainOuter> outer =
        isV6
            ? PlainOuter.overIpv6(settings).map(GreCodec::withoutEcn)
            : PlainOuter.overIpv4(settings, Sender.IP_TUNNEL);
    return outer
        .toEither("no remote")
        .map(o -> new GreTunnel(o, isV6, carried, fields(settings, "o"), fields(settings, "i")));
  }

  /**
   * Linux's way over IPv6 (prepare_ip6gre_xmit_ipv4 and the like): the traffic class as it is
   * configured, or the whole byte of the inner packet; other than over IPv4, nothing looks at ECN.
   */
  private static PlainOuter withoutEcn(PlainOuter outer) {
    if (outer.policy().ecn() != EcnMode.RFC3168) {
      return outer;
    }
    return outer.withEcn(outer.policy().tos().inherit() ? EcnMode.RFC6040 : EcnMode.COMPATIBILITY);
  }

  /** What {@code csum seq key} and their halves for one direction come to. */
  private static Fields fields(Settings settings, String way) {
    Option<Long> key =
        settings.values().containsKey(way + "key")
            ? settings.number(way + "key")
            : settings.number("key");
    return new Fields(
        settings.flag(way + "csum", settings.flag("csum", false)),
        key,
        settings.flag(way + "seq", settings.flag("seq", false)));
  }

  /**
   * The optional fields of one direction.
   *
   * @param checksum true if it has a checksum
   * @param key the key, if it has one
   * @param sequence true if it has sequence numbers
   */
  record Fields(boolean checksum, Option<Long> key, boolean sequence) {}
}
