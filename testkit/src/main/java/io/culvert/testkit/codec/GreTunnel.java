package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.InnerType;
import io.culvert.testkit.codec.GreCodec.Fields;
import io.culvert.testkit.codec.PlainDecoded.NotMine;
import io.culvert.testkit.codec.PlainDecoded.Refused;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;

/** A GRE device as Linux has it: lax with some reserved bits, strict with checksums. */
final class GreTunnel implements PlainTunnel {
  private static final int GRE = 47;
  private static final int TRANSPARENT_ETHERNET = 0x6558;
  private static final int WCCP = 0x883e;
  private static final int ETHERNET_HEADER = 14;

  private static final int CHECKSUM = 0x8000;
  private static final int ROUTING = 0x4000;
  private static final int KEY = 0x2000;
  private static final int SEQUENCE = 0x1000;

  /** Linux looks at this many bytes over IPv4, whatever the header's length (gre_rcv). */
  private static final int LEAST_OVER_IPV4 = 12;

  /** Over IPv4 reserved bits 9 to 12 count as part of the version (gre_rcv), not bit 8. */
  private static final int VERSION_OVER_IPV4 = 0x7f;

  private static final int VERSION = 0x07;

  private final PlainOuter outer;
  private final boolean isV6;
  private final Seq<InnerType> carried;
  private final Fields send;
  private final Fields receive;
  private PlainSequences sequences = PlainSequences.own();

  GreTunnel(PlainOuter outer, boolean isV6, Seq<InnerType> carried, Fields send, Fields receive) {
    this.outer = outer;
    this.isV6 = isV6;
    this.carried = carried;
    this.send = send;
    this.receive = receive;
  }

  private Carrier carrier() {
    return Carrier.ipProtocol(isV6 ? IpFamily.V6 : IpFamily.V4, GRE);
  }

  @Override
  public Seq<Carrier> carriers() {
    return List.of(carrier());
  }

  @Override
  public Option<PlainOuter> outer() {
    return Option.some(outer);
  }

  @Override
  public boolean carries(InnerType type) {
    return carried.contains(type);
  }

  private boolean isTap() {
    return carries(InnerType.ETHERNET);
  }

  @Override
  public Either<String, PlainPayload> encode(PlainPacket packet) {
    int length = 4 + (send.checksum() ? 4 : 0) + (send.key().isDefined() ? 4 : 0);
    byte[] header = new byte[length + (send.sequence() ? 4 : 0)];
    int flags =
        (send.checksum() ? CHECKSUM : 0)
            | (send.key().isDefined() ? KEY : 0)
            | (send.sequence() ? SEQUENCE : 0);
    Octets.put16(header, 0, flags);
    Octets.put16(header, 2, isTap() ? TRANSPARENT_ETHERNET : packet.type().number());
    send.key().forEach(key -> Octets.put32(header, length - 4, key));
    if (send.sequence()) {
      Octets.put32(header, length, sequences.next());
    }
    byte[] payload = Octets.join(header, packet.bytes());
    if (send.checksum()) {
      Octets.put16(payload, 4, Octets.checksum(payload, 0, payload.length));
    }
    return Either.right(new PlainPayload(carrier(), payload));
  }

  @Override
  public void share(PlainSequences shared) {
    sequences = shared;
  }

  @Override
  public Option<Integer> checksumAt() {
    return send.checksum() ? Option.some(4) : Option.none();
  }

  @Override
  public Option<Integer> sequenceAt() {
    int at = 4 + (send.checksum() ? 4 : 0) + (send.key().isDefined() ? 4 : 0);
    return send.sequence() ? Option.some(at) : Option.none();
  }

  /** {@code gre_rcv} and {@code gre_parse_header}. */
  @Override
  public Option<String> illegal(PlainPayload payload) {
    byte[] bytes = payload.bytes();
    if (bytes.length < (isV6 ? 4 : LEAST_OVER_IPV4)) {
      return Option.some("truncated");
    }
    if ((bytes[1] & (isV6 ? VERSION : VERSION_OVER_IPV4)) != 0) {
      return Option.some("version");
    }
    int flags = Octets.u16(bytes, 0);
    if ((flags & ROUTING) != 0) {
      return Option.some("routing bit");
    }
    if (bytes.length < length(flags)) {
      return Option.some("truncated");
    }
    boolean isWrong = (flags & CHECKSUM) != 0 && Octets.checksum(bytes, 0, bytes.length) != 0;
    return isWrong ? Option.some("checksum") : Option.none();
  }

  private static int length(int flags) {
    return 4 + 4 * Integer.bitCount(flags & (CHECKSUM | KEY | SEQUENCE));
  }

  @Override
  public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
    byte[] bytes = payload.bytes();
    int flags = Octets.u16(bytes, 0);
    int type = Octets.u16(bytes, 2);
    int length = length(flags);
    if (flags == 0 && type == WCCP) {
      // WCCP version 2 puts four bytes in front of the packet, version 1 does not.
      type = isV6 ? InnerType.IPV6.number() : InnerType.IPV4.number();
      length += bytes.length > 4 && (bytes[4] & 0xf0) == 0x40 ? 0 : 4;
    }
    if (isTap() && type != TRANSPARENT_ETHERNET) {
      return new NotMine("protocol type");
    }
    if (!isMyKey(flags, bytes)) {
      return new NotMine("key");
    }
    if (!isTap() && type == TRANSPARENT_ETHERNET) {
      // Linux gives a frame that no tap device takes to the other one, which has no use for it.
      return new Refused("protocol type");
    }
    if (bytes.length < length + (isTap() ? ETHERNET_HEADER : 0)) {
      return new Refused("truncated");
    }
    if (((flags & CHECKSUM) != 0) != receive.checksum()) {
      return new Refused("with or without checksum");
    }
    if (receive.sequence() && !isNext(flags, bytes, length(flags) - 4)) {
      return new Refused("sequence number");
    }
    InnerType inner = isTap() ? InnerType.ETHERNET : new InnerType(InnerType.ETHERTYPE, type);
    byte[] packet = Arrays.copyOfRange(bytes, length, bytes.length);
    return new PlainDecoded.Packet(new PlainPacket(inner, packet, priority));
  }

  private boolean isMyKey(int flags, byte[] bytes) {
    boolean hasKey = (flags & KEY) != 0;
    long key = hasKey ? Octets.u32(bytes, (flags & CHECKSUM) != 0 ? 8 : 4) : 0;
    // ip6gre_tunnel_lookup compares the number only, so that no key and key 0 are the same.
    return isV6
        ? key == receive.key().getOrElse(0L)
        : hasKey == receive.key().isDefined() && receive.key().forAll(k -> k == key);
  }

  /** As RFC 2890 §2.2 has it, without buffer: what is late is dropped. */
  private boolean isNext(int flags, byte[] bytes, int at) {
    if ((flags & SEQUENCE) == 0) {
      return false;
    }
    return sequences.accept((int) Octets.u32(bytes, at));
  }
}
