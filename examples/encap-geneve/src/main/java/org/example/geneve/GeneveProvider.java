package org.example.geneve;

import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
import io.culvert.spi.EncapError.Invalid;
import io.culvert.spi.EncapError.Missing;
import io.culvert.spi.EncapError.Unsupported;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.EncapTuple.Addresses;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import io.vavr.control.Validation;
import java.nio.ByteBuffer;

/**
 * Geneve (RFC 8926) over IPv4 and IPv6: Ethernet frames of a segment, to one peer. Options that are
 * not critical are skipped on receipt; none are sent.
 *
 * <p>{@code local} is ours: Linux takes the address that the route prefers, which settings alone do
 * not tell.
 */
public final class GeneveProvider implements EncapProvider {
  /** The port that IANA assigned. */
  private static final long PORT = 6081;

  @Override
  public String name() {
    return "geneve";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return List.of(GeneveWords.GENEVE);
  }

  @Override
  public Seq<Capability> capabilities() {
    return List.of(
        Capability.over(IpFamily.V4, InnerType.ETHERNET),
        Capability.over(IpFamily.V6, InnerType.ETHERNET));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    long port = settings.number("dstport").filter(p -> p != 0).getOrElse(PORT);
    return port < 0 || port > 0xffff
        ? List.empty()
        : family(settings).map(family -> Carrier.udpPort(family, (int) port)).toList();
  }

  private static Option<IpFamily> family(Settings settings) {
    return settings.address("remote").orElse(settings.address("local")).map(IpAddress::family);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Seq<EncapError> mistakes =
        GeneveWords.GENEVE
            .mistakes(settings)
            .appendAll(segment(settings))
            .appendAll(ends(settings))
            .appendAll(outOfScope(settings, inner));
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    Addresses ends =
        new Addresses(settings.address("local").get(), settings.address("remote").get());
    return Validation.valid(
        new EncapTuple(
            name(),
            carriers(settings).head(),
            Option.some(direction == Direction.TRANSMIT ? ends : ends.reversed()),
            List.of(settings.number("id").orElse(settings.number("vni")).get()),
            GenevePolicy.of(settings, ends.source().family()),
            Option.none(),
            List.of(InnerType.ETHERNET)));
  }

  private static Option<EncapError> segment(Settings settings) {
    Option<Long> id = settings.number("id");
    Option<Long> vni = settings.number("vni");
    if (id.isEmpty() && vni.isEmpty()) {
      return Option.some(new Missing("id", "a VNI, 0.." + GeneveWords.MOST_VNI));
    }
    return id.isDefined() && vni.isDefined() && !id.equals(vni)
        ? Option.some(new Conflict("id " + id.get(), "vni " + vni.get(), "they mean the same"))
        : Option.none();
  }

  private static Seq<EncapError> ends(Settings settings) {
    Seq<EncapError> errors =
        end(settings, "local", "the route would choose the source of each packet")
            .appendAll(end(settings, "remote", "each packet would say where it goes"));
    if (errors.nonEmpty()) {
      return errors;
    }
    IpAddress local = settings.address("local").get();
    IpAddress remote = settings.address("remote").get();
    boolean labelled = settings.values().containsKey("flowlabel");
    if (local.family() != remote.family()) {
      return List.of(new Conflict("local " + local, "remote " + remote, "one IP version for both"));
    }
    return labelled && local.family() == IpFamily.V4
        ? List.of(new Conflict("flowlabel", "an outer IPv4 header", "only IPv6 has a flow label"))
        : List.empty();
  }

  private static List<EncapError> end(Settings settings, String field, String whyNeeded) {
    Option<IpAddress> address = settings.address(field);
    if (address.forAll(IpAddress::isUnspecified)) {
      return List.of(new Unsupported("a geneve device without " + field, whyNeeded));
    }
    boolean isUnicast = !address.get().isMulticast() && !address.get().isLoopback();
    return isUnicast
        ? List.empty()
        : List.of(new Invalid(field, address.get().toString(), "another host's unicast address"));
  }

  private static Seq<EncapError> outOfScope(Settings settings, InnerType inner) {
    List<EncapError> errors = List.empty();
    if (settings.flag("external", false)) {
      errors =
          errors.append(new Unsupported("external", "the tunnel's ends come with each packet"));
    }
    if (settings.flag("innerprotoinherit", false)) {
      errors =
          errors.append(new Unsupported("innerprotoinherit", "the device would carry no Ethernet"));
    }
    return inner.equals(InnerType.ETHERNET) ? errors : errors.append(notCarried(inner));
  }

  private static EncapError notCarried(InnerType inner) {
    return new Unsupported(inner + " in geneve", "only Ethernet is carried");
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    if (!inner.equals(InnerType.ETHERNET)) {
      return Either.left(notCarried(inner));
    }
    long header = (long) GeneveEncap.ETHERNET << 32 | tuple.words().head() << 8;
    byte[] bytes = ByteBuffer.allocate(GeneveEncap.LENGTH).putLong(header).array();
    return Either.right(new Shim(bytes, List.empty(), List.empty()));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return GeneveEncap.INSTANCE;
  }

  @Override
  public Seq<Sample> samples() {
    return List.of(List.of("192.0.2.1", "198.51.100.1"), List.of("2001:db8::1", "2001:db8:1::1"))
        .map(ends ->
            Settings.of("geneve")
                .with("id", 100)
                .with("local", IpAddress.parse(ends.head()).get())
                .with("remote", IpAddress.parse(ends.last()).get()))
        .map(settings -> new Sample(settings, InnerType.ETHERNET));
  }
}
