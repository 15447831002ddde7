package io.culvert.encap.ipip;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * IPv4 in IPv4, with the settings of {@code ip link add … type ipip}.
 *
 * <p>{@code local} and {@code remote} are both needed: packets are taken from the configured peer
 * only (CVE-2020-10136), and a tunnel with a wildcard end is refused as not offloadable.
 */
public final class IpipProvider implements EncapProvider {
  /** IPv4 as a payload of IP (RFC 2003 §3.1). */
  private static final int PROTOCOL = 4;

  private static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, PROTOCOL);

  private static final LinkType IPIP =
      new LinkType(
          "ipip",
          LinkType.Layer.L3,
          List.of(
              new Attribute.Address("local", Option.some(IpFamily.V4)),
              new Attribute.Address("remote", Option.some(IpFamily.V4)),
              OuterAttributes.TTL,
              OuterAttributes.TOS,
              OuterAttributes.PMTUDISC,
              OuterAttributes.NOPMTUDISC,
              OuterAttributes.ECN,
              new Attribute.DeviceName("dev"),
              new Attribute.Keyword("mode", List.of("ipip", "ip4ip4", "any", "mplsip")),
              new Attribute.Flag("external", "external", true),
              new Attribute.Keyword("encap", List.of("none", "fou", "gue")),
              new Attribute.Number("encap-sport", 0, 65535, 10, List.of("auto")),
              new Attribute.Number("encap-dport", 0, 65535, 10, List.empty()),
              new Attribute.Flag("encap-csum", "encap-csum", true),
              new Attribute.Flag("noencap-csum", "encap-csum", false),
              new Attribute.Flag("encap-csum6", "encap-csum6", true),
              new Attribute.Flag("noencap-csum6", "encap-csum6", false),
              new Attribute.Flag("encap-remcsum", "encap-remcsum", true),
              new Attribute.Flag("noencap-remcsum", "encap-remcsum", false)));

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
    return List.of(IPIP);
  }

  @Override
  public Seq<Capability> capabilities() {
    return List.of(Capability.over(IpFamily.V4, InnerType.IPV4));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return List.of(CARRIER);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    // The ends are judged below, more strictly than by their family.
    Seq<EncapError> refused =
        IPIP.mistakes(settings.without("local").without("remote"))
            .appendAll(outOfScope(settings, inner));
    Validation<Seq<EncapError>, Addresses> addresses =
        Validation.combine(end(settings, "local"), end(settings, "remote"))
            .ap(Addresses::new)
            .mapError(errors -> errors);
    Validation<Seq<EncapError>, EncapTuple> tuple =
        Validation.combine(addresses, OuterAttributes.policy(settings).mapError(e -> e))
            .ap((ends, policy) ->
                new EncapTuple(
                    name(),
                    CARRIER,
                    Option.some(direction == Direction.TRANSMIT ? ends : ends.reversed()),
                    List.empty(),
                    policy,
                    settings.word("dev"),
                    List.of(InnerType.IPV4)))
            .mapError(errors -> errors.flatMap(e -> e));
    return refused.isEmpty()
        ? tuple
        : Validation.invalid(
            tuple.isInvalid() ? refused.appendAll(tuple.getError()).distinct() : refused);
  }

  /** An end's address: a unicast one, since nobody else's packets are taken. */
  private static Validation<EncapError, IpAddress> end(Settings settings, String field) {
    Option<IpAddress> address = settings.address(field);
    if (address.isEmpty() || address.get().isUnspecified()) {
      return Validation.invalid(
          new Unsupported("an ipip tunnel without " + field, "both ends must be known"));
    }
    boolean isUnicast =
        address.get() instanceof Ipv4Address(int bits)
            && bits != -1
            && !address.get().isMulticast()
            && !address.get().isLoopback();
    return isUnicast
        ? Validation.valid(address.get())
        : Validation.invalid(
            new EncapError.Invalid(field, address.get().toString(), "a unicast IPv4 address"));
  }

  private static Seq<EncapError> outOfScope(Settings settings, InnerType inner) {
    List<EncapError> errors = List.empty();
    String encap = settings.word("encap").getOrElse("none");
    if (!encap.equals("none")) {
      errors = errors.append(new Unsupported("encap " + encap, "a UDP header around the tunnel"));
    }
    if (settings.flag("external", false)) {
      errors =
          errors.append(new Unsupported("external", "the tunnel's ends come with each packet"));
    }
    String mode = settings.word("mode").getOrElse("ipip");
    if (mode.equals("mplsip")) {
      errors = errors.append(new Unsupported("mode " + mode, "MPLS inside is not served"));
    }
    if (!inner.equals(InnerType.IPV4)) {
      errors = errors.append(new Unsupported(inner + " in ipip", "only IPv4 is carried"));
    }
    return errors;
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    return inner.equals(InnerType.IPV4)
        ? Either.right(Shim.EMPTY)
        : Either.left(new Unsupported(inner + " in ipip", "only IPv4 is carried"));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return IpipEncap.IPV4_INSIDE;
  }

  @Override
  public Seq<Sample> samples() {
    Settings settings =
        Settings.of("ipip")
            .with("local", new Ipv4Address(0xc0000201))
            .with("remote", new Ipv4Address(0xc6336401));
    return List.of(new Sample(settings, InnerType.IPV4));
  }
}
