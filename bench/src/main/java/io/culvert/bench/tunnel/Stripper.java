package io.culvert.bench.tunnel;

import io.culvert.flowtable.registry.EncapRegistry;
import io.culvert.flowtable.registry.LoadReport.Accepted;
import io.culvert.spi.Carrier;
import io.culvert.spi.Encap;
import io.culvert.spi.EncapKey;
import io.culvert.spi.InnerType;
import io.culvert.spi.Match;
import io.culvert.wire.IpFamily;
import io.vavr.collection.List;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes tunnels off frames: every layer that a provider's {@code match} accepts behind one of its
 * carriers, whoever's tunnel it is.
 */
public final class Stripper {
  /** More layers are taken for an attack on whoever looks into them. */
  private static final int MOST_LAYERS = 16;

  private static final int UDP = 17;

  private record Owner(String name, Encap encap) {}

  private final Map<Carrier, Owner> owners = new HashMap<>();

  /**
   * What became of a frame.
   *
   * @param frame the frame without its tunnels
   * @param layers the layers taken off, outermost first, as text
   * @param why why it was not looked into further; empty if there was no tunnel left
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier of bytes; never compared.
  public record Stripped(byte[] frame, List<String> layers, String why) {}

  /**
   * A stripper of the carriers that the providers claim.
   *
   * @param registry the providers
   */
  public Stripper(EncapRegistry registry) {
    for (Accepted accepted : registry.report().accepted()) {
      accepted.carriers().forEach(carrier -> own(registry, accepted.name(), carrier));
    }
  }

  private void own(EncapRegistry registry, String name, Carrier carrier) {
    registry
        .provider(name)
        .flatMap(provider -> provider.encap(carrier).toOption())
        .forEach(encap -> owners.putIfAbsent(carrier, new Owner(name, encap)));
  }

  /** Also a provider's packets to another UDP port. */
  public void addPort(EncapRegistry registry, String name, int port) {
    for (IpFamily family : IpFamily.values()) {
      own(registry, name, Carrier.udpPort(family, port));
    }
  }

  /** Takes all tunnels off a frame. */
  public Stripped strip(byte[] bytes) {
    Option<PlainFrame> parsed = PlainFrame.parse(bytes);
    if (parsed.isEmpty()) {
      return new Stripped(bytes, List.empty(), "shorter than an Ethernet header");
    }
    PlainFrame frame = parsed.get();
    List<String> layers = List.empty();
    while (true) {
      Either<String, Option<Taken>> next = next(frame);
      if (next.isLeft() || next.get().isEmpty() || layers.size() == MOST_LAYERS) {
        String why = next.fold(w -> w, taken -> taken.isEmpty() ? "" : "more layers than 16");
        return new Stripped(layers.isEmpty() ? bytes : frame.bytes(), layers, why);
      }
      layers = layers.append(next.get().get().layer());
      frame = next.get().get().inside();
    }
  }

  private record Taken(String layer, PlainFrame inside) {}

  /** The frame without its outermost layer, none if it has none, or why that stays on. */
  private Either<String, Option<Taken>> next(PlainFrame frame) {
    for (boolean byPeer : new boolean[] {false, true}) {
      if (frame.type() >= 0x0600) {
        Owner owner = owners.get(new Carrier.EtherTypeCarrier(frame.type(), byPeer));
        if (owner != null) {
          return take(owner, frame, frame.payload(), "");
        }
      }
    }
    return frame.family().map(family -> ip(frame, family)).getOrElse(Either.right(Option.none()));
  }

  private Either<String, Option<Taken>> ip(PlainFrame frame, IpFamily family) {
    return OuterPacket.parse(frame.payload(), family)
        .flatMap(packet -> {
          if (packet.protocol() != UDP) {
            Owner owner = owners.get(Carrier.ipProtocol(family, packet.protocol()));
            return owner == null ? none() : tunnel(owner, frame, packet, packet.content());
          }
          Owner owner = packet.udpPort().map(port -> owners.get(port(family, port))).getOrNull();
          return owner == null
              ? none()
              : packet.datagram().flatMap(data -> tunnel(owner, frame, packet, data));
        });
  }

  private static Carrier port(IpFamily family, int port) {
    return Carrier.udpPort(family, Math.max(1, port));
  }

  private static Either<String, Option<Taken>> none() {
    return Either.right(Option.none());
  }

  private Either<String, Option<Taken>> tunnel(
      Owner owner, PlainFrame frame, OuterPacket packet, byte[] content) {
    return packet.isFragment()
        ? Either.left(owner.name() + ": a fragment")
        : take(owner, frame, content, packet.ends());
  }

  private Either<String, Option<Taken>> take(
      Owner owner, PlainFrame frame, byte[] content, String ends) {
    EncapKey key = new EncapKey();
    long match;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, memory, ValueLayout.JAVA_BYTE, 0, content.length);
      match = owner.encap().match(memory, 0, content.length, key);
    } catch (RuntimeException | LinkageError thrown) {
      return Either.left(owner.name() + ": its module failed: " + thrown);
    }
    if (!Match.isHit(match)) {
      return Either.left(owner.name() + ": " + Match.describe(match));
    }
    int from = Match.shimLength(match);
    int to = content.length - Match.trailerLength(match);
    if (from > to) {
      return Either.left(owner.name() + ": its module claims more bytes than there are");
    }
    byte[] inside = Arrays.copyOfRange(content, from, to);
    InnerType type = Match.innerType(match);
    Option<PlainFrame> unwrapped =
        type.equals(InnerType.ETHERNET)
            ? PlainFrame.parse(inside)
            : Option.when(
                type.namespace() == InnerType.ETHERTYPE, () -> frame.with(type.number(), inside));
    return unwrapped
        .map(f -> Option.some(new Taken(title(owner.name(), key, ends), f)))
        .toEither(
            owner.name()
                + ": "
                + (type.equals(InnerType.ETHERNET)
                    ? "the frame inside is shorter than an Ethernet header"
                    : type + " cannot stand in a capture of frames"));
  }

  private static String title(String name, EncapKey key, String ends) {
    StringBuilder title = new StringBuilder(name);
    for (int i = 0; i < Math.min(key.size(), EncapKey.CAPACITY); i++) {
      long word = key.word(i);
      boolean isSmall = word >= 0 && word <= 0xff_ffff;
      title.append(' ').append(isSmall ? Long.toString(word) : "0x" + Long.toHexString(word));
    }
    return title + (ends.isEmpty() ? "" : " " + ends);
  }
}
