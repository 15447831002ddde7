package io.culvert.spi;

import io.culvert.wire.IpAddress;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * One layer of a tunnel stack in one direction: what identifies it on receipt, and how its
 * carrier's header is filled on transmit.
 *
 * @param provider name of the provider that made it
 * @param carrier what announces the shim
 * @param addresses outer addresses as they stand on the wire in this direction, the own one open if
 *     the settings do not tell it; present exactly if the carrier is an IP or UDP one
 * @param words the provider's own identity words, in the order in which {@link Encap#match} adds
 *     them; an absent key is another word than key 0
 * @param policy how the outer IP header is filled
 * @param device name of the underlay device: the one below, for a carrier by EtherType; the only
 *     one that outer packets may use, for a tunnel that is bound to one
 * @param inner what the tunnel may carry
 * @param peer the other station's MAC address, in either direction; present exactly if the carrier
 *     is by EtherType and by peer. Frames go to it, and are taken from nobody else
 * @param shimSettings what {@link EncapProvider#shim} needs to know beyond the words: bits that are
 *     sent but identify nothing, such as a priority map or an option. The framework does not look
 *     at it
 */
public record EncapTuple(
    String provider,
    Carrier carrier,
    Option<Addresses> addresses,
    Seq<Long> words,
    OuterPolicy policy,
    Option<String> device,
    Seq<InnerType> inner,
    Option<MacAddress> peer,
    Settings shimSettings) {

  /**
   * Outer addresses of one family.
   *
   * <p>The own end may be open, which is written as the unspecified address: the source on
   * transmit, the destination on receipt. The route to the other end then fills it in, when a flow
   * is offered, by {@link io.culvert.path.Route#source}. The other end is never open.
   *
   * @param source where the packet comes from
   * @param destination where it goes
   */
  public record Addresses(IpAddress source, IpAddress destination) {
    /** Checks that the families agree. */
    public Addresses {
      if (source.family() != destination.family()) {
        throw new IllegalArgumentException(
            "outer addresses: source=" + source + " destination=" + destination);
      }
    }

    /** Source and destination exchanged. */
    public Addresses reversed() {
      return new Addresses(destination, source);
    }

    /** True if an end is still to be filled in. */
    public boolean isOpen() {
      return source.isUnspecified() || destination.isUnspecified();
    }

    /** With an address, of the same family, where the open end is. */
    public Addresses closed(IpAddress own) {
      return new Addresses(
          source.isUnspecified() ? own : source, destination.isUnspecified() ? own : destination);
    }
  }

  /** A tuple whose words say all about its shim. */
  public EncapTuple(
      String provider,
      Carrier carrier,
      Option<Addresses> addresses,
      Seq<Long> words,
      OuterPolicy policy,
      Option<String> device,
      Seq<InnerType> inner,
      Option<MacAddress> peer) {
    this(provider, carrier, addresses, words, policy, device, inner, peer, Settings.of(provider));
  }

  /** A tuple of a carrier that is not by peer, whose words say all about its shim. */
  public EncapTuple(
      String provider,
      Carrier carrier,
      Option<Addresses> addresses,
      Seq<Long> words,
      OuterPolicy policy,
      Option<String> device,
      Seq<InnerType> inner) {
    this(provider, carrier, addresses, words, policy, device, inner, Option.none());
  }

  /** Checks that addresses go with the carrier, in its family, and a peer too. */
  public EncapTuple {
    boolean byPeer = carrier instanceof Carrier.EtherTypeCarrier(int _, boolean wanted) && wanted;
    if (byPeer != peer.isDefined()) {
      throw new IllegalArgumentException(
          "tuple of " + provider + ": carrier=" + carrier + " peer=" + peer);
    }
    if (!addresses.map(ends -> ends.source().family()).equals(family(carrier))) {
      throw new IllegalArgumentException(
          "tuple of " + provider + ": carrier=" + carrier + " addresses=" + addresses);
    }
  }

  /** With other outer addresses. */
  public EncapTuple withAddresses(Addresses outer) {
    return new EncapTuple(
        provider, carrier, Option.some(outer), words, policy, device, inner, peer, shimSettings);
  }

  /** With what the provider needs for the shim. */
  public EncapTuple withShimSettings(Settings settings) {
    return new EncapTuple(
        provider, carrier, addresses, words, policy, device, inner, peer, settings);
  }

  private static Option<IpFamily> family(Carrier carrier) {
    return switch (carrier) {
      case Carrier.EtherTypeCarrier _ -> Option.none();
      case Carrier.IpProtocolCarrier(IpFamily family, int _) -> Option.some(family);
      case Carrier.UdpPortCarrier(IpFamily family, int _) -> Option.some(family);
    };
  }
}
