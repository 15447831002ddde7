package io.culvert.encap.gre;

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
import io.culvert.spi.OuterPolicy;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Sample;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.spi.SpiVersion;
import io.culvert.spi.Transit;
import io.culvert.wire.IpFamily;
import io.culvert.wire.Ipv4Address;
import io.culvert.wire.Ipv6Address;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Validation;

/**
 * GRE over IPv4 and IPv6, with the settings of {@code ip link add … type gre}, {@code gretap},
 * {@code ip6gre} and {@code ip6gretap}.
 *
 * <p>{@code remote} is needed: packets are taken from the configured peer only (CVE-2024-7595).
 * Without {@code local} the own end is the one that the route to the peer prefers. Key, checksum
 * and sequence number may differ between the directions. A device over IPv6 needs {@code encaplimit
 * none}.
 */
public final class GreProvider implements EncapProvider {
  /** IP protocol number of GRE (RFC 2784 §3). */
  private static final int PROTOCOL = 47;

  /** Called by the service loader. */
  public GreProvider() {}

  @Override
  public String name() {
    return "gre";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public Seq<LinkType> linkTypes() {
    return GreDevice.ALL.map(GreDevice::linkType);
  }

  @Override
  public Seq<Capability> capabilities() {
    return GreDevice.ALL.flatMap(
        device -> device.carried().map(inner -> Capability.over(device.family(), inner)));
  }

  @Override
  public Seq<Carrier> carriers(Settings settings) {
    return GreDevice.of(settings.linkType()).map(GreProvider::carrier).toList();
  }

  private static Carrier carrier(GreDevice device) {
    return Carrier.ipProtocol(device.family(), PROTOCOL);
  }

  @Override
  public Validation<Seq<EncapError>, EncapTuple> tuple(
      Settings settings, InnerType inner, Direction direction) {
    return GreDevice.of(settings.linkType())
        .map(device -> tuple(new GreSettings(device, settings), inner, direction))
        .getOrElse(() ->
            Validation.invalid(
                List.of(
                    new EncapError.Invalid(
                        "type",
                        settings.linkType(),
                        "one of " + linkTypes().map(LinkType::name).mkString(", ")))));
  }

  private Validation<Seq<EncapError>, EncapTuple> tuple(
      GreSettings gre, InnerType inner, Direction direction) {
    Validation<Seq<EncapError>, Addresses> ends = gre.ends();
    Validation<Seq<EncapError>, OuterPolicy> policy = gre.policy();
    Seq<EncapError> mistakes =
        gre.mistakes(inner)
            .appendAll(ends.isInvalid() ? ends.getError() : List.empty())
            .appendAll(policy.isInvalid() ? policy.getError() : List.empty())
            .distinct();
    if (mistakes.nonEmpty()) {
      return Validation.invalid(mistakes);
    }
    return Validation.valid(
        new EncapTuple(
            name(),
            carrier(gre.device()),
            ends.map(e -> direction == Direction.TRANSMIT ? e : e.reversed()).toOption(),
            List.of(gre.word(direction)),
            policy.get(),
            gre.settings().word("dev"),
            gre.device().carried()));
  }

  @Override
  public Either<EncapError, Shim> shim(EncapTuple tuple, InnerType inner) {
    if (!tuple.inner().contains(inner)) {
      return Either.left(
          new EncapError.Unsupported(
              inner + " in GRE", "this device carries " + tuple.inner().mkString(" and ")));
    }
    long word = tuple.words().head();
    int flags = GreHeader.flags(word);
    List<Patch> patches = List.empty();
    List<RxCheck> checks = List.empty();
    if ((flags & GreHeader.CHECKSUM_PRESENT) != 0) {
      // Over the GRE header and all that it carries (RFC 2784 §2.5).
      patches = patches.append(new Patch.Checksum(GreHeader.CHECKSUM, 0));
      checks = checks.append(new RxCheck.Checksum(0));
    }
    if ((flags & GreHeader.SEQUENCE_PRESENT) != 0) {
      patches = patches.append(new Patch.Sequence(GreHeader.sequence(flags)));
      checks = checks.append(new RxCheck.Sequence(GreHeader.sequence(flags)));
    }
    return Either.right(new Shim(GreHeader.of(word, protocolType(inner)), patches, checks));
  }

  private static int protocolType(InnerType inner) {
    return inner.equals(InnerType.ETHERNET)
        ? GreHeader.TRANSPARENT_ETHERNET_BRIDGING
        : inner.number();
  }

  /**
   * Version 0 with a whole first word, which is all that Linux looks at. Version 1 is PPTP's (RFC
   * 2637): its calls share addresses, and have numbers in place of ports.
   */
  @Override
  public Seq<Transit> transit() {
    return List.of(IpFamily.values())
        .map(family ->
            new Transit(
                family,
                PROTOCOL,
                GreHeader.LEAST_LENGTH,
                (long) GreHeader.VERSION << Short.SIZE,
                0));
  }

  @Override
  public Encap encap(Carrier carrier) {
    return GreEncap.INSTANCE;
  }

  /** Each kind of device plain and without its own address, and with a key and a checksum. */
  @Override
  public Seq<Sample> samples() {
    return GreDevice.ALL.flatMap(device ->
        device
            .carried()
            .flatMap(inner ->
                List.of(
                    new Sample(ends(device), inner),
                    new Sample(ends(device).without("local"), inner),
                    new Sample(ends(device).with("key", 1000).with("csum", true), inner))));
  }

  private static Settings ends(GreDevice device) {
    Settings settings = Settings.of(device.linkType().name());
    return device.family() == IpFamily.V4
        ? settings
            .with("local", new Ipv4Address(0xc0000201))
            .with("remote", new Ipv4Address(0xc6336401))
        : settings
            .with("local", new Ipv6Address(0x2001_0db8_0000_0000L, 1))
            .with("remote", new Ipv6Address(0x2001_0db8_0000_0001L, 1))
            .with("encaplimit", "none");
  }
}
