package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.Inheritable;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainOuter.Sender;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * IP in IP: nothing stands between the two headers, and the protocol number tells what follows (RFC
 * 2003, 4213, 2473).
 */
public final class IpipCodec implements PlainCodec {
  private static final int IPV4_IN_IP = 4;
  private static final int IPV6_IN_IP = 41;

  /** Called by the service loader. */
  public IpipCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("ipip", "sit", "ip6tnl");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    Option<String> beyond = PlainScope.beyond(settings);
    if (beyond.isDefined()) {
      return Either.left(beyond.get());
    }
    boolean isV6 = settings.linkType().equals("ip6tnl");
    Option<PlainOuter> outer =
        isV6 ? PlainOuter.overIpv6(settings) : PlainOuter.overIpv4(settings, Sender.IP_TUNNEL);
    return outer
        .toEither("no remote")
        .map(o -> new Tunnel(settings, isV6 ? IpFamily.V6 : IpFamily.V4, carried(settings), o));
  }

  private static Seq<InnerType> carried(Settings settings) {
    List<InnerType> v4 = List.of(InnerType.IPV4);
    List<InnerType> both = List.of(InnerType.IPV4, InnerType.IPV6);
    return switch (settings.word("mode").getOrElse("any")) {
      case "any", "any/ipv4", "any/ipv6" -> settings.linkType().equals("ipip") ? v4 : both;
      case "ip6ip", "ip6ip6", "ipv6/ipv4", "ipv6/ipv6" -> List.of(InnerType.IPV6);
      case "mplsip", "mpls/ipv4" -> List.empty();
      default -> v4;
    };
  }

  private record Tunnel(
      Settings settings, IpFamily family, Seq<InnerType> carried, PlainOuter header)
      implements PlainTunnel {
    private Carrier carrier(InnerType type) {
      return Carrier.ipProtocol(family, type.equals(InnerType.IPV4) ? IPV4_IN_IP : IPV6_IN_IP);
    }

    private static InnerType type(PlainPayload payload) {
      return payload.carrier() instanceof Carrier.IpProtocolCarrier c && c.number() == IPV4_IN_IP
          ? InnerType.IPV4
          : InnerType.IPV6;
    }

    @Override
    public Seq<Carrier> carriers() {
      // A device takes the packets of its mode only, but its type asks for both.
      return settings.linkType().equals("ipip")
          ? List.of(carrier(InnerType.IPV4))
          : List.of(carrier(InnerType.IPV4), carrier(InnerType.IPV6));
    }

    @Override
    public Option<PlainOuter> outer() {
      return Option.some(header);
    }

    @Override
    public PlainOuter outer(InnerType inner) {
      if (!settings.linkType().equals("sit") || !inner.equals(InnerType.IPV6)) {
        return header;
      }
      // ipip6_tunnel_xmit knows one TOS that means "inherit"; other odd ones are taken as they are.
      int tos = settings.number("tos").getOrElse(0L).intValue();
      Inheritable field =
          tos == 1 || settings.word("tos").contains("inherit")
              ? Inheritable.INHERIT
              : Inheritable.fixed(tos);
      return new PlainOuter(
          header.local(),
          header.remote(),
          header.device(),
          header.policy().withTos(field),
          Sender.SIT);
    }

    @Override
    public Option<String> illegal(PlainPayload payload) {
      int least = type(payload).equals(InnerType.IPV4) ? 20 : 40;
      return payload.bytes().length < least ? Option.some("no inner header") : Option.none();
    }

    @Override
    public boolean carries(InnerType type) {
      return carried.contains(type);
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      return Either.right(new PlainPayload(carrier(packet.type()), packet.bytes()));
    }

    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      InnerType type = type(payload);
      return carries(type)
          ? new PlainDecoded.Packet(new PlainPacket(type, payload.bytes(), priority))
          : new PlainDecoded.Refused("another mode");
    }
  }
}
