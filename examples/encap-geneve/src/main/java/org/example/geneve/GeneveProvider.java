package org.example.geneve;

import io.culvert.spi.Capability;
import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapError.Conflict;
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
import io.culvert.spi.TunnelEnds;
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
 * <p>As in Linux there is no {@code local}: the own end is left open, and is the address that the
 * route to the other end prefers.
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
        : TunnelEnds.family(settings).map(family -> Carrier.udpPort(family, (int) port)).toList();
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    Validation<Seq<EncapError>, Addresses> ends = TunnelEnds.of(settings, Option.none());
    Seq<EncapError> mistakes =
        GeneveWords.GENEVE
            .mistakes(settings.without("remote"))
            .appendAll(segment(settings))
            .appendAll(ends.isValid() ? List.empty() : ends.getError())
            .appendAll(label(settings))
            .appendAll(outOfScope(settings, inner));
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    return Validation.valid(
        new EncapTuple(
            name(),
            carriers(settings).head(),
            Option.some(direction == Direction.TRANSMIT ? ends.get() : ends.get().reversed()),
            List.of(settings.number("id").get()),
            GenevePolicy.of(settings, ends.get().source().family()),
            Option.none(),
            List.of(InnerType.ETHERNET)));
  }

  private static Option<EncapError> segment(Settings settings) {
    return settings.values().containsKey("id")
        ? Option.none()
        : Option.some(new Missing("id", "a VNI, 0.." + GeneveWords.MOST_VNI));
  }

  private static Option<EncapError> label(Settings settings) {
    boolean isV4 = TunnelEnds.family(settings).contains(IpFamily.V4);
    return isV4 && settings.values().containsKey("flowlabel")
        ? Option.some(
            new Conflict("flowlabel", "an outer IPv4 header", "only IPv6 has a flow label"))
        : Option.none();
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
    return List.of("198.51.100.1", "2001:db8:1::1")
        .map(remote ->
            Settings.of("geneve").with("id", 100).with("remote", IpAddress.parse(remote).get()))
        .map(settings -> new Sample(settings, InnerType.ETHERNET));
  }
}
