package io.culvert.encap.ipip;

import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** What Linux can do with an IP tunnel and the fast path cannot, each with the reason. */
final class IpTunnelScope {
  private IpTunnelScope() {}

  /** What of a device's settings, carrying {@code inner}, is out of scope. */
  static Seq<EncapError> refusals(IpTunnel tunnel, Settings settings, InnerType inner) {
    Seq<Option<EncapError>> all =
        List.of(
            udpAround(settings),
            flag(settings, "external", "the tunnel's ends come with each packet"),
            flag(settings, "isatap", "the remote end follows from each packet's next hop"),
            set(settings, "6rd-prefix", "remote ends follow from addresses inside"),
            set(settings, "6rd-relay_prefix", "remote ends follow from addresses inside"),
            set(settings, "dscp", "the inner header would take the outer DSCP on receipt"),
            mark(settings),
            encapLimit(tunnel, settings),
            carried(tunnel, settings, inner));
    return all.flatMap(refusal -> refusal);
  }

  private static Option<EncapError> udpAround(Settings settings) {
    String encap = settings.word("encap").getOrElse("none");
    return encap.equals("none")
        ? Option.none()
        : refused("encap " + encap, "a UDP header around the tunnel");
  }

  private static Option<EncapError> flag(Settings settings, String field, String why) {
    return settings.flag(field, false) ? refused(field, why) : Option.none();
  }

  private static Option<EncapError> set(Settings settings, String field, String why) {
    return settings.word(field).flatMap(value -> refused(field + " " + value, why));
  }

  private static Option<EncapError> mark(Settings settings) {
    String mark =
        settings.word("fwmark").getOrElse(() -> settings.number("fwmark").getOrElse(0L).toString());
    return mark.equals("0")
        ? Option.none()
        : refused("fwmark " + mark, "the route to the remote end would depend on a mark");
  }

  /** RFC 2473 §4.1.1; what is not set is 4, as {@code ip} sets it. */
  private static Option<EncapError> encapLimit(IpTunnel tunnel, Settings settings) {
    if (tunnel.outer() == IpFamily.V4 || settings.word("encaplimit").contains("none")) {
      return Option.none();
    }
    long limit = settings.number("encaplimit").getOrElse(4L);
    return refused(
        "encaplimit " + limit,
        "each packet would have a Destination Options header; expected encaplimit none");
  }

  private static Option<EncapError> carried(IpTunnel tunnel, Settings settings, InnerType inner) {
    Seq<InnerType> carried = tunnel.carried(settings);
    return carried.contains(inner)
        ? Option.none()
        : refused(
            inner + " in " + tunnel.type().name() + " mode " + IpTunnel.mode(settings),
            carried.isEmpty()
                ? "MPLS inside is not served"
                : "only " + carried.mkString(" and ") + " is carried");
  }

  private static Option<EncapError> refused(String what, String why) {
    return Option.some(new Unsupported(what, why));
  }
}
