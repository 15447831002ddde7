package io.culvert.encap.vxlan;

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
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Validation;

/**
 * VXLAN over IPv4 and IPv6, with the settings of {@code ip link add … type vxlan}.
 *
 * <p>A point-to-point segment: {@code remote} is needed, and packets are taken from that peer only.
 * Without {@code local} the own end is the one that the route to the peer prefers. What the device
 * learns of other peers is used by the slow path alone.
 */
public final class VxlanProvider implements EncapProvider {
  /** Called by the service loader. */
  public VxlanProvider() {}

  @Override
  public String name() {
    return "vxlan";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return List.of(VxlanLinkType.VXLAN);
  }

  @Override
  public Seq<Capability> capabilities() {
    return List.of(
        Capability.over(IpFamily.V4, InnerType.ETHERNET),
        Capability.over(IpFamily.V6, InnerType.ETHERNET));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return new VxlanSettings(settings).carrier().toList();
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    VxlanSettings vxlan = new VxlanSettings(settings);
    Validation<Seq<EncapError>, Addresses> ends = vxlan.ends();
    Validation<Seq<EncapError>, OuterPolicy> policy =
        VxlanPolicy.of(settings, vxlan.family().getOrElse(IpFamily.V4));
    Seq<EncapError> mistakes =
        vxlan
            .mistakes(inner)
            .appendAll(ends.isInvalid() ? ends.getError() : List.empty())
            .appendAll(policy.isInvalid() ? policy.getError() : List.empty())
            .distinct();
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    EncapTuple tuple =
        new EncapTuple(
            name(),
            vxlan.carrier().get(),
            ends.map(e -> direction == Direction.TRANSMIT ? e : e.reversed()).toOption(),
            List.of(vxlan.vni()),
            policy.get(),
            settings.word("dev"),
            List.of(InnerType.ETHERNET));
    return Validation.valid(tuple.withShimSettings(vxlan.judged()));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    if (!inner.equals(InnerType.ETHERNET)) {
      return Either.left(new Unsupported(inner + " in vxlan", "only Ethernet is carried"));
    }
    // A receiver ignores reserved bits (RFC 7348 §5). But they are sent as zero, and what sets them
    // is an extension (GBP, GPE) that changes what the frame means: strict unless told otherwise.
    long reserved = new VxlanSettings(tuple.shimSettings()).reservedBits();
    return Either.right(
        new Shim(
            VxlanHeader.of(tuple.words().head()),
            List.empty(),
            reserved == 0 ? List.empty() : List.of(new RxCheck.Bits(0, reserved, 0))));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return VxlanEncap.INSTANCE;
  }

  /** Over both families, each without its own address too; and with reserved bits ignored. */
  @Override
  public Seq<Sample> samples() {
    Settings segment = Settings.of("vxlan").with("id", 100).with("dstport", 4789);
    Settings over4 =
        segment
            .with("local", new Ipv4Address(0xc0000201))
            .with("remote", new Ipv4Address(0xc6336401));
    Settings over6 =
        segment
            .with("local", new Ipv6Address(0x2001_0db8_0000_0000L, 1))
            .with("remote", new Ipv6Address(0x2001_0db8_0000_0001L, 1));
    return List.of(
            over4,
            over6,
            over4.without("local"),
            over6.without("local"),
            over4.with("reserved", "ignore"),
            over6.with("reserved_bits", "0xf7ffffff00000000"))
        .map(settings -> new Sample(settings, InnerType.ETHERNET));
  }
}
