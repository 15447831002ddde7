package io.culvert.testkit.codec;

import io.culvert.spi.Carrier;
import io.culvert.spi.Direction;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapError;
import io.culvert.spi.EncapKey;
import io.culvert.spi.EncapProvider;
import io.culvert.spi.EncapTuple;
import io.culvert.spi.InnerType;
import io.culvert.spi.LinkType;
import io.culvert.spi.Match;
import io.culvert.spi.Patch;
import io.culvert.spi.RxCheck;
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.culvert.testkit.codec.PlainOuter.Sender;
import io.culvert.wire.IpFamily;
import io.culvert.wire.MacAddress;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A provider's own code in the place of a naive codec, where a protocol has none. A weaker oracle:
 * what push and match get wrong together, it gets wrong as well; what a sequence number or the
 * priority of a packet would ask for, it does not know.
 */
final class ProviderCodec implements PlainCodec {
  private final EncapProvider provider;

  ProviderCodec(EncapProvider provider) {
    this.provider = provider;
  }

  @Override
  public Seq<String> linkTypes() {
    return provider.linkTypes().map(LinkType::name);
  }

  @Override
  public Either<String, PlainTunnel> open(Settings settings) {
    Seq<InnerType> carried = provider.capabilities().map(c -> c.inner()).distinct();
    Seq<Layer> layers = carried.flatMap(inner -> layer(settings, inner).toOption());
    return layers.isEmpty()
        ? Either.left("the provider refuses these settings")
        : Either.right(new Tunnel(provider, layers));
  }

  /** One inner type of a device: what is sent, and whose words come in. */
  private record Layer(InnerType inner, EncapTuple send, EncapTuple receive, Shim shim) {
    boolean carries(InnerType type) {
      return inner.equals(type)
          || (inner.equals(InnerType.ANY_ETHERTYPE) && type.namespace() == InnerType.ETHERTYPE);
    }
  }

  private Either<Seq<EncapError>, Layer> layer(Settings settings, InnerType inner) {
    return provider
        .tuple(settings, inner, Direction.TRANSMIT)
        .toEither()
        .flatMap(send ->
            provider
                .tuple(settings, inner, Direction.RECEIVE)
                .toEither()
                .flatMap(receive ->
                    provider
                        .shim(send, inner)
                        .mapLeft(error -> (Seq<EncapError>) List.of(error))
                        .map(shim -> new Layer(inner, send, receive, shim))));
  }

  private record Tunnel(EncapProvider provider, Seq<Layer> layers) implements PlainTunnel {
    @Override
    public Seq<Carrier> carriers() {
      return layers.map(layer -> layer.send().carrier()).distinct();
    }

    @Override
    public Option<PlainOuter> outer() {
      EncapTuple send = layers.head().send();
      return send.addresses()
          .map(ends ->
              new PlainOuter(
                  Option.some(ends.source()).filter(own -> !own.isUnspecified()),
                  ends.destination(),
                  send.device(),
                  send.policy(),
                  sender(send.carrier())));
    }

    private static Sender sender(Carrier carrier) {
      return switch (carrier) {
        case Carrier.UdpPortCarrier _ -> Sender.UDP_TUNNEL;
        case Carrier.IpProtocolCarrier(IpFamily family, int _) when family == IpFamily.V6 ->
            Sender.IP6_TUNNEL;
        default -> Sender.IP_TUNNEL;
      };
    }

    @Override
    public Option<MacAddress> peer() {
      return layers.head().send().peer();
    }

    @Override
    public boolean carries(InnerType type) {
      return layers.exists(layer -> layer.carries(type));
    }

    @Override
    public Either<String, PlainPayload> encode(PlainPacket packet) {
      return layers
          .find(layer -> layer.carries(packet.type()))
          .toEither("it does not carry " + packet.type())
          .flatMap(layer ->
              provider
                  .shim(layer.send(), packet.type())
                  .mapLeft(EncapError::message)
                  .map(shim ->
                      new PlainPayload(layer.send().carrier(), push(shim, packet.bytes()))));
    }

    private static byte[] push(Shim shim, byte[] payload) {
      byte[] packet = Octets.join(shim.bytes(), payload);
      for (Patch patch : shim.patches()) {
        if (patch instanceof Patch.Length(int at, int from)) {
          Octets.put16(packet, at, packet.length - from);
        }
      }
      for (Patch patch : shim.patches()) {
        if (patch instanceof Patch.Checksum(int at, int from)) {
          Octets.put16(packet, at, Octets.checksum(packet, from, packet.length));
        }
      }
      return packet;
    }

    @Override
    public PlainDecoded decode(PlainPayload payload, PlainPriority priority) {
      byte[] bytes = payload.bytes();
      EncapKey key = new EncapKey();
      Encap encap = provider.encap(payload.carrier());
      long match;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        match = encap.match(memory, 0, bytes.length, key);
      }
      if (!Match.isHit(match)) {
        return new PlainDecoded.Refused(Match.describe(match));
      }
      Seq<Long> words = List.range(0, key.size()).map(key::word);
      InnerType inner = Match.innerType(match);
      Option<Layer> ours =
          layers.find(l -> l.carries(inner) && List.ofAll(l.receive().words()).equals(words));
      if (ours.exists(layer -> hasWrongBits(layer, inner, bytes))) {
        return new PlainDecoded.Refused("bits that this device does not take");
      }
      return ours.isDefined()
          ? new PlainDecoded.Packet(
              new PlainPacket(
                  inner,
                  Arrays.copyOfRange(
                      bytes, Match.shimLength(match), bytes.length - Match.trailerLength(match)),
                  priority))
          : new PlainDecoded.NotMine("another tunnel's words, or not carried");
    }

    private boolean hasWrongBits(Layer layer, InnerType inner, byte[] packet) {
      return provider
          .shim(layer.receive(), inner)
          .exists(shim ->
              shim.checks()
                  .exists(check -> check instanceof RxCheck.Bits bits && !isRight(bits, packet)));
    }

    private static boolean isRight(RxCheck.Bits bits, byte[] packet) {
      long found = 0;
      for (int at = bits.at(); at < bits.at() + 8; at++) {
        found = found << 8 | (at < packet.length ? packet[at] & 0xff : 0);
      }
      return (found & bits.mask()) == bits.value();
    }
  }
}
