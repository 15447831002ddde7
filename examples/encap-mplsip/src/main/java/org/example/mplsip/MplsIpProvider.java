package org.example.mplsip;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.spi.Transit;
import io.culvert.spi.TunnelEnds;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/** MPLS in IPv4 (RFC 4023) with one label: {@code type mplsip local A remote B label N}. */
public final class MplsIpProvider implements EncapProvider {
  private static final int PROTOCOL = 137; // RFC 4023 §3
  private static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, PROTOCOL);
  private static final int LABEL_TTL = 64;
  private static final List<InnerType> CARRIED = List.of(InnerType.IPV4, InnerType.IPV6);

  private static final LinkType MPLSIP =
      new LinkType(
          "mplsip",
          LinkType.Layer.L3,
          List.of(
              new Attribute.Address("local", Option.some(IpFamily.V4)),
              new Attribute.Address("remote", Option.some(IpFamily.V4)),
              new Attribute.Number("label", MplsIpEncap.LEAST_LABEL, 0xfffff, 10, List.empty()),
              OuterAttributes.TTL,
              OuterAttributes.TOS,
              OuterAttributes.PMTUDISC,
              OuterAttributes.NOPMTUDISC,
              OuterAttributes.ECN,
              new Attribute.DeviceName("dev")));

  @Override
  public String name() {
    return "mplsip";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return List.of(MPLSIP);
  }

  @Override
  public Seq<Capability> capabilities() {
    return CARRIED.map(inner -> Capability.over(IpFamily.V4, inner));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return List.of(CARRIER);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Validation<Seq<EncapError>, Addresses> ends = TunnelEnds.of(settings, Option.some(IpFamily.V4));
    Seq<EncapError> mistakes =
        MPLSIP
            .mistakes(settings.without("local").without("remote"))
            .appendAll(ends.isInvalid() ? ends.getError() : List.empty())
            .appendAll(missing(settings, inner));
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    Addresses sent = ends.get();
    return OuterAttributes.policy(settings)
        .map(policy ->
            tuple(settings, direction == Direction.TRANSMIT ? sent : sent.reversed(), policy));
  }

  private EncapTuple tuple(Settings settings, Addresses ends, OuterPolicy policy) {
    return new EncapTuple(
        name(),
        CARRIER,
        Option.some(ends),
        List.of(settings.number("label").get()),
        policy,
        settings.word("dev"),
        CARRIED);
  }

  private static Seq<EncapError> missing(Settings settings, InnerType inner) {
    List<EncapError> missing =
        settings.values().containsKey("label")
            ? List.empty()
            : List.of(new EncapError.Missing("label", "a label, 16..1048575"));
    return CARRIED.contains(inner)
        ? missing
        : missing.append(new EncapError.Unsupported(inner + " in MPLS", "only IP is carried"));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    if (!CARRIED.contains(inner)) {
      return Either.left(new EncapError.Unsupported(inner + " in MPLS", "only IP is carried"));
    }
    int label = tuple.words().head().intValue();
    byte[] entry = {
      (byte) (label >>> 12), (byte) (label >>> 4), (byte) (label << 4 | 1), LABEL_TTL
    };
    return Either.right(new Shim(entry, List.empty(), List.empty()));
  }

  @Override
  public Seq<Transit> transit() { // a whole entry, bottom of stack
    return List.of(new Transit(IpFamily.V4, PROTOCOL, 4, 0x0000_0100, 0x0000_0100));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return MplsIpEncap.INSTANCE;
  }

  @Override
  public Seq<Sample> samples() {
    IpAddress local = new Ipv4Address(0xc0000201);
    IpAddress remote = new Ipv4Address(0xc6336401);
    Settings settings =
        Settings.of("mplsip").with("local", local).with("remote", remote).with("label", 1000);
    return CARRIED.map(inner -> new Sample(settings, inner));
  }
}
