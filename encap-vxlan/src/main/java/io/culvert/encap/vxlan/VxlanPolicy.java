package io.culvert.encap.vxlan;

import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.Inheritable;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.OuterPolicy.DontFragment;
import io.culvert.spi.OuterPolicy.Udp;
import io.culvert.spi.Settings;
import io.culvert.spi.Value;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/** How the settings of a VXLAN device fill the outer IP and UDP headers. */
final class VxlanPolicy {
  /** What Linux sends where the device leaves the TTL to the route. */
  private static final int ROUTE_TTL = 64;

  /** Linux's mark for {@code inherit}; other than in an IP tunnel, the whole byte. */
  private static final int INHERIT_TOS = 1;

  private VxlanPolicy() {}

  /** The policy, or all that is wrong with it. */
  static Validation<Seq<EncapError>, OuterPolicy> of(Settings settings, IpFamily family) {
    Either<EncapError, Udp> udp = udp(settings, family);
    // TTL and TOS have other defaults and marks than those of IP tunnels; ECN is the same.
    Validation<Seq<EncapError>, OuterPolicy> common =
        OuterAttributes.policy(settings.without("ttl").without("tos"));
    Seq<EncapError> errors =
        List.<EncapError>empty()
            .appendAll(common.isInvalid() ? common.getError() : List.empty())
            .appendAll(udp.isLeft() ? List.of(udp.getLeft()) : List.empty())
            .appendAll(flowLabelConflict(settings, family));
    if (errors.nonEmpty()) {
      return Validation.invalid(errors);
    }
    return Validation.valid(
        common
            .get()
            .withTtl(ttl(settings))
            .withTos(tos(settings))
            .withDf(df(settings))
            .withFlowLabel(flowLabel(settings))
            .withUdp(udp.get()));
  }

  private static Inheritable ttl(Settings settings) {
    int ttl = settings.number("ttl").getOrElse(0L).intValue();
    return settings.word("ttl").contains("inherit")
        ? Inheritable.INHERIT
        : Inheritable.fixed(ttl == 0 ? ROUTE_TTL : ttl);
  }

  private static Inheritable tos(Settings settings) {
    int tos = settings.number("tos").getOrElse(0L).intValue();
    return settings.word("tos").contains("inherit") || tos == INHERIT_TOS
        ? Inheritable.INHERIT
        : Inheritable.fixed(tos);
  }

  private static DontFragment df(Settings settings) {
    return switch (settings.word("df").getOrElse("unset")) {
      case "set" -> DontFragment.SET;
      case "inherit" -> DontFragment.INHERIT_OR_SET;
      default -> DontFragment.CLEAR;
    };
  }

  private static Inheritable flowLabel(Settings settings) {
    return settings.word("flowlabel").contains("inherit")
        ? Inheritable.INHERIT
        : Inheritable.fixed(settings.number("flowlabel").getOrElse(0L).intValue());
  }

  private static Option<EncapError> flowLabelConflict(Settings settings, IpFamily family) {
    boolean isAsked = !flowLabel(settings).equals(Inheritable.fixed(0));
    return family == IpFamily.V4 && isAsked
        ? Option.some(
            new Conflict(
                "flowlabel " + settings.values().get("flowlabel").get(),
                "an outer IPv4 header",
                "only IPv6 has a flow label"))
        : Option.none();
  }

  private static Either<EncapError, Udp> udp(Settings settings, IpFamily family) {
    // Over IPv6 a checksum is needed unless both ends agreed on none (RFC 6935 §5); over IPv4 zero
    // is always taken (RFC 7348 §5).
    boolean checksum =
        family == IpFamily.V4
            ? settings.flag("udpcsum", true)
            : !settings.flag("udp6zerocsumtx", false);
    boolean zeroAccepted = family == IpFamily.V4 || settings.flag("udp6zerocsumrx", false);
    return sourcePorts(settings)
        .map(ports -> new Udp(ports.least(), ports.most(), checksum, zeroAccepted));
  }

  /** The source ports that are used: as in Linux, the second number of a range is not. */
  private static Either<EncapError, Value.Range> sourcePorts(Settings settings) {
    Value.Range range = settings.range("srcport").getOrElse(new Value.Range(0, 0));
    if (range.most() == 0) {
      // RFC 7348 §5 recommends the dynamic range; Linux takes its own for local ports.
      return Either.right(
          new Value.Range(Udp.DEFAULT.leastSourcePort(), Udp.DEFAULT.mostSourcePort()));
    }
    return range.least() >= 1 && range.least() < range.most() && range.most() <= 65535
        ? Either.right(new Value.Range(range.least(), range.most() - 1))
        : Either.left(
            new EncapError.Invalid(
                "srcport",
                range.toString(),
                "two numbers 1..65535: the first port used, and the first one above it that is not"));
  }
}
