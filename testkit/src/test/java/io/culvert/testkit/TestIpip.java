package io.culvert.testkit;

import io.culvert.spi.Attribute;
import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Match;
import io.culvert.spi.OuterAttributes;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;

/**
 * The words of an IPIP provider, for tests that only read scenarios: this module does not depend on
 * any encapsulation.
 */
public class TestIpip implements EncapProvider {
  private static final Carrier CARRIER = Carrier.ipProtocol(IpFamily.V4, 4);

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
    Seq<Attribute> attributes =
        List.of(
            new Attribute.Address("local", Option.some(IpFamily.V4)),
            new Attribute.Address("remote", Option.some(IpFamily.V4)),
            OuterAttributes.TTL,
            OuterAttributes.TOS,
            OuterAttributes.PMTUDISC,
            OuterAttributes.NOPMTUDISC,
            OuterAttributes.ECN,
            new Attribute.DeviceName("dev"),
            new Attribute.Keyword("encap", List.of("none", "fou", "gue")),
            new Attribute.Number("encap-sport", 0, 65535, 10, List.of("auto")),
            new Attribute.Number("encap-dport", 0, 65535, 10, List.empty()),
            new Attribute.Flag("encap-csum", "encap-csum", true),
            new Attribute.Flag("noencap-csum", "encap-csum", false));
    return List.of(new LinkType("ipip", LinkType.Layer.L3, attributes));
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
    if (!settings.word("encap").getOrElse("none").equals("none")) {
      return Validation.invalid(List.of(new EncapError.Unsupported("encap", "a UDP header")));
    }
    if (settings.address("remote").isEmpty()) {
      return Validation.invalid(List.of(new EncapError.Missing("remote", "an IPv4 address")));
    }
    return OuterAttributes.policy(settings)
        .map(policy ->
            new EncapTuple(
                name(),
                CARRIER,
                Option.some(
                    new EncapTuple.Addresses(
                        settings.address("local").get(), settings.address("remote").get())),
                List.empty(),
                policy,
                settings.word("dev"),
                List.of(InnerType.IPV4)));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    return Either.right(Shim.EMPTY);
  }

  @Override
  public Encap encap(Carrier carrier) {
    return (frame, at, end, key) -> Match.NOT_MINE;
  }

  @Override
  public Seq<Sample> samples() {
    return List.empty();
  }
}
