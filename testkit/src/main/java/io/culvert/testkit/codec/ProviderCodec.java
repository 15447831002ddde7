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
import io.culvert.spi.Settings;
import io.culvert.spi.Shim;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A provider's own code in the place of a naive codec, where a protocol has none. A weaker oracle:
 * what push and match get wrong together, it gets wrong as well.
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
        : Either.right(new Tunnel(layers, provider.encap(layers.head().send().carrier())));
  }

  /** One inner type of a device: what is sent, and whose words come in. */
  private record Layer(InnerType inner, EncapTuple send, EncapTuple receive, Shim shim) {}

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

  private record Tunnel(Seq<Layer> layers, Encap encap) implements PlainTunnel {
    @Override
    public Carrier carrier() {
      return layers.head().send().carrier();
    }

    @Override
    public boolean carries(InnerType type) {
      return layers.exists(layer -> layer.inner().equals(type));
    }

    @Override
    public Either<String, byte[]> encode(PlainPacket packet) {
      return layers
          .find(layer -> layer.inner().equals(packet.type()))
          .toEither("it does not carry " + packet.type())
          .map(layer -> push(layer.shim(), packet.bytes()));
    }

    private static byte[] push(Shim shim, byte[] payload) {
      byte[] packet = Arrays.copyOf(shim.bytes(), shim.length() + payload.length);
      System.arraycopy(payload, 0, packet, shim.length(), payload.length);
      for (Patch patch : shim.patches()) {
        if (patch instanceof Patch.Length(int at, int from)) {
          packet[at] = (byte) ((packet.length - from) >> 8);
          packet[at + 1] = (byte) (packet.length - from);
        }
      }
      return packet;
    }

    @Override
    public Either<String, PlainPacket> decode(byte[] payload) {
      EncapKey key = new EncapKey();
      long match;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(Math.max(1, payload.length));
        MemorySegment.copy(payload, 0, memory, ValueLayout.JAVA_BYTE, 0, payload.length);
        match = encap.match(memory, 0, payload.length, key);
      }
      if (!Match.isHit(match)) {
        return Either.left(Match.describe(match));
      }
      Seq<Long> words = List.range(0, key.size()).map(key::word);
      InnerType inner = Match.innerType(match);
      boolean isOurs =
          layers.exists(
              l -> l.inner().equals(inner) && List.ofAll(l.receive().words()).equals(words));
      return isOurs
          ? Either.right(
              new PlainPacket(
                  inner,
                  Arrays.copyOfRange(
                      payload,
                      Match.shimLength(match),
                      payload.length - Match.trailerLength(match))))
          : Either.left("another tunnel's words, or not carried");
    }
  }
}
