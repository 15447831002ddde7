package io.culvert.testkit.law;

import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Settings;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * One virtual device of a generated stack, apart from where it lies: without ends, peer, and the
 * device below.
 *
 * @param settings the device's settings at our end
 * @param peer the settings of the device at the other end
 * @param kind what it lies on and what it carries
 * @param outer family of its outer IP header; none exactly for a carrier by EtherType
 * @param carried families of the IP packets that it can carry, at least one
 * @param overhead bytes that it puts in front of a packet, in the direction that has more
 * @param isOpen true if the device is not told its own address, and the route tells it
 * @param socket what a router can have one device for, whatever its ends: UDP port and words; empty
 *     for other carriers
 */
public record StackLayer(
    Settings settings,
    Settings peer,
    Kind kind,
    Option<IpFamily> outer,
    Seq<IpFamily> carried,
    int overhead,
    boolean isOpen,
    String socket) {
  private static final Seq<String> PLACE = List.of("local", "remote", "dev", "link", "peer");

  /** What a device lies on and what it carries. */
  public enum Kind {
    /** Part of the frames of the device below; carries frames: a VLAN tag. */
    TAG,
    /** In the frames of the device below; carries IP packets: a PPPoE session. */
    SESSION,
    /** In IP packets; carries IP packets. */
    TUNNEL,
    /** In IP packets; carries frames. */
    BRIDGE
  }

  /** A tunnel over IPv4 that carries IPv4, whoever provides it. */
  static StackLayer ipv4(Settings settings) {
    return new StackLayer(
        settings,
        settings,
        Kind.TUNNEL,
        Option.some(IpFamily.V4),
        List.of(IpFamily.V4),
        PlainFrames.IPV4,
        false,
        "");
  }

  /**
   * The layer that complete settings make; none if the settings are refused, or something else than
   * IP or Ethernet is inside.
   */
  public static Option<StackLayer> of(EncapProvider provider, Settings settings) {
    Option<LinkType> type =
        List.ofAll(provider.linkTypes()).find(t -> t.name().equals(settings.linkType()));
    boolean isL2 = type.exists(t -> t.layer() == LinkType.Layer.L2);
    Option<EncapTuple> tuple =
        List.of(InnerType.IPV4, InnerType.IPV6, InnerType.ETHERNET)
            .flatMap(inner -> tuple(provider, settings, inner, Direction.TRANSMIT))
            .headOption();
    if (tuple.isEmpty()) {
      return Option.none();
    }
    Option<IpFamily> outer = family(tuple.get().carrier());
    Kind kind =
        outer.isDefined() ? isL2 ? Kind.BRIDGE : Kind.TUNNEL : isL2 ? Kind.TAG : Kind.SESSION;
    Seq<IpFamily> carried =
        List.of(IpFamily.values())
            .filter(family ->
                works(
                    provider,
                    settings,
                    kind == Kind.BRIDGE ? InnerType.ETHERNET : InnerType.of(family)));
    return Option.when(
        carried.nonEmpty(),
        () ->
            new StackLayer(
                bare(settings),
                bare(PeerSettings.of(provider, settings)),
                kind,
                outer,
                carried,
                overhead(
                    provider,
                    settings,
                    kind == Kind.BRIDGE ? InnerType.ETHERNET : InnerType.of(carried.head())),
                outer.isDefined() && settings.address("local").isEmpty(),
                socket(tuple.get())));
  }

  private static String socket(EncapTuple tuple) {
    // A socket takes packets from any address: the kernel makes no second device of this kind.
    return tuple.carrier() instanceof Carrier.UdpPortCarrier c
        ? c.number() + " " + tuple.words()
        : "";
  }

  private static int overhead(EncapProvider provider, Settings settings, InnerType inner) {
    return List.of(Direction.values())
        .flatMap(direction -> tuple(provider, settings, inner, direction))
        .map(
            tuple -> StackHeaders.Part.of(tuple, provider.shim(tuple, inner).get(), inner).length())
        .max()
        .getOrElse(0);
  }

  private static boolean works(EncapProvider provider, Settings settings, InnerType inner) {
    return List.of(Direction.values())
        .forAll(direction ->
            tuple(provider, settings, inner, direction)
                .exists(tuple -> provider.shim(tuple, inner).isRight()));
  }

  private static Option<EncapTuple> tuple(
      EncapProvider provider, Settings settings, InnerType inner, Direction direction) {
    return provider.tuple(settings, inner, direction).fold(_ -> Option.none(), Option::some);
  }

  private static Option<IpFamily> family(Carrier carrier) {
    return switch (carrier) {
      case Carrier.EtherTypeCarrier _ -> Option.none();
      case Carrier.IpProtocolCarrier(IpFamily family, int _) -> Option.some(family);
      case Carrier.UdpPortCarrier(IpFamily family, int _) -> Option.some(family);
    };
  }

  private static Settings bare(Settings settings) {
    return PLACE.foldLeft(settings, Settings::without);
  }

  /** With both ends of an outer IP header where they belong. */
  public Settings placed(Settings bare, EncapTuple.Addresses ends) {
    Settings settings = bare.with("remote", ends.destination());
    return isOpen ? settings : settings.with("local", ends.source());
  }

  /**
   * The same, told its own address: of several tunnels to one peer, which one a packet belongs to
   * would be a matter of the router's rules.
   */
  public StackLayer told() {
    return new StackLayer(settings, peer, kind, outer, carried, overhead, false, socket);
  }

  /** True if the device has a MAC address and neighbours. */
  public boolean isEthernet() {
    return kind == Kind.TAG || kind == Kind.BRIDGE;
  }

  /** True if it lies in Ethernet frames, and not in IP packets. */
  public boolean isOnEthernet() {
    return outer.isEmpty();
  }

  /** True if the device can lie on another one; on a real port any device can. */
  public boolean canLieOn(StackLayer below) {
    return below.isEthernet() || (!isOnEthernet() && below.carried().containsAll(outer));
  }

  @Override
  public String toString() {
    return settings.linkType() + settings.values().map(v -> " " + v._1 + " " + v._2).mkString();
  }
}
