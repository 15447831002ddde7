package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.spi.Settings;
import io.culvert.testkit.codec.PlainDecoded.NotMine;
import io.culvert.testkit.codec.PlainDecoded.Refused;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/** PPPoE's session stage (RFC 2516 §4) with IPv4 and IPv6 packets inside. */
public final class PppoeCodec implements PlainCodec {
  private static final Carrier SESSION = Carrier.etherTypeByPeer(0x8864);
  private static final int DISCOVERY = 0x8863;
  private static final int TERMINATE = 0xa7;
  private static final int HEADER = 6;
  private static final int PPP_IPV4 = 0x0021;
  private static final int PPP_IPV6 = 0x0057;

  /** Called by the service loader. */
  public PppoeCodec() {}

  @Override
  public Seq<String> linkTypes() {
    return List.of("pppoe");
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    Option<Long> session = settings.number("session");
    Option<MacAddress> peer = settings.mac("peer");
    return session.isEmpty() || peer.isEmpty()
        ? Either.left("no session or peer")
        : Either.right(new Session(session.get().intValue(), peer));
  }

  private record Session(int id, Option<MacAddress> peer) implements PlainTunnel {
    @Override
    public Seq<Carrier> carriers() {
      return List.of(SESSION);
    }

    @Override
    public boolean carries(InnerType type) {
      return type.equals(InnerType.IPV4) || type.equals(InnerType.IPV6);
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      byte[] header = new byte[HEADER + 2];
      Octets.put8(header, 0, 0x11);
      Octets.put16(header, 2, id);
      Octets.put16(header, 4, packet.bytes().length + 2);
      Octets.put16(header, 6, packet.type().equals(InnerType.IPV4) ? PPP_IPV4 : PPP_IPV6);
      return Either.right(new PlainPayload(SESSION, Octets.join(header, packet.bytes())));
    }

    /** Version, type and code are not looked at: {@code pppoe_rcv} does not either. */
    @Override
    public Option<String> illegal(PlainPayload payload) {
      byte[] bytes = payload.bytes();
      boolean isShort = bytes.length < HEADER || bytes.length - HEADER < Octets.u16(bytes, 4);
      return isShort ? Option.some("length") : Option.none();
    }

    /** PADT (RFC 2516 §5.5): code 0xa7 and the session; the tags do not count. */
    @Override
    public boolean isEndedBy(int etherType, byte[] content) {
      return etherType == DISCOVERY
          && content.length >= HEADER
          && (content[1] & 0xff) == TERMINATE
          && Octets.u16(content, 2) == id;
    }

    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      byte[] bytes = payload.bytes();
      if (Octets.u16(bytes, 2) != id) {
        return new NotMine("session");
      }
      int length = Octets.u16(bytes, 4);
      // A protocol in one byte is legal PPP, but nobody has agreed to it.
      int protocol = length < 2 ? -1 : Octets.u16(bytes, HEADER);
      byte[] packet = Arrays.copyOfRange(bytes, HEADER + Math.min(2, length), HEADER + length);
      return switch (protocol) {
        case PPP_IPV4 -> new PlainDecoded.Packet(new PlainPacket(InnerType.IPV4, packet, priority));
        case PPP_IPV6 -> new PlainDecoded.Packet(new PlainPacket(InnerType.IPV6, packet, priority));
        default -> new Refused("a PPP protocol that is not IP");
      };
    }
  }
}
