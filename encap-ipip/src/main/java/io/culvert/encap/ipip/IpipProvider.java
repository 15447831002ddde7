package io.culvert.encap.ipip;

import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.spi.TunnelEnds;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * IP in IP in all four pairs of families, with the settings of {@code ip link add … type ipip},
 * {@code sit} and {@code ip6tnl}.
 *
 * <p>{@code remote} is needed: packets are taken from the configured peer only (CVE-2020-10136; RFC
 * 4213 §4), and a tunnel with a wildcard peer is refused as not offloadable. Without {@code local}
 * the own end is the one that the route to the peer prefers.
 *
 * <p>A mode that carries both families is two layers, of which a packet's own family picks one: the
 * protocols of the outer header differ.
 */
public final class IpipProvider implements EncapProvider {

  /** Called by the service loader. */
  public IpipProvider() {}

  @Override
  public String name() {
    return "ipip";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return IpTunnel.ALL.map(IpTunnel::type);
  }

  @Override
  public Seq<Capability> capabilities() {
    return List.of(IpFamily.V4, IpFamily.V6)
        .flatMap(outer ->
            List.of(InnerType.IPV4, InnerType.IPV6).map(inner -> Capability.over(outer, inner)));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return IpTunnel.of(settings)
        .toList()
        .flatMap(tunnel -> tunnel.carried(settings).map(tunnel::carrier));
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Option<IpTunnel> tunnel = IpTunnel.of(settings);
    return tunnel.isDefined()
        ? tuple(tunnel.get(), settings, inner, direction)
        : Validation.invalid(
            List.of(
                new EncapError.Invalid(
                    "type",
                    settings.linkType(),
                    linkTypes().map(LinkType::name).mkString("one of ", ", ", ""))));
  }

  private Validation<Seq<EncapError>, EncapTuple> tuple(
      IpTunnel tunnel, Settings settings, InnerType inner, Direction direction) {
    // The ends are judged below, more strictly than by their family.
    Seq<EncapError> refused =
        tunnel
            .type()
            .mistakes(settings.without("local").without("remote"))
            .appendAll(IpTunnelScope.refusals(tunnel, settings, inner));
    Validation<Seq<EncapError>, EncapTuple> tuple =
        Validation.combine(
                TunnelEnds.of(settings, Option.some(tunnel.outer())),
                tunnel.policy(settings, inner).mapError(e -> e))
            .ap((ends, policy) ->
                new EncapTuple(
                    name(),
                    tunnel.carrier(inner),
                    Option.some(direction == Direction.TRANSMIT ? ends : ends.reversed()),
                    List.empty(),
                    policy,
                    settings.word("dev"),
                    List.of(inner)))
            .mapError(errors -> errors.flatMap(e -> e));
    return refused.isEmpty()
        ? tuple
        : Validation.invalid(
            tuple.isInvalid() ? refused.appendAll(tuple.getError()).distinct() : refused);
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    return tuple.inner().contains(inner)
        ? Either.right(Shim.EMPTY)
        : Either.left(
            new Unsupported(
                inner + " behind " + tuple.carrier(),
                "only " + tuple.inner().mkString(" and ") + " is carried"));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return carrier instanceof Carrier.IpProtocolCarrier(IpFamily _, int number)
            && number == IpTunnel.IPV6_PROTOCOL
        ? Ipv6Encap.IPV6_INSIDE
        : IpipEncap.IPV4_INSIDE;
  }

  @Override
  public Seq<Sample> samples() {
    Settings over4 =
        Settings.of("ipip")
            .with("local", new Ipv4Address(0xc0000201))
            .with("remote", new Ipv4Address(0xc6336401));
    Settings over6 =
        Settings.of("ip6tnl")
            .with("local", new Ipv6Address(0x2001_0db8_0000_0000L, 1))
            .with("remote", new Ipv6Address(0x2001_0db8_0000_0001L, 1))
            .with("encaplimit", "none");
    Settings sit = new Settings("sit", over4.values());
    return List.of(
        new Sample(over4, InnerType.IPV4),
        new Sample(over4.without("local"), InnerType.IPV4),
        new Sample(sit.with("mode", "ip6ip"), InnerType.IPV6),
        new Sample(sit.with("mode", "any"), InnerType.IPV4),
        new Sample(over6.with("mode", "ip6ip6"), InnerType.IPV6),
        new Sample(over6.with("mode", "ipip6"), InnerType.IPV4),
        new Sample(over6.without("local"), InnerType.IPV6));
  }
}
